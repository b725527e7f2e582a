"""PNG: a signature and chunks with checksums (PNG specification, third edition, section 5)."""

import zlib

from fuzz.anatomy.anatomy import Anatomy, Number, cut

_SIGNATURE = 8
_HEAD, _AROUND = 8, 12
_NUMBERED = {
    b"IHDR": (4, 4, 1, 1, 1, 1, 1),
    b"acTL": (4, 4),
    b"fcTL": (4, 4, 4, 4, 4, 2, 2, 1, 1),
    b"pHYs": (4, 4, 1),
    b"tRNS": (2, 2, 2),
    b"sBIT": (1, 1, 1, 1),
    b"gAMA": (4,),
}


def _pieces(data: bytes) -> list[bytes]:
    ends = [_SIGNATURE]
    while ends[-1] + _AROUND <= len(data):
        ends.append(ends[-1] + _AROUND + int.from_bytes(data[ends[-1] : ends[-1] + 4], "big"))
    return cut(data, ends)


def _mended(pieces: list[bytes]) -> list[bytes]:
    return [pieces[0], *(_chunk(piece) if len(piece) >= _HEAD else piece for piece in pieces[1:])]


def _chunk(piece: bytes) -> bytes:
    kind, body = piece[4:_HEAD], piece[_HEAD:-4]
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _numbers(data: bytes) -> list[Number]:
    found: list[Number] = []
    at = 0
    for piece in _pieces(data):
        if at >= _SIGNATURE and len(piece) >= _AROUND:
            found.append(Number(at, 4, "big"))
            field = at + 8
            for width in _NUMBERED.get(piece[4:8], ()):
                found.append(Number(field, width, "big"))
                field += width
        at += len(piece)
    return [each for each in found if each.at + each.width <= len(data)]


PNG = Anatomy("png", _pieces, _mended, _numbers)
