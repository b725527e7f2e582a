"""The blocks of a GIF (GIF89a, section 13 and following)."""

import struct
from collections.abc import Iterator

from pixmill.engine.structure.bounds import too_many
from pixmill.errors import Rejected
from pixmill.recipe.limits import MOST_FRAMES

_SCREEN, _HEADER = 6, 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_MOST_EXTENSIONS, _MOST_PIECES = 4 * MOST_FRAMES, 1_000_000
_TRANSPARENT_SPECK = bytes.fromhex("21f9040100000000 2c00000000010001008000000000000002024401003b")


def check(data: bytes) -> None:
    """Count the frames and the other blocks, as far as the file goes.

    Raises:
        Rejected: `too-many-frames` or `too-many-parts`.
    """
    blocks = {_EXTENSION: 0, _IMAGE: 0, _TRAILER: 0}
    try:
        for kind, _ in _blocks(data):
            blocks[kind] += 1
            if blocks[_IMAGE] > MOST_FRAMES:
                raise Rejected("too-many-frames", f"The animation has more than {MOST_FRAMES:,} frames.")
            if blocks[_EXTENSION] > _MOST_EXTENSIONS:
                raise too_many("blocks")
    except IndexError:
        return  # libvips says what is missing


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
    """Every block as (kind, start); last the trailer, or whatever stands or is missing in its place.

    Raises:
        IndexError: the file ends within a block.
        Rejected: `too-many-parts`.
    """
    position, left = _HEADER + _table(data[10]), _MOST_PIECES
    while position < len(data) and data[position] in {_EXTENSION, _IMAGE}:
        kind = data[position]
        yield kind, position
        position += 2 if kind == _EXTENSION else 11 + _table(data[position + 9])
        while size := data[position]:
            position, left = position + size + 1, left - 1
            if not left:
                raise too_many("pieces")
        position += 1
    yield _TRAILER, position


def _table(flags: int) -> int:
    """The bytes of a colour table by the flags that announce it."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
