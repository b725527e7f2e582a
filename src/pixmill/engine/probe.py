"""What an original is, from its header alone: no pixel is decoded here.

`probe` says what the engine sees; `admit` judges that against the recipe's limits. Both are cheap enough to
run on every upload before a decoder gets to work.
"""

import re
from dataclasses import dataclass
from typing import Any

from pixmill.engine import foreign, structure, vips
from pixmill.engine.colour import is_rgb, is_srgb
from pixmill.engine.formats import FORMATS, ImageFormat, sniff
from pixmill.errors import Rejected
from pixmill.geometry import Size, upright
from pixmill.recipe import Limits

# Bytes that a decoder holds for each pixel of the whole picture, whatever shrink it is asked for; measured
# over the formats' test files and rounded up. Formats that can be streamed need only some lines.
_STREAMED = 0
_JPEG_COEFFICIENTS = 2
_AVIF = 15
_HEIC = 8
_WEBP = 6
_RASTER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What an original is.

    Attributes:
        format: the format of its content.
        stored: size in pixels as stored, before its orientation is applied.
        orientation: EXIF orientation 1-8 that is still to be applied.
        frames: 1, or the number of frames of an animation.
        colour_space: "srgb", "rgb" (another RGB profile), "cmyk" or "grey".
        bits: per channel.
        has_alpha: whether it has transparency.
        progressive: progressive JPEG or interlaced PNG: must be decoded whole.
        profile: its ICC profile; empty if it has none.
        metadata: the kinds of metadata it carries, of "exif", "gps", "xmp", "iptc", "icc", "comment".
        copyright: EXIF Artist and Copyright, as far as it has them.
        memory: the estimated peak in bytes of decoding it.
    """

    format: ImageFormat
    stored: Size
    orientation: int = 1
    frames: int = 1
    colour_space: str = "srgb"
    bits: int = 8
    has_alpha: bool = False
    progressive: bool = False
    profile: bytes = b""
    metadata: tuple[str, ...] = ()
    copyright: tuple[tuple[str, str], ...] = ()
    memory: int = 0

    @property
    def size(self) -> Size:
        """The upright size in pixels."""
        return upright(self.stored, self.orientation)


def probe(data: bytes) -> Probe:
    """Read the header.

    Raises:
        Rejected: the bytes are no image, no supported one, or their header cannot be read.
    """
    kind = sniff(data)
    if kind.reader == "vips":
        return _probe_vips(data, kind)
    with vips.decoding(data, kind.name):
        header = foreign.header(data, kind.name)
    pixels = header.size.width * header.size.height
    return Probe(
        format=kind,
        stored=header.size,
        orientation=header.orientation,
        frames=header.frames,
        colour_space="grey" if header.grey else _rgb_space(header.profile),
        bits=header.bits,
        has_alpha=header.has_alpha,
        profile=header.profile,
        metadata=header.metadata,
        copyright=header.copyright,
        memory=pixels * {"avif": _AVIF, "heic": _HEIC}.get(kind.name, _RASTER),
    )


def admit_size(size: int, limits: Limits) -> None:
    """Judge the number of bytes, before they are fetched.

    Raises:
        Rejected: `too-many-bytes`.
    """
    if size > limits.max_bytes:
        raise Rejected(
            "too-many-bytes", f"The file has {size:,} bytes; the recipe allows {limits.max_bytes:,}."
        )


def admit(found: Probe, limits: Limits, *, animated: bool) -> None:
    """Judge a header against the limits.

    Args:
        found: what the header says.
        limits: the recipe's.
        animated: whether all frames are to be decoded, or only the first.

    Raises:
        Rejected: `too-long-a-side`, `too-many-frames`, `too-many-pixels` or `too-much-memory`.
    """
    width, height = found.stored
    if max(width, height) > limits.max_side:
        raise Rejected(
            "too-long-a-side",
            f"The picture is {width} x {height} pixels; the recipe allows {limits.max_side} a side.",
        )
    if found.frames > limits.max_frames:
        raise Rejected(
            "too-many-frames",
            f"The animation has {found.frames:,} frames; the recipe allows {limits.max_frames:,}.",
        )
    megapixels = width * height * found.frames / 1e6
    if megapixels > limits.max_megapixels:
        frames = f" in {found.frames} frames" if found.frames > 1 else ""
        raise Rejected(
            "too-many-pixels",
            f"The picture has {megapixels:,.1f} megapixels ({width} x {height}{frames}); "
            f"the recipe allows {limits.max_megapixels:,}.",
        )
    memory = found.memory * found.frames if animated else found.memory
    if memory > limits.max_memory:
        raise Rejected(
            "too-much-memory",
            f"Decoding this {found.format.name.upper()} would need about {memory >> 20:,} MiB; "
            f"the recipe allows {limits.max_memory >> 20:,} MiB.",
        )


def _probe_vips(data: bytes, kind: ImageFormat) -> Probe:
    progressive = False
    if kind.name == "jpeg":
        progressive = structure.jpeg.frame(data).progressive
    elif kind.name == "png":
        progressive = structure.png.is_interlaced(data)
    elif kind.name == "tiff":
        structure.tiff.page(data)
    with vips.decoding(data, kind.name):
        image = vips.load(data, kind.name, **({"n": -1} if kind.animation else {}))
        header = _Header(image)
    frames = header.number("n-pages", 1) if kind.animation else 1
    stored = Size(image.width, header.number("page-height", image.height) if frames > 1 else image.height)
    pixels = stored.width * stored.height
    bits = 16 if image.format == "ushort" else 8
    per_pixel = {"webp": _WEBP, "gif": 4}.get(
        kind.name, image.bands * bits // 8 if progressive else _STREAMED
    )
    if kind.name == "jpeg" and progressive:
        per_pixel = image.bands * _JPEG_COEFFICIENTS
    profile = header.blob("icc-profile-data")
    return Probe(
        format=kind,
        stored=stored,
        orientation=header.orientation(),
        frames=frames,
        colour_space=_colour_space(image.interpretation, profile),
        bits=bits,
        has_alpha=bool(image.hasalpha()),
        progressive=progressive,
        profile=profile,
        metadata=header.kinds(),
        copyright=header.copyright(),
        memory=pixels * per_pixel,
    )


def _colour_space(interpretation: object, profile: bytes) -> str:
    if interpretation == "cmyk":
        return "cmyk"
    if interpretation in ("b-w", "grey16"):
        return "grey"
    return _rgb_space(profile)


def _rgb_space(profile: bytes) -> str:
    return "rgb" if is_rgb(profile) and not is_srgb(profile) else "srgb"


class _Header:
    """The metadata fields of a libvips image."""

    def __init__(self, image: vips.Image) -> None:
        self._image = image
        self._fields = set(image.get_fields())

    def _get(self, field: str) -> Any:  # noqa: ANN401 - libvips decides
        return self._image.get(field) if field in self._fields else None

    def number(self, field: str, default: int) -> int:
        value = self._get(field)
        return value if isinstance(value, int) else default

    def blob(self, field: str) -> bytes:
        value = self._get(field)
        return bytes(value) if value is not None else b""

    def orientation(self) -> int:
        value = self.number("orientation", 1)
        return value if 1 <= value <= 8 else 1  # noqa: PLR2004 - EXIF 2.32, tag 0x0112

    def kinds(self) -> tuple[str, ...]:
        fields = self._fields
        found = {
            "exif": "exif-data" in fields,
            "gps": any(field.startswith("exif-ifd3-") for field in fields),
            "xmp": "xmp-data" in fields,
            "iptc": "iptc-data" in fields,
            "icc": "icc-profile-data" in fields,
            "comment": any("comment" in field for field in fields),
        }
        return tuple(kind for kind, there in found.items() if there)

    def copyright(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for name in ("Artist", "Copyright"):
            value = self._get(f"exif-ifd0-{name}")
            if isinstance(value, str):
                # libvips appends "(text, ASCII, 7 components, 7 bytes)" to what libexif says.
                text = re.sub(r" \(.*, \w+, \d+ components?, \d+ bytes?\)$", "", value).strip()
                if text:
                    found.append((name, text))
        return tuple(found)


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


__all__ = ["FORMATS", "Probe", "admit", "admit_size", "describe", "probe"]
