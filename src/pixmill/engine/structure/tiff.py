"""The first directory of a TIFF or BigTIFF (TIFF 6.0, section 2)."""

import struct
from typing import NamedTuple

from pixmill.errors import Rejected

_SUBFILE, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES = 254, 258, 259, 262, 273, 279
_SAMPLES, _PLANES, _TILES, _TILE_BYTES, _SUBDIRECTORIES, _SAMPLE_FORMAT, _DNG = (
    277,
    284,
    324,
    325,
    330,
    339,
    50706,
)

# None, the CCITT three, LZW, JPEG in its new style, deflate under both its numbers, and PackBits. libtiff
# gets old-style JPEG wrong without an error, and the others, Zstandard among them, are not in the wheel.
_COMPRESSIONS = frozenset((1, 2, 3, 4, 5, 7, 8, 32773, 32946))
# Grey both ways round, RGB, palette, CMYK, YCbCr, and Lab, of which libvips reads only 16 bits.
_COLOURS = frozenset((0, 1, 2, 3, 5, 6, 8))
_LAB, _LAB_DEPTH = 8, 16
_DEPTHS = frozenset((1, 2, 4, 8, 16))
_UNSIGNED, _APART, _BYTE = 1, 2, 8
_REDUCED = 1
_MOST_TAGS = 4096

_TYPES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTHS = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}


class Page(NamedTuple):
    """What the first directory of a TIFF says.

    Attributes:
        bits: per sample.
        missing: bytes of image data that its strips or tiles name beyond the end of the file.
        cut: whether anything that the directory names lies beyond the end of the file.
    """

    bits: int
    missing: int
    cut: bool


def page(data: bytes) -> Page:
    """Read the first directory of a TIFF or BigTIFF.

    Raises:
        Rejected: `unsupported-format` for camera raw files and for samples or compressions that libtiff
            would decode wrongly or not at all; `truncated` or `corrupt` if there is no directory.
    """
    try:
        tags, end = _tags(data)
    except (struct.error, OverflowError):
        raise Rejected("truncated", "The TIFF ends before its directory does.") from None
    if _is_raw(data, tags):
        raise Rejected("unsupported-format", "This is a camera raw file, which Pixmill does not read.")
    photometric = tags.get(_PHOTOMETRIC, (1,))[0]
    depths = set(tags.get(_BITS, (1,)))
    if photometric not in _COLOURS or (photometric == _LAB and depths != {_LAB_DEPTH}):
        raise Rejected(
            "unsupported-format",
            f"This TIFF has colours of kind {photometric} in {max(depths)} bits; Pixmill does not read them.",
        )
    signed = set(tags.get(_SAMPLE_FORMAT, (_UNSIGNED,))) != {_UNSIGNED}
    if (signed and photometric != _LAB) or len(depths) != 1 or not depths <= _DEPTHS:
        raise Rejected(
            "unsupported-format",
            "This TIFF's samples are not unsigned numbers of 1, 2, 4, 8 or 16 bits, as Pixmill reads them.",
        )
    samples, planes = tags.get(_SAMPLES, (1,))[0], tags.get(_PLANES, (1,))[0]
    if samples > 1 and (max(depths) < _BYTE or (planes == _APART and _TILES in tags)):
        raise Rejected(
            "unsupported-format",
            "This TIFF has several samples a pixel in tiles of their own or below 8 bits, which Pixmill "
            "does not read.",
        )
    compression = tags.get(_COMPRESSION, (1,))[0]
    if compression not in _COMPRESSIONS:
        raise Rejected(
            "unsupported-format", f"This TIFF uses compression {compression}, which Pixmill does not read."
        )
    offsets = tags.get(_STRIPS) or tags.get(_TILES) or ()
    counts = tags.get(_STRIP_BYTES) or tags.get(_TILE_BYTES) or ()
    if not offsets:
        raise Rejected("truncated" if end > len(data) else "corrupt", "The TIFF names no image data.")
    picture_end = max((at + size for at, size in zip(offsets, counts, strict=False)), default=0)
    missing = max(0, picture_end - len(data))
    return Page(depths.pop(), missing, missing > 0 or end > len(data))


def is_cut(data: bytes) -> bool:
    """Whether the first directory names anything beyond the end of the file."""
    return page(data).cut


def _is_raw(data: bytes, tags: dict[int, tuple[int, ...]]) -> bool:
    """Whether this is a camera's raw file: its first picture is but a thumbnail, the rest is no TIFF."""
    reduced = tags.get(_SUBFILE) == (_REDUCED,) and _SUBDIRECTORIES in tags
    return reduced or _DNG in tags or data[8:10] == b"CR"


def _tags(data: bytes) -> tuple[dict[int, tuple[int, ...]], int]:
    """The whole numbers in the first directory by their tags, and where the last of its values ends."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\x00", b"\x00+")
    word = order + ("Q" if big else "I")
    start, width, inline = (8, 20, 8) if big else (2, 12, 4)
    offset = struct.unpack_from(word, data, 8 if big else 4)[0]
    count = struct.unpack_from(order + ("Q" if big else "H"), data, offset)[0]
    if count > _MOST_TAGS:
        raise Rejected("corrupt", "The TIFF's directory is implausibly long.")
    tags: dict[int, tuple[int, ...]] = {}
    end = 0
    for entry in range(count):
        at = offset + start + entry * width
        tag, kind = struct.unpack_from(order + "HH", data, at)
        number = struct.unpack_from(word, data, at + 4)[0]
        size = _WIDTHS.get(kind, 0) * number
        value = at + width - inline
        if size > inline:
            value = struct.unpack_from(word, data, value)[0]
        end = max(end, value + size)
        if kind in _TYPES and tag not in tags and value + size <= len(data):
            tags[tag] = struct.unpack_from(f"{order}{number}{_TYPES[kind]}", data, value)
    return tags, end
