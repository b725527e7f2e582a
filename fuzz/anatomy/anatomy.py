"""What there is to know of a kind of file."""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal, NamedTuple


class Number(NamedTuple):
    """A number in a file that means a length, a count, a place or a size.

    Attributes:
        at: its offset.
        width: in bytes.
        order: of its bytes.
    """

    at: int
    width: int
    order: Literal["big", "little"]


class Anatomy(NamedTuple):
    """How one kind of file is built. Its functions take any bytes, and never raise.

    Attributes:
        name: of the kind.
        pieces: what could each be missing, doubled, or of another file. Joined they are the file.
        mended: pieces after an edit, with their lengths and checksums right again.
        numbers: the numbers that decoders believe.
    """

    name: str
    pieces: Callable[[bytes], list[bytes]]
    mended: Callable[[list[bytes]], list[bytes]]
    numbers: Callable[[bytes], list[Number]]


def cut(data: bytes, ends: list[int]) -> list[bytes]:
    """Bytes cut at these places; none of the parts is empty."""
    places = sorted({0, len(data), *(end for end in ends if 0 < end < len(data))})
    return [data[start:end] for start, end in pairwise(places)]


def unmended(pieces: list[bytes]) -> list[bytes]:
    """For files that have nothing to mend."""
    return pieces
