"""The boxes of an AVIF or HEIC (ISO/IEC 14496-12, 4.2; items: 8.11)."""

from collections.abc import Iterator

from pixmill.errors import Rejected

_HEADER = 8
_NEEDED = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"moof"))


def check(data: bytes) -> None:
    """Refuse items whose types are no text: libheif hands them on, and pi-heif ends the process on them.

    Raises:
        Rejected: `corrupt`.
    """
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta" and any(not _is_text(item) for item in _items(data, start + 4, end)):
            raise Rejected("corrupt", "The file lists an item of a type that is none.")


def is_cut(data: bytes) -> bool:
    """Whether a top-level box that a picture needs ends beyond the end of the file."""
    return any(kind in _NEEDED and end > len(data) for kind, _, end in _boxes(data, 0, len(data)))


def _items(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """Type, name and content type of every item in the body of a `meta` box."""
    for kind, list_start, list_end in _boxes(data, start, end):
        if kind == b"iinf":
            wide = data[list_start : list_start + 1] != b"\x00"
            for _, item, item_end in _boxes(data, list_start + (8 if wide else 6), list_end):
                version = data[item : item + 1]
                yield data[item + (10 if version == b"\x03" else 8) : item_end]


def _is_text(item: bytes) -> bool:
    try:
        item.decode()
    except UnicodeDecodeError:
        return False
    return True


def _boxes(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Every box between two offsets as (type, start of its body, its end)."""
    while position + _HEADER <= end:
        size, body = int.from_bytes(data[position : position + 4], "big"), position + _HEADER
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        if size == 0:
            size = end - position
        if size < _HEADER:
            return
        yield data[position + 4 : position + 8], body, position + size
        position += size
