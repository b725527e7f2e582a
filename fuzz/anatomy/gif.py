"""GIF: a screen, a colour table, blocks (GIF89a, section 13 and following)."""

from fuzz.anatomy.anatomy import Anatomy, Number, cut, unmended

_HEADER = 13
_EXTENSION, _IMAGE = 0x21, 0x2C
_IMAGE_HEAD = 10


def _pieces(data: bytes) -> list[bytes]:
    if len(data) < _HEADER:
        return cut(data, [])
    ends = [_HEADER, _HEADER + _table(data[10])]
    while (at := ends[-1]) < len(data) and data[at] in {_EXTENSION, _IMAGE}:
        end = at + 2
        if data[at] == _IMAGE:
            end = at + _IMAGE_HEAD + 1 + _table(data[at + 9] if at + 9 < len(data) else 0)
        while end < len(data) and data[end]:
            end += data[end] + 1
        ends.append(end + 1)
    return cut(data, ends)


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _numbers(data: bytes) -> list[Number]:
    """The screen, and of each image its place, its size and how its codes begin."""
    found = [Number(6, 2, "little"), Number(8, 2, "little"), Number(10, 1, "little"), Number(11, 1, "little")]
    at = 0
    for piece in _pieces(data):
        if at >= _HEADER and piece[0] == _IMAGE:
            found += [Number(at + field, 2, "little") for field in (1, 3, 5, 7)]
            found += [Number(at + field, 1, "little") for field in (9, 10, 11)]
        elif at >= _HEADER and piece[0] == _EXTENSION:
            found += [Number(at + field, 1, "little") for field in (1, 2, 3, 6)]
            found.append(Number(at + 4, 2, "little"))
        at += len(piece)
    return [each for each in found if each.at + each.width <= len(data)]


GIF = Anatomy("gif", _pieces, unmended, _numbers)
