"""The blocks of a GIF (GIF89a, section 13 and following)."""

import struct
from collections.abc import Iterator

_SCREEN, _HEADER = 6, 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_TRANSPARENT_SPECK = bytes.fromhex("21f9040100000000 2c00000000010001008000000000000002024401003b")


def is_cut(data: bytes) -> bool:
    """Whether the file ends within a block. A trailer is not missed: many writers forget it."""
    try:
        *_, (_, end) = _blocks(data)
    except IndexError:
        return True
    return end > len(data)


def seen_through(data: bytes) -> bytes:
    """The same animation, made so that libvips leaves clear what the first frame does not cover.

    libvips keeps transparency only if some frame declares it, and paints the rest of such a canvas black
    otherwise. Browsers show through it. One more frame that declares it helps; it is never to be decoded.

    Returns:
        The file as it is if its first frame covers the canvas or does not end.
    """
    try:
        first = next((start for kind, start in _blocks(data) if kind == _IMAGE), None)
        if first is None or struct.unpack_from("<4H", data, first + 1) == (
            0,
            0,
            *struct.unpack_from("<2H", data, _SCREEN),
        ):
            return data
        *_, (_, end) = _blocks(data)
    except (IndexError, struct.error):
        return data
    return data[:end] + _TRANSPARENT_SPECK


def _blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Every block as (kind, start); last the trailer, or whatever stands or is missing in its place."""
    position = _HEADER + _table(data[10])
    while position < len(data) and data[position] in {_EXTENSION, _IMAGE}:
        kind = data[position]
        yield kind, position
        position += 2 if kind == _EXTENSION else 11 + _table(data[position + 9])
        while size := data[position]:
            position += size + 1
        position += 1
    yield _TRAILER, position


def _table(flags: int) -> int:
    """The bytes of a colour table by the flags that announce it."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
