"""A cloud on this machine: ministack, with IAM enforced and functions on Lambda's own runtime client.

    with Cloud(target=target, here=python, bundle=path) as cloud:
        s3 = cloud.client("s3")

What it is good for: policies that are asked, queues that deliver again, the worker's real start, log and
death. What it does not do: limit memory, or refuse all that AWS refuses at deployment. It listens on loopback
alone, and nothing of this machine's environment reaches it or its functions.
"""

import os
import signal
import socket
import subprocess
from contextlib import ExitStack, closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.session import Session
from tests.bundle.built import built, runnable
from tests.lambda_runtime.parts import installed, runtime, search_path

from pixmill.infra.bundle import Target
from pixmill.infra.bundle.bytecode import Interpreter

from .processes import children, environment
from .waiting import until

REGION = "eu-central-1"
ACCOUNT = "000000000000"

_CODE = "pixmill-code"
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
_EMULATOR = Path(__file__).with_name("emulator")
_START = 30  # seconds for it to answer


class Cloud:
    """The emulator, running from `__enter__` to `__exit__`.

    Args:
        target: what the bundle is for.
        here: the Python to run functions, and the emulator itself, on.
        bundle: the zip that functions are made of.
    """

    def __init__(self, *, target: Target, here: Interpreter, bundle: Path) -> None:
        self.target = target
        self.here = here
        self.bundle = bundle
        self._clients: dict[str, Any] = {}
        self._code: dict[str, str] = {}

    @classmethod
    def of_this_machine(cls, base: Path) -> Self:
        """The cloud for the best Python that is here.

        Args:
            base: a folder for the bundle.

        Raises:
            LookupError: Lambda has no bundle that this system could run.
        """
        if not runnable():
            raise LookupError("Lambda has no bundle that this system could run")
        target, here = runnable()[0]
        return cls(target=target, here=here, bundle=built(target, base).path)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # For appending: whoever reads it moves the place where others would write.
            self._log = stack.enter_context(TemporaryFile("a+b"))
            folder = stack.enter_context(TemporaryDirectory(prefix="pixmill-cloud-"))
            self._port = _free_port()
            # Its standard input stays open as long as we live: when it closes, the emulator ends.
            self._process = subprocess.Popen(
                [
                    *(self.here.path, "-S", "-s", str(_EMULATOR)),
                    *("--python", self.here.path, "--libraries", self._libraries(Path(folder, "sdk"))),
                ],
                cwd=folder,
                env=self._environment(folder),
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            stack.callback(self._stop)
            until(self._answers, _START, "the emulator", lambda: self.log)
            self._resources = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._resources.close()

    @property
    def endpoint(self) -> str:
        """Where all of its services are."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        """What the emulator has said so far."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    @property
    def process(self) -> int:
        """The emulator's process."""
        return self._process.pid

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes as it goes
        """An AWS client with all rights, to be shared by threads."""
        if service not in self._clients:
            config = Config(
                proxies={},
                s3={"addressing_style": "path"},
                max_pool_connections=50,
                retries={"mode": "standard", "max_attempts": 3},
            )
            self._clients[service] = _session().client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id="test",
                aws_secret_access_key="test",  # noqa: S106 - means nothing
                config=config,
            )
        return self._clients[service]

    @property
    def code(self) -> dict[str, str]:
        """The bundle as a function's code: in a bucket, so that it need not be sent with each function."""
        if not self._code:
            s3 = self.client("s3")
            s3.create_bucket(Bucket=_CODE, CreateBucketConfiguration={"LocationConstraint": REGION})
            s3.put_object(Bucket=_CODE, Key=self.bundle.name, Body=self.bundle.read_bytes())
            self._code = {"S3Bucket": _CODE, "S3Key": self.bundle.name}
        return self._code

    def processes(self, function: str) -> list[int]:
        """The processes that run a function now."""
        name = "AWS_LAMBDA_FUNCTION_NAME"
        return [each for each in children(self.process) if environment(each).get(name) == function]

    def kill(self, function: str) -> int:
        """Kill every process that runs a function, in the midst of whatever it does; how many there were."""
        doomed = self.processes(function)
        for each in doomed:
            os.kill(each, signal.SIGKILL)
        return len(doomed)

    def _libraries(self, sdk: Path) -> str:
        """What Lambda's runtime brings along: its client, and AWS's SDK, here ministack's one apart."""
        sdk.mkdir()
        for name in _SDK:
            (sdk / name).symlink_to(self._ministack / name)
        return search_path(runtime(self.here), sdk)

    @property
    def _ministack(self) -> Path:
        return installed("ministack", self.here, "--compile-bytecode")

    def _environment(self, folder: str) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TMPDIR": folder,
            "PYTHONPATH": str(self._ministack),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            # These would listen on all interfaces.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"the emulator has ended: {self.log}")
        try:
            with closing(HTTPConnection("127.0.0.1", self._port, timeout=1)) as connection:
                connection.request("GET", "/_ministack/ready")
                return connection.getresponse().status == HTTPStatus.OK
        except (ConnectionError, TimeoutError):
            return False

    def _stop(self) -> None:
        """End the emulator and whatever it started: its process group. Nothing in it is worth saving."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # all have ended by themselves
        finally:
            self._process.communicate()


def _session() -> boto3.Session:
    """A session that knows nothing of the profiles of whoever runs the tests."""
    nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    variables = {name: (None, None, value, None) for name, value in nothing.items()}
    return boto3.Session(botocore_session=Session(variables))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
