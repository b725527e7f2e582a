"""One HTTP/1.1 message as it stands on the wire: read whole, kept byte for byte."""

import asyncio
import re
from typing import NamedTuple, Self

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\AHTTP/1\.0|\r\nconnection:[ \t]*close", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_BODILESS = (204, 304)
_INTERIM = 200  # statuses below this one announce another answer


class Request(NamedTuple):
    """What a client asks.

    Attributes:
        head: its first line and fields, with the empty line.
        body: with its chunks' frames, if it is chunked.
    """

    head: bytes
    body: bytes

    @classmethod
    async def read(cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Self | None:
        """The next request of a connection, None at its end; a body that waits to be asked for is."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        if _EXPECT.search(head):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return cls(head, await _framed(reader, head) or b"")

    @property
    def verb(self) -> str:
        return self.head.split(b" ", 1)[0].decode("ascii")

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")


class Answer(NamedTuple):
    """What a server answers; see `Request`."""

    head: bytes
    body: bytes

    @classmethod
    async def read(cls, reader: asyncio.StreamReader, verb: str) -> Self:
        """The answer to a request of this verb."""
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            if status < _INTERIM:
                continue
            if verb == "HEAD" or status in _BODILESS:
                return cls(head, b"")
            body = await _framed(reader, head)
            return cls(head, await reader.read() if body is None else body)

    @property
    def last(self) -> bool:
        """Whether its connection ends with it."""
        return bool(_CLOSE.search(self.head)) or not (
            _LENGTH.search(self.head) or _CHUNKED.search(self.head) or b" 204 " in self.head[:16]
        )


async def _framed(reader: asyncio.StreamReader, head: bytes) -> bytes | None:
    """The body whose end is told by the head; None if it is not."""
    length = _LENGTH.search(head)
    if length:
        return await reader.readexactly(int(length[1]))
    if not _CHUNKED.search(head):
        return None
    body = bytearray()
    size = -1
    while size:
        line = await reader.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        body += line + await reader.readexactly(size + 2 if size else 0)
    while not body.endswith(b"\r\n\r\n"):  # trailers, or none
        body += await reader.readuntil(b"\r\n")
    return bytes(body)
