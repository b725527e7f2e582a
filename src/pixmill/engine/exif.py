"""The little of EXIF that matters here: a copyright notice both ways, and whether there is a place.

Read by hand because libvips and Pillow each lose what is not ASCII, one to question marks, one to Latin-1;
written by hand because what is kept is all that may be written.
"""

import struct
from collections.abc import Iterable, Iterator

Notice = tuple[tuple[str, str], ...]
"""(name, text) of Artist and Copyright, as far as there are any."""

MARK = b"Exif\x00\x00"
"""What stands before the block in a JPEG."""

_TAGS = {"Artist": 0x013B, "Copyright": 0x8298}
_NAMES = {tag: name for name, tag in _TAGS.items()}
_ORIENTATION, _GPS = 0x0112, 0x8825
_TEXT, _SHORT = 2, 3
_INLINE = 4
_MOST_FIELDS = 1000


def notice(block: bytes) -> Notice:
    """The copyright notice in an EXIF block, or in a TIFF, which is built the same way."""
    texts = ((_NAMES[tag], _text(value)) for tag, value in _fields(block) if tag in _NAMES)
    return tuple(sorted((name, text) for name, text in texts if text))


def has_place(block: bytes) -> bool:
    """Whether an EXIF block or a TIFF says where the picture was taken."""
    return any(tag == _GPS for tag, _ in _fields(block))


def orientation(block: bytes) -> int:
    """The orientation in an EXIF block, 1-8; 1 if it has none that exists."""
    order = "little" if block.removeprefix(MARK)[:2] == b"II" else "big"
    value = next((int.from_bytes(value, order) for tag, value in _fields(block) if tag == _ORIENTATION), 1)
    return value if value in range(1, 9) else 1


def written(kept: Notice) -> bytes:
    """An EXIF block with one directory of text fields (EXIF 2.32, 4.6); empty if there is no text."""
    if not kept:
        return b""
    return b"II*\x00" + struct.pack("<I", 8) + _directory(8, kept)


def added(tiff: bytes, kept: Notice) -> bytes:
    """A TIFF of libvips' with these text fields in its only directory (TIFF 6.0, section 2).

    What it had is copied behind the picture, where there is room for more of it.
    """
    if not kept:
        return tiff
    start = struct.unpack_from("<I", tiff, 4)[0]
    count = struct.unpack_from("<H", tiff, start)[0]
    fields = [tiff[at : at + 12] for at in range(start + 2, start + 2 + 12 * count, 12)]
    end = len(tiff) + len(tiff) % 2
    whole = tiff[:4] + struct.pack("<I", end) + tiff[8:].ljust(end - 8, b"\x00")
    return whole + _directory(end, kept, fields)


def _directory(place: int, kept: Notice, fields: Iterable[bytes] = ()) -> bytes:
    """A directory for a place in a file: text fields, some that are written already, and the texts."""
    entries = sorted((_TAGS[name], text.encode() + b"\x00") for name, text in kept)
    others = list(fields)
    values_at = place + 2 + 12 * (len(entries) + len(others)) + 4
    values = b""
    for tag, text in entries:
        inline = len(text) <= _INLINE
        field = text.ljust(_INLINE, b"\x00") if inline else struct.pack("<I", values_at + len(values))
        others.append(struct.pack("<HHI", tag, _TEXT, len(text)) + field)
        values += b"" if inline else text + b"\x00" * (len(text) % 2)
    others.sort(key=lambda field: struct.unpack_from("<H", field))
    return struct.pack("<H", len(others)) + b"".join(others) + struct.pack("<I", 0) + values


def _fields(block: bytes) -> Iterator[tuple[int, bytes]]:
    """The texts and short numbers of the first directory, as (tag, value); as far as it goes."""
    block = block.removeprefix(MARK)
    order = "<" if block[:2] == b"II" else ">"
    try:
        start = struct.unpack_from(order + "I", block, 4)[0]
        count = struct.unpack_from(order + "H", block, start)[0]
        for field in range(min(count, _MOST_FIELDS)):
            at = start + 2 + 12 * field
            tag, kind, length, place = struct.unpack_from(order + "HHII", block, at)
            size = length * 2 if kind == _SHORT else length
            place = at + 8 if size <= _INLINE else place
            yield tag, block[place : place + size] if kind in {_TEXT, _SHORT} else b""
    except struct.error:
        return


def _text(value: bytes) -> str:
    """ASCII by the book, UTF-8 in practice, Latin-1 from older programs; a second part is the editor's."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    parts = ("".join(filter(str.isprintable, part)).strip() for part in text.split("\x00"))
    return ", ".join(part for part in parts if part)
