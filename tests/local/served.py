"""A real server process on a free port of loopback, and a plain client for it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, cast
from urllib.parse import quote, urlsplit

from tests.local.waiting import MOST, until

COMMAND = [sys.executable, "-m", "pixmill.cli"]
Body = bytes | Iterable[bytes] | None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return self.json()["code"]


@dataclass
class Server:
    """A process, its two folders, and its address."""

    process: subprocess.Popen[bytes]
    source: Path
    destination: Path
    url: str

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def ask(self, method: str, path: str, body: Body = None, **headers: str) -> Answer:
        """One request, exactly as it is given; underscores in headers' names are hyphens."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names, encode_chunked="Transfer-Encoding" in names)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def write(self, method: str, path: str, body: Body = None, **headers: str) -> Answer:
        """As the page writes."""
        return self.ask(method, path, body, **{"Origin": self.origin, "X_Pixmill": "1"} | headers)

    def upload(self, name: str, data: bytes, **headers: str) -> Answer:
        return self.write("PUT", f"/api/uploads/{quote(name, safe='')}", data, **headers)

    def post(self, path: str, value: object) -> Answer:
        return self.write("POST", path, json.dumps(value).encode())

    def original(self, key: str) -> dict[str, Any]:
        return self.get(f"/api/originals/{quote(key, safe='')}").json()

    def finished(self, *keys: str) -> list[str]:
        """Their statuses, when none of them waits or is in work any more."""

        def statuses() -> list[str]:
            found = [self.original(key).get("status", "") for key in keys]
            return [] if {"", "waiting", "working"} & set(found) else found

        return until(statuses)

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def served(
    home: Path, *options: str, source: str | None = None, destination: str | None = None
) -> Generator[Server]:
    """Serve `home/source` and `home/destination`, or other places."""
    (home / "source").mkdir(exist_ok=True)
    places = source or str(home / "source"), destination or str(home / "destination")
    talk = (home / "talk.txt").open("ab")
    process = subprocess.Popen(
        [*COMMAND, "serve", *places, "--port", "0", "--jobs", "2", *options],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=talk,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    talk.close()
    try:
        url = cast("BinaryIO", process.stdout).readline().decode().strip()
        assert url, (home / "talk.txt").read_text()
        yield Server(process, home / "source", home / "destination", url)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(20)
        cast("BinaryIO", process.stdout).close()


class Listener:
    """Reads server-sent events, one at a time, off a socket of its own."""

    def __init__(self, server: Server, last: str | None = None) -> None:
        host, port = server.host.split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        more = f"Last-Event-ID: {last}\r\n" if last else ""
        self._socket.sendall(f"GET /api/events HTTP/1.1\r\nHost: {server.host}\r\n{more}\r\n".encode())
        self._file = self._socket.makefile("rb")
        self.last = last
        self.status = int(self._file.readline().split()[1])
        while self._file.readline().strip():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def event(self) -> tuple[str, Any]:
        """The next event."""
        kind, value = "", None
        deadline = time.monotonic() + MOST
        while True:
            line = self._line()
            assert time.monotonic() < deadline, "nothing but comments"
            name, _, text = line.partition(": ")
            if name == "event":
                kind = text
            elif name == "data":
                value = json.loads(text)
            elif name == "id":
                self.last = text
            elif not line and kind:
                return kind, value

    def until(self, kind: str, **wanted: object) -> Any:  # noqa: ANN401 - as above
        """The next event of a kind that says this."""
        deadline = time.monotonic() + MOST
        while True:
            found, value = self.event()
            assert time.monotonic() < deadline, f"no {kind} that says {wanted}"
            if found == kind and all(value.get(name) == each for name, each in wanted.items()):
                return value

    def _line(self) -> str:
        # Lines of the stream come in chunks, whose sizes are lines in hexadecimal of their own.
        line = self._file.readline()
        assert line, "the stream has ended"
        text = line.decode().rstrip("\r\n")
        is_size = line.endswith(b"\r\n") and text and all(each in "0123456789abcdef" for each in text)
        return self._line() if is_size else text
