"""What an event says in the end: this key may have changed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["put", "removed", "named"]
"""What is said to have happened; "named" when only the key is told."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Change(NamedTuple):
    """A hint that a key changed.

    It is never more than a hint: events are duplicated, reordered and late, so what to do is decided by what
    the source holds now. All but the bucket and the key is for logs and metrics, and may be missing.

    Attributes:
        bucket: where the key is; None if the event does not say.
        key: the whole key, decoded.
        kind: what is said to have happened. Nothing may be decided by it.
        time: when it is said to have happened, with its time zone.
        etag: of the object at that time, without quotes.
        version: of the object at that time.
        sequencer: S3's hexadecimal sign for the order of events on one key.
        size: of the object at that time, in bytes.
    """

    bucket: str | None
    key: str
    kind: Kind = "named"
    time: datetime | None = None
    etag: str | None = None
    version: str | None = None
    sequencer: str | None = None
    size: int | None = None


def distinct(changes: Iterable[Change]) -> list[Change]:
    """One change for each key, in the order in which the keys first came.

    The earliest stays, so that the age from upload to ready is that of the one who waited longest. One that
    has no time gives way to one that has.

    >>> [change.key for change in distinct([Change("b", "x"), Change("b", "y"), Change("b", "x")])]
    ['x', 'y']
    """
    kept: dict[tuple[str | None, str], Change] = {}
    for change in changes:
        place = change.bucket, change.key
        known = kept.setdefault(place, change)
        if (change.time or _NEVER) < (known.time or _NEVER):
            kept[place] = change
    return list(kept.values())


def relative(key: str, prefix: str) -> str | None:
    """A bucket's key as the key of a source that is a folder in that bucket; None if it is not in there.

    Args:
        key: as the event has it.
        prefix: the folder, with or without its last slash; empty for the whole bucket.

    >>> relative("uploads/cats/cat.png", "uploads"), relative("uploads/cats/cat.png", "")
    ('cats/cat.png', 'uploads/cats/cat.png')
    >>> relative("uploads-2/cat.png", "uploads/"), relative("uploads/", "uploads")
    (None, None)
    """
    folder = prefix.removesuffix("/")
    if folder:
        folder += "/"
    return key[len(folder) :] or None if key.startswith(folder) else None
