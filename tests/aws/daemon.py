"""X-Ray's daemon, as far as a function sees it: a UDP socket on loopback that looks at what comes.

The schema says what AWS documents of a subsegment that is sent by itself ("AWS X-Ray segment documents" in
the developer guide), as far as it is used here, and refuses all else.
"""

import json
import socket
from typing import Any, Self

import jsonschema

ROOT = "1-5759e988-bd862e3fe1be46a994272793"
PARENT = "53995c3f42cd8ad8"

_ID = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
_TEXT = {"type": "string", "maxLength": 250}
_TIME = {"type": "number", "minimum": 0}
_WORK = {
    "id": _ID,
    "name": {"type": "string", "maxLength": 200},
    "start_time": _TIME,
    "end_time": _TIME,
}
_NEEDED = list(_WORK)

SUBSEGMENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [*_NEEDED, "type", "trace_id", "parent_id"],
    "properties": {
        **_WORK,
        "type": {"const": "subsegment"},
        "trace_id": {"type": "string", "pattern": "^1-[0-9a-f]{8}-[0-9a-f]{24}$"},
        "parent_id": _ID,
        "error": {"type": "boolean"},
        "fault": {"type": "boolean"},
        "cause": {
            "type": "object",
            "additionalProperties": False,
            "required": ["exceptions"],
            "properties": {
                "exceptions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["id"],
                        "properties": {"id": _ID, "type": _TEXT, "message": _TEXT},
                    },
                }
            },
        },
        "annotations": {
            "type": "object",
            "maxProperties": 50,
            "propertyNames": {"pattern": "^[A-Za-z0-9_]{1,500}$"},
            "additionalProperties": {"type": ["string", "number", "boolean"], "maxLength": 1000},
        },
        "metadata": {
            "type": "object",
            "propertyNames": {"not": {"pattern": "^AWS\\."}},
            "additionalProperties": {"type": "object"},
        },
        "subsegments": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": _NEEDED,
                "properties": _WORK,
            },
        },
    },
}


def header(root: str = ROOT, parent: str = PARENT) -> str:
    """What Lambda says of a traced invocation."""
    return f"Root={root};Parent={parent};Sampled=1;Lineage=a87bd80c:1|68fd508a:5"


class Daemon:
    """Listens from its making to its end."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Of a traced invocation."""
        return {"AWS_XRAY_DAEMON_ADDRESS": self.address, "_X_AMZN_TRACE_ID": header()}

    def received(self, count: int) -> list[dict[str, Any]]:
        """The next so many documents, each looked at as X-Ray would."""
        self._socket.settimeout(10)
        return [_read(self._socket.recv(1 << 17)) for _ in range(count)]

    def nothing_more(self) -> bool:
        """Whether nothing waits to be read: on loopback, what was sent is there."""
        self._socket.setblocking(False)  # noqa: FBT003 - its only argument
        try:
            self._socket.recv(1)
        except BlockingIOError:
            return True
        return False


def _read(datagram: bytes) -> dict[str, Any]:
    assert len(datagram) <= 64_000
    first, _, rest = datagram.partition(b"\n")
    assert json.loads(first) == {"format": "json", "version": 1}
    document = json.loads(rest.decode("utf-8"))
    jsonschema.validate(document, SUBSEGMENT)
    return document
