"""What an envelope is, and how the right one is found: by its marks, and only if no other fits as well."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from pixmill.events.field import Field, is_plain
from pixmill.events.message import Message

Mark: TypeAlias = Callable[[Field], bool]


class Envelope(NamedTuple):
    """A shape that events come in.

    Attributes:
        name: with its article, for sentences.
        fits: whether an event bears the marks of this envelope. No two envelopes have marks in common.
        read: an event in this envelope, record by record.
    """

    name: str
    fits: Mark
    read: Callable[[Field], list[Message]]


def read(event: Field, envelopes: Iterable[Envelope]) -> list[Message]:
    """Reads an event in whichever of these envelopes it came.

    Raises:
        Failed: "unknown-event": it bears the marks of none of them, or of several.
    """
    fitting = [envelope for envelope in envelopes if envelope.fits(event)]
    if len(fitting) == 1:
        return fitting[0].read(event)
    if fitting:
        names = " and ".join(envelope.name for envelope in fitting)
        raise event.unexpected("one envelope", f"the marks of several: {names}")
    expected = ", ".join(envelope.name for envelope in envelopes)
    came = event.description()
    origins = ", ".join(sorted(repr(origin) for origin in _origins(event) if is_plain(origin)))
    raise event.unexpected(
        f"one of {expected}", f"{came}; its records come from {origins}" if origins else came
    )


def has_records_from(origin: str) -> Mark:
    """The mark of an event of which at least one record says that it comes from that service."""
    return lambda event: origin in _origins(event)


def has(*names: str) -> Mark:
    """The mark of an event that has all these fields."""
    return lambda event: all(event.at(name).value is not None for name in names)


def says(name: str, value: str) -> Mark:
    """The mark of an event that has this field with this value."""
    return lambda event: event.at(name).value == value


def origin_of(record: Field) -> Field:
    """Where a record says that it comes from; SNS writes the name of that field with a capital letter."""
    small, capital = record.at("eventSource"), record.at("EventSource")
    return capital if small.value is None and capital.value is not None else small


def _origins(event: Field) -> set[str]:
    return {origin for record in event.at("Records").items() if (origin := origin_of(record).maybe_text())}
