"""A proxy between a worker and an S3 server, on loopback, that lets requests go wrong.

    with Proxy("http://127.0.0.1:9000", Plan(7, {"throttled": 0.1, "lost": 0.05})) as proxy:
        ...  # the worker's endpoint is proxy.url
    proxy.injected["lost", "PUT"]

    with Proxy("http://127.0.0.1:9000", latency=0.05) as proxy: ...  # every answer 50 ms later

Heads and bodies go through byte for byte, Host and the request's target included, since the client has signed
them. A request is read whole before it is passed on, and what is held up is held up after it took effect: a
client that dies has done a thing or has not, and nothing of its doing comes later.
"""

import asyncio
import socket
import struct
import threading
from collections import Counter
from concurrent.futures import Future
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.faults.message import Answer, Request
from tests.faults.plan import OF_BODIES, UNDONE, Kind, Plan

_BUFFER = 16 << 20
_START = 10  # seconds
_PIECES = 8
_HELD_UP = 0.4  # of the patience, for an answer that comes in the end
_REFUSALS: dict[Kind, tuple[str, str]] = {
    "error": ("500 Internal Server Error", "InternalError"),
    "misreported": ("500 Internal Server Error", "InternalError"),
    "throttled": ("503 Slow Down", "SlowDown"),
    "busy": ("429 Too Many Requests", "TooManyRequests"),
    "expired": ("400 Bad Request", "ExpiredToken"),
    "denied": ("403 Forbidden", "InvalidAccessKeyId"),
}
_READS = ("GET", "HEAD")


class _Reset(Exception):  # noqa: N818 - a way out, not an error
    """This connection is to be reset."""


class Proxy:
    """The proxy, running from `__enter__` to `__exit__` in a thread of its own.

    Args:
        upstream: the server's URL.
        plan: what goes wrong; nothing if left out.
        latency: seconds that every answer comes later than it would.
        patience: seconds that a stalled answer is held; one that comes in the end takes less than half of it.

    Attributes:
        plan: may be changed, or taken away, at any time.
        url: where it listens.
        requests: how many came, by verb.
        injected: how many faults there were, by kind and verb.
    """

    def __init__(
        self, upstream: str, plan: Plan | None = None, *, latency: float = 0, patience: float = 1
    ) -> None:
        parts = urlsplit(upstream)
        self._upstream = parts.hostname, parts.port
        self.plan = plan
        self._latency = latency
        self._patience = patience
        self._failures: list[BaseException] = []
        self.url = ""
        self.requests: Counter[str] = Counter()
        self.injected: Counter[tuple[Kind, str]] = Counter()

    def __enter__(self) -> Self:
        started: Future[int] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(started)), name="fault proxy")
        self._thread.start()
        self.url = f"http://127.0.0.1:{started.result(_START)}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failures and error is None:
            raise self._failures[0]

    async def _run(self, started: "Future[int]") -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # On S3 a conditional write is one thing. On emulators, another may come between look and write.
        self._writing = asyncio.Lock()
        try:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_BUFFER)
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(server.sockets[0].getsockname()[1])
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait([asyncio.create_task(asyncio.sleep(0)), *self._tasks])

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)  # the loop itself would not hold on to it
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            self._failures.append(failure)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, and one to the server for it."""
        upstream = _Upstream(*self._upstream)
        try:
            while request := await Request.read(reader, writer):
                self.requests[request.verb] += 1
                if not await self._answer(request, upstream, writer):
                    break
        except _Reset:
            linger = struct.pack("ii", 1, 0)  # makes the system send RST and drop what is not sent
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # One side has gone: the other is left by closing, below, as without a proxy.
        finally:
            upstream.close()
            writer.close()

    async def _answer(self, request: Request, upstream: "_Upstream", writer: asyncio.StreamWriter) -> bool:
        """Answer one request, rightly or not; whether the connection can be used further."""
        kind = self.plan.fault(request.verb, request.target) if self.plan else None
        if kind in UNDONE:
            answer = Answer(b"", b"")
        else:
            answer = await self._forwarded(request, upstream)
            if kind in OF_BODIES and len(answer.body) < _PIECES:
                kind = None
        if kind:
            self.injected[kind, request.verb] += 1
        if self._latency:
            await asyncio.sleep(self._latency)
        if kind is None:
            await _send(writer, answer.head + answer.body)
            return not answer.last
        return await self._spoilt(kind, request, answer, writer)

    async def _spoilt(
        self, kind: Kind, request: Request, answer: Answer, writer: asyncio.StreamWriter
    ) -> bool:
        """See `_answer`."""
        match kind:
            case "stalled":
                await asyncio.sleep(self._patience)
                raise _Reset
            case "reset" | "lost":
                raise _Reset
            case "truncated":
                await _send(writer, answer.head + answer.body[: len(answer.body) // 2])
                return False
            case "slow":
                await _send(writer, answer.head)
                step = -(-len(answer.body) // _PIECES)
                for start in range(0, len(answer.body), step):
                    await asyncio.sleep(self._patience * _HELD_UP / _PIECES)
                    await _send(writer, answer.body[start : start + step])
                return not answer.last
            case "late":
                await asyncio.sleep(self._patience * _HELD_UP)
            case _:
                answer = _refusal(kind, request)
        await _send(writer, answer.head + answer.body)
        return not answer.last

    async def _forwarded(self, request: Request, upstream: "_Upstream") -> Answer:
        if request.verb in _READS:
            return await upstream.ask(request)
        async with self._writing:
            return await upstream.ask(request)


class _Upstream:
    """A connection to the server, made when it is needed."""

    def __init__(self, host: str | None, port: int | None) -> None:
        self._place = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> Answer:
        """Pass a request on and read its answer."""
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection(*self._place, limit=_BUFFER)
        reader, writer = self._streams
        writer.write(request.head + request.body)
        await writer.drain()
        answer = await Answer.read(reader, request.verb)
        if answer.last:
            self.close()
        return answer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


def _refusal(kind: Kind, request: Request) -> Answer:
    """An error as S3 says it; HEAD tells no more than the status."""
    status, code = _REFUSALS[kind]
    error = f"<Error><Code>{code}</Code><Message>{kind}</Message></Error>"
    said = b"" if request.verb == "HEAD" else error.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(said)}\r\n\r\n"
    return Answer(head.encode(), said)
