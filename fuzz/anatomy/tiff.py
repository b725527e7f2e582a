"""TIFF, BigTIFF and EXIF: directories of fields, and what they point at (TIFF 6.0, section 2)."""

from typing import Literal

from fuzz.anatomy.anatomy import Anatomy, Number, cut, unmended

_MOST_DIRECTORIES = 8
_MOST_FIELDS = 200


def _numbers(data: bytes) -> list[Number]:
    """Of each directory its count and its link; of each field its tag, type, count and value."""
    order: Literal["big", "little"] = "little" if data[:2] == b"II" else "big"
    is_big = data[2:4] in (b"+\x00", b"\x00+")
    word, head, entry = (8, 8, 20) if is_big else (4, 2, 12)

    def value(at: int, width: int) -> int:
        return int.from_bytes(data[at : at + width], order)

    found: list[Number] = []
    at = 8 if is_big else 4
    for _ in range(_MOST_DIRECTORIES):
        found.append(Number(at, word, order))
        start = value(at, word)
        if not 0 < start < len(data):
            break
        found.append(Number(start, head, order))
        count = min(value(start, head), _MOST_FIELDS)
        for field in range(start + head, start + head + count * entry, entry):
            widths = (2, 2, word, word)
            for width in widths:
                found.append(Number(field, width, order))
                field += width  # noqa: PLW2901 - a field is read from its beginning to its end
        at = start + head + count * entry
    return [each for each in found if each.at + each.width <= len(data)]


def _pieces(data: bytes) -> list[bytes]:
    """Cut at the numbers that could be places, and where they point."""
    ends: list[int] = []
    for number in _numbers(data):
        if number.width >= 4:  # noqa: PLR2004 - no place is told in less
            ends += [number.at, int.from_bytes(data[number.at : number.at + number.width], number.order)]
    return cut(data, ends)


TIFF = Anatomy("tiff", _pieces, unmended, _numbers)
