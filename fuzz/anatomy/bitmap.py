"""BMP and ICO: headers of fixed fields."""

from fuzz.anatomy.anatomy import Anatomy, Number, cut, unmended

_FILE, _ENTRY, _DIRECTORY = 14, 16, 6
_HEADER = (4, 4, 4, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)
_FIELDS = (1, 1, 1, 1, 2, 2, 4, 4)
_MOST_ENTRIES = 32


def _fields(at: int, widths: tuple[int, ...], data: bytes) -> list[Number]:
    found: list[Number] = []
    for width in widths:
        found.append(Number(at, width, "little"))
        at += width
    return [each for each in found if each.at + each.width <= len(data)]


def _bmp_numbers(data: bytes) -> list[Number]:
    return _fields(2, (4, 2, 2, 4), data) + _fields(_FILE, _HEADER, data)


def _bmp_pieces(data: bytes) -> list[bytes]:
    header = int.from_bytes(data[14:18], "little")
    return cut(data, [_FILE, _FILE + header, int.from_bytes(data[10:14], "little")])


def _entries(data: bytes) -> list[int]:
    count = min(int.from_bytes(data[4:6], "little"), _MOST_ENTRIES)
    return [_DIRECTORY + _ENTRY * number for number in range(count)]


def _place(data: bytes, entry: int) -> int:
    return int.from_bytes(data[entry + 12 : entry + 16], "little")


def _ico_numbers(data: bytes) -> list[Number]:
    """The directory, and the header behind each entry."""
    found = _fields(2, (2, 2), data)
    for entry in _entries(data):
        found += _fields(entry, _FIELDS, data) + _fields(_place(data, entry), _HEADER, data)
    return found


def _ico_pieces(data: bytes) -> list[bytes]:
    entries = _entries(data)
    return cut(data, entries + [_place(data, entry) for entry in entries])


BMP = Anatomy("bmp", _bmp_pieces, unmended, _bmp_numbers)
ICO = Anatomy("ico", _ico_pieces, unmended, _ico_numbers)
