"""What the first directory of a TIFF or BigTIFF says of its picture (TIFF 6.0)."""

import struct
from typing import NamedTuple

from pixmill.engine.structure import directory
from pixmill.errors import Rejected

_WIDTH, _HEIGHT, _ROWS, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 278, 322, 323
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
_INK_SET = 332

# None, the CCITT three, LZW, JPEG in its new style, deflate under both its numbers, and PackBits. libtiff
# gets old-style JPEG wrong without an error, and the others, Zstandard among them, are not in the wheel.
_COMPRESSIONS = frozenset((1, 2, 3, 4, 5, 7, 8, 32773, 32946))
# Grey both ways round, RGB, palette, CMYK, YCbCr, and Lab, of which libvips reads only 16 bits.
_COLOURS = frozenset((0, 1, 2, 3, 5, 6, 8))
_RGB, _PALETTE, _SEPARATED, _LAB, _LAB_DEPTH = 2, 3, 5, 8, 16
_CMYK = 1
# The samples without which libvips takes a picture's numbers for something else.
_FEWEST = {_RGB: 3, _SEPARATED: 4}
_DEPTHS = frozenset((1, 2, 4, 8, 16))
_UNSIGNED, _APART, _BYTE = 1, 2, 8
# Inks and masks; libvips would hold a copy of a line for each of them.
_MOST_SAMPLES = 32
_REDUCED = 1
_KNOWN = frozenset(
    (
        *(_WIDTH, _HEIGHT, _ROWS, _TILE_WIDTH, _TILE_HEIGHT, _STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES),
        *(_SUBFILE, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANES, _SUBDIRECTORIES),
        *(_SAMPLE_FORMAT, _INK_SET, _DNG),
    )
)


class Page(NamedTuple):
    """What the first directory of a TIFF says.

    Attributes:
        bits: per sample.
        held: bytes that libvips holds at a time: a row of tiles, or strips of all planes; 0 if it reads rows.
        missing: bytes of image data that its strips or tiles name beyond the end of the file.
        cut: whether anything that the directory names lies beyond the end of the file.
    """

    bits: int
    held: int
    missing: int
    cut: bool


def page(data: bytes) -> Page:
    """Read the first directory of a TIFF or BigTIFF.

    Raises:
        Rejected: `unsupported-format` for camera raw files and for samples or compressions that libtiff
            would decode wrongly or not at all; `truncated` or `corrupt` if there is no directory;
            `too-many-parts`.
    """
    try:
        directory.count_pages(data)
        tags, end = directory.first(data, _KNOWN)
    except (struct.error, OverflowError):
        raise Rejected("truncated", "The TIFF ends before its directory does.") from None
    if _is_raw(data, tags):
        raise Rejected("unsupported-format", "This is a camera raw file, which Pixmill does not read.")
    photometric = tags.get(_PHOTOMETRIC, (1,))[0]
    depths = set(tags.get(_BITS, (1,)))
    lab_of_8 = photometric == _LAB and depths != {_LAB_DEPTH}
    large_palette = photometric == _PALETTE and max(depths) > _BYTE
    if photometric not in _COLOURS or lab_of_8 or large_palette:
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
    if samples > _MOST_SAMPLES:
        raise Rejected(
            "unsupported-format",
            f"This TIFF has {samples:,} samples a pixel; Pixmill reads up to {_MOST_SAMPLES}.",
        )
    if samples > 1 and (max(depths) < _BYTE or (planes == _APART and _TILES in tags)):
        raise Rejected(
            "unsupported-format",
            "This TIFF has several samples a pixel in tiles of their own or below 8 bits, which Pixmill "
            "does not read.",
        )
    other_inks = photometric == _SEPARATED and tags.get(_INK_SET, (_CMYK,))[0] != _CMYK
    if other_inks or samples < _FEWEST.get(photometric, 1):
        raise Rejected(
            "unsupported-format",
            f"This TIFF has {samples} samples a pixel that are not all of RGB or CMYK; Pixmill does not read "
            "other inks.",
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
    depth = depths.pop()
    return Page(depth, _held(tags, samples * -(-depth // _BYTE)), missing, missing > 0 or end > len(data))


def is_cut(data: bytes) -> bool:
    """Whether the first directory names anything beyond the end of the file."""
    return page(data).cut


def _held(tags: dict[int, tuple[int, ...]], pixel: int) -> int:
    """Bytes of what libvips decodes at a time, where that is more than some rows.

    Args:
        tags: the directory.
        pixel: bytes of all its samples.
    """

    def first(tag: int, default: int) -> int:
        return next(iter(tags.get(tag, ())), default)

    width, height = first(_WIDTH, 0), first(_HEIGHT, 0)
    if _TILES in tags:
        across, down = first(_TILE_WIDTH, width) or 1, first(_TILE_HEIGHT, height)
        # One row of tiles, and the tile that is being unpacked.
        return (-(-width // across) + 1) * across * down * pixel
    if first(_PLANES, 1) == _APART:
        return width * min(height, first(_ROWS, height)) * (pixel + 1)
    return 0


def _is_raw(data: bytes, tags: dict[int, tuple[int, ...]]) -> bool:
    """Whether this is a camera's raw file: its first picture is but a thumbnail, the rest is no TIFF."""
    reduced = tags.get(_SUBFILE) == (_REDUCED,) and _SUBDIRECTORIES in tags
    return reduced or _DNG in tags or data[8:10] == b"CR"
