"""Lambda's side of its Runtime API for one function, with what the emulator leaves out: the trace header.

The runtime client asks for the next invocation and answers it, over HTTP; it is told of the trace of each
invocation in a header, and hands it on in the environment.
"""

import json
import queue
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from .emulated import Function

_TIMEOUT = 60  # seconds that the function is told it has
_PATIENCE = 15  # seconds for an answer
_STOP = 5  # seconds for the function's process to end


class Interface:
    """Hands invocations to one function and takes its answers."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[object, str | None]] = queue.Queue()
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._server = _Server(self)

    def invoke(self, event: object, trace: str | None = None) -> Any:  # noqa: ANN401 - the handler's own
        """Call the handler once, as part of a trace; what it returned, or its error as Lambda has it."""
        self._waiting.put((event, trace))
        return json.loads(self._answers.get(timeout=_PATIENCE))

    def next(self) -> tuple[object, str | None]:
        """What the function is to do; waits for it."""
        return self._waiting.get(timeout=_PATIENCE)

    def answer(self, body: bytes) -> None:
        """What the function came to."""
        self._answers.put(body)

    @contextmanager
    def serving(self, function: Function) -> Generator[None]:
        """Run a function's runtime client, without the emulator."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        environment = {
            **function._environment(),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}",
        }
        command = [function.here.path, "-S", "-s", "-m", "awslambdaric", function.handler]
        process = subprocess.Popen(
            command, cwd=function.task, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.kill()
            process.wait(_STOP)
            self._server.shutdown()
            self._server.server_close()
            thread.join(_STOP)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # one thread waits for an invocation that does not come

    def __init__(self, interface: Interface) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.interface = interface


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _interface(self) -> Interface:
        return cast("_Server", self.server).interface

    def do_GET(self) -> None:
        """The function asks for the next invocation."""
        event, trace = self._interface.next()
        headers = {
            "Content-Type": "application/json",  # without it the runtime client dies
            "Lambda-Runtime-Aws-Request-Id": "request-1",
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + _TIMEOUT) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:it",
        }
        if trace is not None:
            headers["Lambda-Runtime-Trace-Id"] = trace
        self._send(200, json.dumps(event).encode(), headers)

    def do_POST(self) -> None:
        """The function answers, or tells its error."""
        self._interface.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self._send(202, b"", {})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's names
        """A test that fails says more."""

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
