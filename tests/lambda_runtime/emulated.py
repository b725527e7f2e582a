"""A function under AWS's runtime interface emulator: the bundle unpacked, on Lambda's own runtime client.

    with Function(task=folder, handler=HANDLER, architecture=HOST, here=python, timeout=30) as function:
        answer = function.invoke({"Records": []}).value

In tests the fixture `start` of conftest.py fills in the first four.

What it is good for: a real cold start, Lambda's time limit, logs and errors as Lambda has them. What it does
not do: limit memory (`peak` says what was used), or run two invocations at a time. The function sees nothing
of this machine's environment.
"""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

from pixmill.infra.bundle.bytecode import Interpreter
from pixmill.infra.bundle.target import Architecture

from .parts import emulator, runtime, search_path

_START = 10  # seconds for the emulator to listen
_STOP = 5  # seconds for it to end
_OVERTIME = 10  # seconds that an answer may take beyond the function's own timeout
_PATH = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True)
class Answer:
    """What an invocation came to."""

    body: bytes

    @property
    def value(self) -> Any:  # noqa: ANN401 - the handler's own
        """What the handler returned; its error as Lambda has it, if it raised one."""
        return json.loads(self.body)

    @property
    def timed_out(self) -> bool:
        return self.body.startswith(b"Task timed out after")


@dataclass(kw_only=True)
class Function:
    """A function, running from `__enter__` to `__exit__`.

    Attributes:
        task: the unpacked bundle.
        handler: module and name, as Lambda takes it.
        architecture: of this machine.
        here: the Python to run it on.
        timeout: of an invocation, in whole seconds.
        memory: what the function is told that it has, in MB.
        environment: the function's own variables.
        beside: more folders to import from, searched first.
    """

    task: Path
    handler: str
    architecture: Architecture
    here: Interpreter
    timeout: int = 10
    memory: int = 1024
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    beside: Sequence[Path] = ()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._log = stack.enter_context(TemporaryFile())
            self._port, interface = _free_ports()
            command = [
                str(emulator(self.architecture, self.here)),
                *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
                *("--runtime-api-address", f"127.0.0.1:{interface}"),
                *(self.here.path, "-S", "-s", "-m", "awslambdaric", self.handler),
            ]
            self._process = subprocess.Popen(
                command,
                cwd=self.task,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=subprocess.STDOUT,
            )
            stack.callback(self._stop)
            self._wait()
            self._resources = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def invoke(self, event: object) -> Answer:
        """Call the handler once. The first call starts the function cold."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=self.timeout + _OVERTIME)
        with closing(connection):
            connection.request("POST", _PATH, json.dumps(event))
            return Answer(connection.getresponse().read())

    def hold_to(self, cores: set[int]) -> None:
        """Let it run on these cores alone; to be called before its first invocation."""
        os.sched_setaffinity(self._process.pid, cores)

    @property
    def log(self) -> str:
        """What the function and the emulator have said so far."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    @property
    def cold_starts(self) -> list[float]:
        """How long each cold start took, in milliseconds: `INIT REPORT`, since REPORT's own is wrong."""
        return [float(each) for each in re.findall(r"INIT REPORT\(durationMs: ([\d.]+)\)", self.log)]

    @property
    def peak(self) -> float:
        """The most memory that the function has held since its cold start, in MB."""
        status = Path("/proc", str(self._runtime()), "status").read_text("ascii")
        return int(re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[0]) / 1024

    def _runtime(self) -> int:
        """The process that runs the handler now; the emulator starts another after a timeout."""
        process = self._process.pid
        children = Path(f"/proc/{process}/task").glob("*/children")
        return next(int(child) for each in children for child in each.read_text("ascii").split())

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": search_path(*self.beside, self.task, runtime(self.here)),
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_LAMBDA_FUNCTION_NAME": "pixmill",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "LAMBDA_TASK_ROOT": str(self.task),
            **self.environment,
        }

    def _wait(self) -> None:
        """Until the emulator listens."""
        end = time.monotonic() + _START
        while time.monotonic() < end and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError(f"the emulator does not listen: {self.log}")

    def _stop(self) -> None:
        """The emulator takes the function's process along."""
        self._process.terminate()
        try:
            self._process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
