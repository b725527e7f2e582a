"""What became of each original, told to X-Ray in those invocations that Lambda traces.

Each original is one subsegment, and one datagram to the daemon that Lambda runs beside the function. Nothing
is waited for, and what goes wrong here harms no original: it is logged. Where an invocation is not traced,
nothing is made, sent or imported. docs/decisions/0006-telemetry.md says why this is not AWS's SDK.
"""

import json
import os
import re
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pixmill.aws.watch import Span, Watch
from pixmill.errors import PixmillError
from pixmill.reconcile import Outcome
from pixmill.telemetry import Log

if TYPE_CHECKING:
    import socket

_DAEMON = "AWS_XRAY_DAEMON_ADDRESS"
_HEADER = b'{"format":"json","version":1}\n'
# X-Ray's own limit is 64 kB, that of a datagram 65,507 bytes.
_MOST_BYTES = 64_000
# Of an annotation's value, and of any other text, by X-Ray's documentation.
_MOST_CHARACTERS = 1000
_MOST_CHARACTERS_ELSEWHERE = 250


class Tracer:
    """Whether invocations are traced, and what was said of those that cannot be.

    Args:
        pipeline: this pipeline's name.
        environment: where the runtime says of each invocation whether it is traced.
    """

    def __init__(self, pipeline: str, environment: Mapping[str, str] = os.environ) -> None:
        self._pipeline = pipeline
        self._environment = environment
        self._complained: set[str] = set()

    @contextmanager
    def invocation(self, log: Log, *, cold: bool) -> Generator["Trace | None"]:
        """The trace of the invocation that begins now; None if it is not to be traced, or cannot be."""
        header = self._environment.get("_X_AMZN_TRACE_ID")
        about = self._about(header, log) if header else None
        daemon = self._daemon(log) if about else None
        if not about or not daemon:
            yield None
            return
        # Once for an invocation: X-Ray indexes 50 annotations of a trace, and a batch has ten originals.
        common: dict[str, str | bool] = {"pipeline": _cut(self._pipeline)}
        if cold:
            common["cold_start"] = True
        with daemon:
            yield Trace(daemon, about, common, lambda error: self._unreached(log, error))

    def _about(self, header: str, log: Log) -> dict[str, str] | None:
        """What places a subsegment in its trace; None if the trace is not sampled."""
        pairs = (field.partition("=") for field in header.split(";"))
        fields = {name.strip(): value.strip() for name, _, value in pairs}
        if fields.get("Sampled") != "1":
            return None
        root, parent = fields.get("Root", ""), fields.get("Parent", "")
        if not (re.fullmatch("1-[0-9a-f]{8}-[0-9a-f]{24}", root) and re.fullmatch("[0-9a-f]{16}", parent)):
            self._complain(log, "the trace header is malformed", header[:_MOST_CHARACTERS_ELSEWHERE])
            return None
        return {"type": "subsegment", "trace_id": root, "parent_id": parent}

    def _daemon(self, log: Log) -> "socket.socket | None":
        try:
            return _connected(self._environment.get(_DAEMON, ""))
        except ValueError as error:
            self._complain(log, f"{_DAEMON} names no host and port", str(error))
        except OSError as error:
            self._unreached(log, error)
        return None

    def _unreached(self, log: Log, error: OSError) -> None:
        self._complain(log, "X-Ray's daemon cannot be reached", str(error))

    def _complain(self, log: Log, reason: str, error: str) -> None:
        """Who turned tracing on should hear of it, but not with every original."""
        log("DEBUG" if reason in self._complained else "WARNING", "not traced", reason=reason, error=error)
        self._complained.add(reason)


class Trace:
    """One traced invocation. `Tracer.invocation` makes it."""

    def __init__(
        self,
        daemon: "socket.socket",
        about: Mapping[str, str],
        common: dict[str, str | bool],
        unreached: Callable[[OSError], None],
    ) -> None:
        self._daemon = daemon
        self._about = about
        self._common = common
        self._unreached = unreached

    def tell(self, key: str, done: Outcome | Exception | None, watch: Watch | None = None) -> None:
        """Send what became of one original: its outcome, its error, or None if it was handed back."""
        watch = watch or Watch()
        now = time.time()  # what was given back unfinished, when time was over, ends here
        document: dict[str, object] = {
            **_subsegment(Span("reconcile", watch.begun or now, watch.ended or now)),
            **self._about,
            **_flags(done),
            "annotations": {**_annotations(key, done), **self._common},
            "metadata": _metadata(done),
            "subsegments": [_subsegment(part) for part in tuple(watch.parts)],
        }
        self._common = {}
        data = _encoded(document)
        if len(data) > _MOST_BYTES:  # hundreds of parts: what can be searched for is small, and stays
            data = _encoded({**document, "metadata": {}, "subsegments": []})
        try:
            self._daemon.send(data)
        except OSError as error:
            self._unreached(error)


def _connected(address: str) -> "socket.socket":
    """A socket that sends to a daemon, given as "host:port" or as "tcp:host:port udp:host:port".

    Raises:
        ValueError: the address is neither.
        OSError: there is no such host.
    """
    import socket  # noqa: PLC0415 - only where invocations are traced

    parts = address.split()
    told = next((part[4:] for part in parts if part.startswith("udp:")), parts[0] if len(parts) == 1 else "")
    host, _, port = told.rpartition(":")
    if not (host and port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise ValueError(address)
    family, kind, protocol, _, place = socket.getaddrinfo(
        host.strip("[]"), int(port), type=socket.SOCK_DGRAM
    )[0]
    daemon = socket.socket(family, kind, protocol)
    try:
        daemon.setblocking(False)  # noqa: FBT003 - its only argument
        daemon.connect(place)  # so that the system tells if nobody listens there
    except OSError:
        daemon.close()
        raise
    return daemon


def _subsegment(span: Span) -> dict[str, object]:
    return {
        "id": os.urandom(8).hex(),
        "name": span.name,
        "start_time": round(span.begun, 6),
        "end_time": round(span.ended, 6),
    }


def _flags(done: Outcome | Exception | None) -> dict[str, object]:
    """X-Ray's words: an error is the caller's, as of status 4xx, a fault is ours, as of status 5xx."""
    if isinstance(done, Exception):
        message = str(done)[:_MOST_CHARACTERS_ELSEWHERE]
        exception = {"id": os.urandom(8).hex(), "type": type(done).__name__, "message": message}
        return {"fault": True, "cause": {"exceptions": [exception]}}
    return {"error": True} if done and done.action == "rejected" else {}


def _annotations(key: str, done: Outcome | Exception | None) -> dict[str, object]:
    """What traces can be searched by: at most four, see `Tracer.begin`."""
    found: dict[str, str | None] = {"key": key, "action": "handed-back"}
    if isinstance(done, Exception):
        found |= {
            "action": "failed",
            "code": done.code if isinstance(done, PixmillError) else "internal-error",
        }
    elif done:
        manifest = done.manifest
        found |= {"action": done.action, "format": manifest.source.format if manifest else None}
        found["code"] = manifest.reason.code if manifest and manifest.reason else None
    told: dict[str, object] = {name: _cut(value) for name, value in found.items() if value is not None}
    if isinstance(done, Outcome) and done.again:
        told["again"] = True  # it was removed, so there is neither a format nor a code
    return told


def _metadata(done: Outcome | Exception | None) -> dict[str, object]:
    """What a reader of the trace wants to see beside it. The engine's stages are lengths, not moments."""
    if not isinstance(done, Outcome) or not done.manifest or not done.made:
        return {}
    made = {
        "renditions": len(done.made),
        "bytes_in": done.manifest.source.bytes,
        "bytes_out": sum(entry.bytes or 0 for entry in done.made),
        "timings_ms": done.manifest.timings_ms,
    }
    return {"pixmill": made}


def _cut(value: str) -> str:
    return value[:_MOST_CHARACTERS]


def _encoded(document: Mapping[str, object]) -> bytes:
    """As the daemon takes it. Half a character, which only a broken key has, becomes a question mark."""
    full = {name: value for name, value in document.items() if value not in ({}, [])}
    return _HEADER + json.dumps(full, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
