"""A server that has any number of originals, none of which exist: what the page asks, it answers.

Ten thousand real originals would take a minute to make and say no more about the page.
"""

import json
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from mimetypes import guess_type
from threading import Event, Thread
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from tests.sync.pictures import photo

from pixmill.engine.placeholder import SIDE, thumbhash
from pixmill.local.guard import PAGE_POLICY

_PICTURE = photo(320, 240)
_STATIC = files("pixmill.local") / "static"
_BROKEN = 97  # each so manieth original is rejected


def _hash(number: int) -> str:
    rgba = b"".join(bytes((9 * x, 9 * y, 7 * number, 255)) for y in range(18) for x in range(SIDE))
    return b64encode(thumbhash(SIDE, 18, rgba)).decode()


_HASHES = [_hash(number) for number in range(16)]


def item(number: int) -> dict[str, Any]:
    """An original as the server tells of it."""
    broken = number % _BROKEN == 0
    reason = {"code": "corrupt", "message": "It cannot be decoded.", "hint": "Export it again."}
    return {
        "key": f"roll {number // 1000}/{number:05}.jpg",
        "etag": str(number),
        "status": "rejected" if broken else "complete",
        "bytes": 2_000_000 + number,
        "format": "jpeg",
        "width": 4000,
        "height": 3000,
        "frames": 1,
        "placeholder": None if broken else {"thumbhash": _HASHES[number % 16], "colour": "#204060"},
        "thumbnail": None
        if broken
        else {"url": f"/files/rendition/{number}.jpg", "width": 320, "height": 240},
        "renditions": 0 if broken else 4,
        "bytes_out": 0 if broken else 90_000,
        "reason": reason if broken else None,
        "changed": 1_700_000_000 - number,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _rolls(self) -> "_Server":
        return cast("_Server", self.server)

    def do_GET(self) -> None:
        path, query = urlsplit(self.path)[2:4]
        if path == "/api/events":
            self._events()
        elif path == "/api/state":
            self._json(self._rolls.state())
        elif path == "/api/originals":
            self._json(self._rolls.listed({name: values[0] for name, values in parse_qs(query).items()}))
        elif path.startswith("/api/originals/"):
            self._json(self._rolls.original(unquote(path.removeprefix("/api/originals/"))))
        elif path.startswith("/files/"):
            self._answer(_PICTURE, "image/jpeg")
        else:
            name = path.removeprefix("/static/").removeprefix("/") or "index.html"
            self._answer((_STATIC / name).read_bytes(), guess_type(name)[0] or "text/plain")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._json({"ok": True, "problems": [], "summary": ""})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """A test has no use for a log of requests."""

    def _json(self, value: object) -> None:
        self._answer(json.dumps(value).encode(), "application/json")

    def _answer(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", PAGE_POLICY)
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        """A stream in which nothing happens."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b": nothing\n\n")
        self._rolls.ended.wait()
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, count: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.items = [item(number) for number in range(count)]
        self.ended = Event()

    def state(self) -> dict[str, Any]:
        rejected = sum(item["status"] == "rejected" for item in self.items)
        made = len(self.items) - rejected
        return {
            "source": "rolls",
            "destination": "made",
            "recipe": {"name": None, "text": "", "kind": "toml", "fingerprint": "", "editable": True},
            "limits": {"max_bytes": 1_000_000},
            "totals": {
                "originals": len(self.items),
                "complete": made,
                "rejected": rejected,
                "working": 0,
                "waiting": 0,
                "failed": 0,
                "renditions": 4 * made,
                "bytes_in": 2_000_000 * made,
                "bytes_out": 90_000 * made,
                "per_second": 0,
                "trouble": None,
            },
            "writable": False,
            "version": "0",
        }

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        found = [
            item
            for item in self.items
            if query["status"] in {"all", item["status"]} and query.get("search", "") in item["key"]
        ]
        start = int(query["offset"])
        return {"total": len(found), "items": found[start : start + int(query["limit"])]}

    def original(self, key: str) -> dict[str, Any]:
        found = next(item for item in self.items if item["key"] == key)
        more = {"manifest": None, "original_url": "/files/original", "outputs": [], "timings_ms": {}}
        return found | more | {"metadata": [], "snippet": ""}


@contextmanager
def standing_in(count: int) -> Generator[str]:
    """The address of a server with so many originals."""
    with _Server(count) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
