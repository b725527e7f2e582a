"""JPEG: segments, and what stands between them (ITU-T T.81, annex B)."""

import re

from fuzz.anatomy.anatomy import Anatomy, Number, cut

_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_BARE = frozenset((0x01, 0xD8, 0xD9))
_SCAN = 0xDA
_FRAME = range(0xC0, 0xD0)
_HEAD = 4


def _pieces(data: bytes) -> list[bytes]:
    ends: list[int] = []
    position = 0
    while found := _MARKER.search(data, position):
        start, marker = found.start(), found[1][0]
        position = start + 2
        if marker not in _BARE:
            position += int.from_bytes(data[position : position + 2], "big")
        ends += [start, position]
    return cut(data, ends)


def _mended(pieces: list[bytes]) -> list[bytes]:
    return [
        piece[:2] + (len(piece) - 2).to_bytes(2, "big") + piece[_HEAD:] if _is_segment(piece) else piece
        for piece in pieces
    ]


def _is_segment(piece: bytes) -> bool:
    found = _MARKER.match(piece)
    return found is not None and found[1][0] not in _BARE and _HEAD <= len(piece) < 1 << 16


def _numbers(data: bytes) -> list[Number]:
    """Lengths; of a frame header the depth, the size, and the sampling of its components."""
    found: list[Number] = []
    at = 0
    for piece in _pieces(data):
        if _is_segment(piece):
            found.append(Number(at + 2, 2, "big"))
            if piece[1] in _FRAME:
                found += [Number(at + 5, 2, "big"), Number(at + 7, 2, "big")]
                found += [Number(at + offset, 1, "big") for offset in (4, *range(9, len(piece)))]
            elif piece[1] == _SCAN:
                found += [Number(at + offset, 1, "big") for offset in range(4, len(piece))]
        at += len(piece)
    return found


JPEG = Anatomy("jpeg", _pieces, _mended, _numbers)
