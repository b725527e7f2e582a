"""What a renderer and its parent say to each other, in MessagePack."""

import msgspec

from pixmill.confinement.frames import Garbled
from pixmill.engine import FORMATS, Rendered
from pixmill.errors import Rejected
from pixmill.recipe import Format

_LONGEST = 1000  # characters of an error's text

Parts = tuple[tuple[str, Format], ...]


class Setup(msgspec.Struct, frozen=True, tag="setup"):
    """What a renderer must know before its first job.

    Attributes:
        memory: see `Allowance`.
        cpu: see `Allowance`.
        foreign: whether it will have to read formats that libvips does not.
    """

    memory: int
    cpu: float
    foreign: bool


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """It is set up.

    Attributes:
        versions: see `engine.versions`.
    """

    versions: dict[str, str]


class Job(msgspec.Struct, frozen=True, tag="job"):
    """Render an original, whose bytes follow.

    Attributes:
        size: of the original, in bytes.
        recipe: what to make, in MessagePack.
        room: see `recipe.Limits`.
        only: (rendition, declared format) pairs to make.
    """

    size: int
    recipe: bytes
    room: int | None
    only: Parts


class Made(msgspec.Struct, frozen=True, tag="made"):
    """What came of it."""

    rendered: Rendered


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """The original is at fault."""

    code: str
    message: str
    hint: str


class Mistake(msgspec.Struct, frozen=True, tag="mistake"):
    """Pixmill is at fault; `said` is the error's type and message."""

    said: str


Order = Setup | Job
Answer = Ready | Made | Fault | Mistake

_encode = msgspec.msgpack.Encoder().encode
_orders: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def encoded(message: Order | Answer) -> bytes:
    """A message's bytes."""
    return _encode(message)


def order(data: bytes) -> Order:
    """The parent's word, which is believed."""
    return _orders.decode(data)


def answer(data: bytes) -> Answer:
    """The renderer's word, which is not.

    Raises:
        Garbled: it is not an answer.
    """
    try:
        return _answers.decode(data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Garbled(str(error)) from error


def rejection(fault: Fault) -> Rejected:
    """The error that a renderer has told.

    Raises:
        Garbled: there is none of that code.
    """
    try:
        return Rejected(fault.code, fault.message[:_LONGEST], hint=fault.hint[:_LONGEST])
    except (KeyError, ValueError) as error:
        raise Garbled(f"an error of the code {fault.code!r}") from error


def checked(rendered: Rendered, asked: Parts) -> Rendered:
    """Renditions that were asked for, in formats that there are.

    Raises:
        Garbled: they are others.
    """
    formats = [rendered.probe.format, *(each.format for each in rendered.outputs if each.format)]
    parts = [(each.rendition, each.declared) for each in rendered.outputs]
    if sorted(parts) != sorted(asked) or any(FORMATS.get(each.name) != each for each in formats):
        raise Garbled("renditions that nobody asked for")
    return rendered
