"""Messages on a pipe: each behind its length in four bytes."""

from typing import BinaryIO

_LENGTH = 4


class Garbled(Exception):  # noqa: N818 - a state of the other side, translated before anybody sees it
    """What came is no message."""


def pack(body: bytes) -> bytes:
    """A message as it goes over the pipe."""
    return len(body).to_bytes(_LENGTH, "big") + body


def read(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end of the stream, also if that comes in the middle of one."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return body if len(body) == size else None


class Inbox:
    """Puts messages together from the pieces that a pipe delivers.

    Args:
        most: bytes that a message may have.

    Attributes:
        garbled: whether what came last said that it is longer than a message may be. Nothing comes after it.
    """

    def __init__(self, most: int) -> None:
        self.garbled = False
        self._most = most
        self._held = bytearray()

    @property
    def holds_more(self) -> bool:
        """Whether there is the beginning of another message."""
        return bool(self._held)

    def take(self, piece: bytes) -> list[bytes]:
        """Add a piece; the messages that are whole now."""
        self._held += piece
        messages: list[bytes] = []
        while len(self._held) >= _LENGTH and not self.garbled:
            size = int.from_bytes(self._held[:_LENGTH], "big")
            self.garbled = size > self._most
            if self.garbled or len(self._held) < _LENGTH + size:
                break
            messages.append(bytes(memoryview(self._held)[_LENGTH : _LENGTH + size]))
            del self._held[: _LENGTH + size]
        return messages
