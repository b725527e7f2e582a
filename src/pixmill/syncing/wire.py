"""Messages between a sync and its worker processes: MessagePack, each behind its length in four bytes."""

from typing import BinaryIO

import msgspec

from pixmill.syncing.work import Done, Failure, Job, Ready, Setup

Message = Setup | Ready | Job | Done | Failure

_LENGTH = 4
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def pack(message: Message) -> bytes:
    """A message as it goes over the pipe."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_LENGTH, "big") + body


def read(stream: BinaryIO) -> Message | None:
    """The next message; None at the end of the stream, also if that comes in the middle of one."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return _decoder.decode(body) if len(body) == size else None


class Inbox:
    """Puts messages together from the pieces that a pipe delivers."""

    def __init__(self) -> None:
        self._held = bytearray()

    def take(self, piece: bytes) -> list[Message]:
        """Add a piece; the messages that are whole now."""
        self._held += piece
        messages: list[Message] = []
        while len(self._held) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._held[:_LENGTH], "big")
            if len(self._held) < end:
                break
            messages.append(_decoder.decode(bytes(self._held[_LENGTH:end])))
            del self._held[:end]
        return messages
