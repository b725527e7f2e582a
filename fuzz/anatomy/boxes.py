"""AVIF and HEIC: boxes in boxes (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator

from fuzz.anatomy.anatomy import Anatomy, Number, cut

_HEAD = 8
_FULL = 12
# Boxes that hold boxes, and how many bytes stand before the first.
_HOLDERS = {b"meta": 12, b"iprp": 8, b"ipco": 8, b"iinf": 14, b"moov": 8, b"trak": 8, b"mdia": 8, b"dinf": 8}
_DEEPEST = 6
_LARGEST = 96
"""Bytes of a box whose content is taken for numbers; only small ones tell of others."""


def _boxes(data: bytes, position: int, end: int, depth: int = 0) -> Iterator[tuple[int, int]]:
    """Every box, also in others, as (start, end)."""
    while position + _HEAD <= end:
        size = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        stop = position + size if _HEAD <= size <= end - position else end
        yield position, stop
        if kind in _HOLDERS and depth < _DEEPEST:
            yield from _boxes(data, position + _HOLDERS[kind], stop, depth + 1)
        position = stop


def _pieces(data: bytes) -> list[bytes]:
    return cut(data, [end for box in _boxes(data, 0, len(data)) for end in box])


def _mended(pieces: list[bytes]) -> list[bytes]:
    """The size of the outermost holder, of which a piece was changed, put right."""
    data = b"".join(pieces)
    position, parts = 0, list[bytes]()
    while position + _HEAD <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        stop = len(data)
        if kind == b"meta":
            stop = data.find(b"mdat", position) - 4
        elif size >= _HEAD:
            stop = position + size
        if not position < stop <= len(data):
            stop = len(data)
        parts.append((stop - position).to_bytes(4, "big") + data[position + 4 : stop])
        position = stop
    return [*parts, data[position:]]


def _numbers(data: bytes) -> list[Number]:
    found: list[Number] = []
    for start, stop in _boxes(data, 0, len(data)):
        found.append(Number(start, 4, "big"))
        if _FULL < stop - start <= _LARGEST:
            found += [Number(at, 4, "big") for at in range(start + _HEAD, stop - 3, 4)]
            found += [Number(at, 2, "big") for at in range(start + _FULL, stop - 1, 2)]
    return found


BOXES = Anatomy("boxes", _pieces, _mended, _numbers)
