"""A server on loopback that answers as a test wants it, and what stores make of its answers."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

import pytest

from pixmill.errors import PixmillError
from pixmill.storage import ANY, Store

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"

Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


def reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.rfile.read(int(request.headers.get("Content-Length") or 0))
    request.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


@contextmanager
def server(answer: Answer) -> Generator[tuple[str, list[str]]]:
    """A server that gives one answer; gives its address and the requests that came."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            requests.append(f"{self.command} {self.path}")
            answer(self)

        do_HEAD = do_PUT = do_DELETE = do_POST = do_GET  # noqa: N815 - the names are http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parameter's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}", requests
        finally:
            running.shutdown()
            thread.join()


def failure(call: Callable[[], object]) -> PixmillError:
    with pytest.raises(PixmillError) as caught:
        call()
    return caught.value


def write(store: Store, key: str, data: bytes = b"1") -> str:
    return store.put(key, data, media_type="image/jpeg", expect=ANY)


VERBS: dict[str, Callable[[Store, str], object]] = {
    "head": lambda store, key: store.head(key),
    "get": lambda store, key: store.get(key),
    "open": lambda store, key: store.open(key),
    "put": write,
    "create": lambda store, key: store.put(key, b"1", media_type="x", expect=None),
    "replace": lambda store, key: store.put(key, b"1", media_type="x", expect="e"),
    "delete": lambda store, key: store.delete(key),
    "list": lambda store, _: list(store.list()),
    "made_by_us": lambda store, key: store.made_by_us(key),
}
WAYS = ["a", "a//b"]
"""A key of each of the two ways to S3."""
