"""What an original is, as far as its header tells."""

from typing import Any

import msgspec

from pixmill.engine import exif
from pixmill.engine.formats import ImageFormat
from pixmill.geometry import Size, upright

# Bytes that a decoder holds for each pixel of the whole picture, whatever shrink it is asked for; measured
# as growth of the process on 24 megapixels, the worst kind of each format, rounded up.
_WHOLE = {"webp": 9, "gif": 6, "avif": 18, "heic": 13, "bmp": 10, "ico": 10}


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What an original is.

    Attributes:
        format: the format of its content.
        stored: size in pixels as stored, before its orientation is applied.
        orientation: EXIF orientation 1-8 that is still to be applied.
        frames: 1, or the number of frames of an animation.
        colour_space: "srgb", "rgb" (another RGB profile), "cmyk" or "grey".
        bands: channels, alpha included.
        bits: per channel.
        has_alpha: whether it has transparency.
        progressive: progressive JPEG or interlaced PNG: must be decoded whole.
        coded: pixels that an AVIF's stream says it has; what the container says may be less.
        held: bytes that decoding it takes by its own structure: a JPEG's coefficients, a TIFF's tiles.
        profile: its ICC profile; empty if it has none.
        metadata: the kinds of metadata it carries, of "exif", "gps", "xmp", "iptc", "icc", "comment".
        copyright: EXIF Artist and Copyright, as far as it has them.
    """

    format: ImageFormat
    stored: Size
    orientation: int = 1
    frames: int = 1
    colour_space: str = "srgb"
    bands: int = 3
    bits: int = 8
    has_alpha: bool = False
    progressive: bool = False
    coded: int = 0
    held: int = 0
    profile: bytes = b""
    metadata: tuple[str, ...] = ()
    copyright: exif.Notice = ()

    @property
    def size(self) -> Size:
        """The upright size in pixels."""
        return upright(self.stored, self.orientation)

    @property
    def memory(self) -> int:
        """The estimated peak in bytes of decoding one frame; what streams line by line counts as nothing."""
        pixels = max(self.stored.width * self.stored.height, self.coded)
        if self.format.name in _WHOLE:
            return pixels * _WHOLE[self.format.name]
        if self.format.name == "png" and self.progressive:
            return pixels * self.bands * -(-self.bits // 8)
        return self.held


def describe(found: Probe) -> dict[str, Any]:
    """The probe as plain values, in the order in which people ask for them."""
    return {
        "format": found.format.name,
        "width": found.size.width,
        "height": found.size.height,
        "orientation": found.orientation,
        "frames": found.frames,
        "colour_space": found.colour_space,
        "bits": found.bits,
        "has_alpha": found.has_alpha,
        "progressive": found.progressive,
        "metadata": list(found.metadata),
        "estimated_memory": found.memory,
    }
