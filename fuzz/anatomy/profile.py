"""ICC profiles: a header, a table of tags, and what they point at (ICC.1:2022, 7)."""

from fuzz.anatomy.anatomy import Anatomy, Number, cut, unmended

_HEADER, _ENTRY = 128, 12
_MOST_TAGS = 64
_WORDS = 8
"""Numbers of a tag's beginning that say what the rest of it is."""


def _tags(data: bytes) -> list[tuple[int, int]]:
    """Each entry of the table, and where it points."""
    count = min(int.from_bytes(data[_HEADER : _HEADER + 4], "big"), _MOST_TAGS)
    entries = [_HEADER + 4 + _ENTRY * number for number in range(count)]
    return [(at, int.from_bytes(data[at + 4 : at + 8], "big")) for at in entries]


def _numbers(data: bytes) -> list[Number]:
    found = [Number(at, 4, "big") for at in (0, 8, 12, 16, 20, 36, 64, _HEADER)]
    for entry, place in _tags(data):
        found += [Number(entry + field, 4, "big") for field in (0, 4, 8)]
        found += [Number(place + 4 * word, 4, "big") for word in range(_WORDS)]
        found += [Number(place + 8 + part, 1, "big") for part in range(4)]
    return [each for each in found if each.at + each.width <= len(data)]


def _pieces(data: bytes) -> list[bytes]:
    tags = _tags(data)
    return cut(data, [_HEADER, *(entry for entry, _ in tags), *(place for _, place in tags)])


PROFILE = Anatomy("profile", _pieces, unmended, _numbers)
