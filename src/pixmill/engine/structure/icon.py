"""The directory of an ICO and the pictures behind it.

The directory is a copy of what the pictures say themselves, and many writers got it wrong: sizes above 256
do not fit into it, depths are left out, and some lie. So only its offsets are believed.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from pixmill.errors import Rejected
from pixmill.geometry import Size

_DIRECTORY, _ENTRY = 6, 16
_PNG = b"\x89PNG\r\n\x1a\n"
_DIB_HEADERS = frozenset((40, 52, 56, 108, 124))
_BITFIELDS = 3
_INDEXED = 8
_DEEP = 32


class Picture(NamedTuple):
    """The largest picture of an icon.

    Attributes:
        size: in pixels.
        bits: of a pixel of a bitmap, of a sample of a PNG.
        is_png: a whole PNG, or a bitmap.
        data: the PNG, or an icon with this bitmap alone and a directory that is true.
        cut: whether it ends beyond the end of the file.
    """

    size: Size
    bits: int
    is_png: bool
    data: bytes
    cut: bool


class Entry(NamedTuple):
    """What an entry of the directory leads to.

    Attributes:
        size: in pixels.
        bits: of a pixel of a bitmap, of a sample of a PNG.
        is_png: a whole PNG, or a bitmap.
        offset: where it begins.
        length: in bytes, as the directory says.
    """

    size: Size
    bits: int
    is_png: bool
    offset: int
    length: int


def find(data: bytes) -> Entry:
    """Where the picture with the most pixels is; of equals the one with the most bits.

    Nothing is copied: a thousand entries may lead to the same sixty megabytes.

    Raises:
        Rejected: `truncated` if the file ends in its directory, `corrupt` if that leads to no picture.
    """
    try:
        return max(_entries(data), key=lambda entry: (entry.size.width * entry.size.height, entry.bits))
    except struct.error:
        raise Rejected("truncated", "The icon ends before its first picture does.") from None
    except ValueError:
        raise Rejected("corrupt", "The icon has no picture in it.") from None


def largest(data: bytes) -> Picture:
    """The picture with the most pixels; of equals the one with the most bits.

    Raises:
        Rejected: `truncated` if the file ends in its directory, `corrupt` if that leads to no picture.
    """
    found = find(data)
    if found.is_png:
        payload = data[found.offset : found.offset + found.length]
        return Picture(found.size, found.bits, is_png=True, data=payload, cut=len(payload) < found.length)
    try:
        return _bitmap(data, found)
    except struct.error:
        raise Rejected("truncated", "The icon ends before its first picture does.") from None


def is_cut(data: bytes) -> bool:
    """Whether the largest picture ends beyond the end of the file."""
    return largest(data).cut


def _entries(data: bytes) -> Iterator[Entry]:
    for entry in range(int.from_bytes(data[4:6], "little")):
        length, offset = struct.unpack_from("<II", data, _DIRECTORY + _ENTRY * entry + 8)
        if data.startswith(_PNG, offset):
            width, height, bits = struct.unpack_from(">IIB", data, offset + 16)
            yield Entry(Size(width, height), bits, is_png=True, offset=offset, length=length)
        elif int.from_bytes(data[offset : offset + 4], "little") in _DIB_HEADERS:
            # The height counts the bitmap and the mask that follows it.
            width, both, _, bits = struct.unpack_from("<iiHH", data, offset + 4)
            yield Entry(Size(abs(width), abs(both) // 2), bits, is_png=False, offset=offset, length=length)


def _bitmap(data: bytes, entry: Entry) -> Picture:
    size, bits, offset = entry.size, entry.bits, entry.offset
    header, compression = (struct.unpack_from("<I", data, offset + at)[0] for at in (0, 16))
    colours = struct.unpack_from("<I", data, offset + 32)[0]
    table = 4 * (colours or 1 << bits) if bits <= _INDEXED else 12 if compression == _BITFIELDS else 0
    pixels = header + table
    mask = pixels + _rows(size, bits)
    length = mask + _rows(size, 1)
    payload = data[offset : offset + length]
    # A mask is often left out where there is an alpha channel, and an alpha channel left at zero where
    # there is a mask.
    alpha = bits == _DEEP and bool(payload[pixels + 3 : mask : 4].strip(b"\x00"))
    directory = struct.pack("<HHH", 0, 1, 1) + struct.pack(
        "<BBBBHHII", size.width & 255, size.height & 255, 0, 0, 1, _DEEP if alpha else 24, length, 22
    )
    needed = mask if alpha else length
    return Picture(size, bits, is_png=False, data=directory + payload, cut=len(payload) < needed)


def _rows(size: Size, bits: int) -> int:
    """The bytes of an uncompressed bitmap, whose rows are padded to four."""
    return (size.width * bits + 31) // 32 * 4 * size.height
