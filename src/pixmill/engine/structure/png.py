"""The chunks of a PNG (PNG specification, third edition, section 5)."""

from collections.abc import Iterator

_INTERLACE = 28
_SIGNATURE = 8
_AROUND = 12


def is_interlaced(data: bytes) -> bool:
    """Whether a PNG is Adam7 interlaced, so that it must be decoded whole."""
    return data[_INTERLACE : _INTERLACE + 1] == b"\x01"


def is_cut(data: bytes) -> bool:
    """Whether the chunks end without the one that says so."""
    return b"IEND" not in _chunks(data)


def _chunks(data: bytes) -> Iterator[bytes]:
    """The types of all whole chunks."""
    position = _SIGNATURE
    while position + _AROUND <= len(data):
        end = position + _AROUND + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            return
        yield data[position + 4 : position + 8]
        position = end
