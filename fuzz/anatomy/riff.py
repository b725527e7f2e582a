"""WebP: a RIFF with chunks (WebP container specification)."""

from fuzz.anatomy.anatomy import Anatomy, Number, cut

_HEAD = 12
_CHUNK = 8
_FIELDS = {b"VP8X": (1, 3, 3, 3), b"VP8 ": (3, 3, 2, 2), b"VP8L": (1, 4), b"ANMF": (3,) * 5, b"ANIM": (4, 2)}


def _pieces(data: bytes) -> list[bytes]:
    ends = [_HEAD]
    while ends[-1] + _CHUNK <= len(data):
        size = int.from_bytes(data[ends[-1] + 4 : ends[-1] + 8], "little")
        ends.append(ends[-1] + _CHUNK + size + size % 2)
    return cut(data, ends)


def _mended(pieces: list[bytes]) -> list[bytes]:
    if len(pieces[0]) < _HEAD:
        return pieces
    chunks = [_chunk(piece) for piece in pieces[1:]]
    size = _HEAD - 8 + sum(map(len, chunks))
    return [pieces[0][:4] + size.to_bytes(4, "little") + pieces[0][8:], *chunks]


def _chunk(piece: bytes) -> bytes:
    if len(piece) < _CHUNK:
        return piece
    body = piece[_CHUNK:]
    return piece[:4] + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _numbers(data: bytes) -> list[Number]:
    found = [Number(4, 4, "little")]
    at = 0
    for piece in _pieces(data):
        if at >= _HEAD:
            found.append(Number(at + 4, 4, "little"))
            field = at + _CHUNK
            for width in _FIELDS.get(piece[:4], ()):
                found.append(Number(field, width, "little"))
                field += width
        at += len(piece)
    return [each for each in found if each.at + each.width <= len(data)]


RIFF = Anatomy("riff", _pieces, _mended, _numbers)
