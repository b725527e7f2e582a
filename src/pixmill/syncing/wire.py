"""Messages between a sync and its worker processes: MessagePack, each behind its length in four bytes."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from pixmill.confinement import frames
from pixmill.syncing.work import Done, Failure, Job, Ready, Setup

Message = Setup | Ready | Job | Done | Failure

_MOST = 64 << 20  # bytes; a manifest has some thousand
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def pack(message: Message) -> bytes:
    """A message as it goes over the pipe."""
    return frames.pack(_encoder.encode(message))


def read(stream: BinaryIO) -> Message | None:
    """The next message; None at the end of the stream, also if that comes in the middle of one."""
    body = frames.read(stream)
    return None if body is None else _decoder.decode(body)


class Inbox:
    """Puts messages together from the pieces that a pipe delivers.

    Attributes:
        garbled: whether what came last was no message. Nothing comes after it.
    """

    def __init__(self) -> None:
        self.garbled = False
        self._inbox = frames.Inbox(_MOST)

    def take(self, piece: bytes) -> Iterator[Message]:
        """Add a piece; the messages that are whole now."""
        for body in self._inbox.take(piece):
            try:
                yield _decoder.decode(body)
            except (msgspec.MsgspecError, ValueError):
                # Whoever has written it does not talk to us any more; what was said before counts.
                self.garbled = True
                return
        self.garbled = self._inbox.garbled
