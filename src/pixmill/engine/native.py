"""The headers that libvips reads: JPEG, PNG, WebP, GIF and TIFF."""

from typing import Any

from pixmill.engine import exif, structure, vips
from pixmill.engine.formats import ImageFormat
from pixmill.engine.header import Probe
from pixmill.engine.profile import rgb_space
from pixmill.geometry import Size


def header(data: bytes, kind: ImageFormat) -> Probe:
    """Read the header.

    Raises:
        Rejected: the file is of a variant that is not read, or its header is broken.
        VipsError: libvips cannot read it.
    """
    progressive, comment, see_through, held = False, False, False, 0
    match kind.name:
        case "jpeg":
            frame = structure.jpeg.frame(data)
            progressive, comment, held = frame.progressive, frame.comment, frame.coefficients
        case "png":
            structure.png.check(data)
            progressive = structure.png.is_interlaced(data)
        case "tiff":
            held = structure.tiff.page(data).held
        case "webp":
            structure.riff.check(data)
        case "gif":
            structure.gif.check(data)
            see_through = structure.gif.seen_through(data) is not data
        case _:
            pass
    image = vips.load(data, kind.name, **({"n": -1} if kind.animation else {}))
    fields = _Fields(image)
    frames = fields.number("n-pages", 1) if kind.animation else 1
    profile, block = fields.blob("icc-profile-data"), _exif(data, kind, fields)
    return Probe(
        format=kind,
        stored=Size(image.width, fields.number("page-height", image.height) if frames > 1 else image.height),
        orientation=fields.orientation() if kind.name != "png" else exif.orientation(block),
        frames=frames,
        colour_space=_colour_space(image.interpretation, profile),
        bands=image.bands,
        bits=16 if image.format == "ushort" else 8,
        has_alpha=bool(image.hasalpha()) or see_through,
        progressive=progressive,
        held=held,
        profile=profile,
        metadata=fields.kinds(comment=comment, place=exif.has_place(block)),
        copyright=exif.notice(block),
    )


def _exif(data: bytes, kind: ImageFormat, fields: "_Fields") -> bytes:
    match kind.name:
        case "tiff":
            return data
        case "png":
            return structure.png.exif(data)
        case _:
            return fields.blob("exif-data")


def _colour_space(interpretation: object, profile: bytes) -> str:
    if interpretation == "cmyk":
        return "cmyk"
    return "grey" if interpretation in {"b-w", "grey16"} else rgb_space(profile)


class _Fields:
    """The metadata fields of a libvips image."""

    def __init__(self, image: vips.Image) -> None:
        self._image = image
        self._names = vips.fields(image)

    def number(self, name: str, default: int) -> int:
        value = self._get(name)
        return value if isinstance(value, int) else default

    def blob(self, name: str) -> bytes:
        value = self._get(name)
        return bytes(value) if value is not None else b""

    def orientation(self) -> int:
        value = self.number("orientation", 1)
        return value if value in range(1, 9) else 1

    def kinds(self, *, comment: bool, place: bool) -> tuple[str, ...]:
        found = {
            "exif": "exif-data" in self._names,
            "gps": place,
            "xmp": "xmp-data" in self._names,
            "iptc": "iptc-data" in self._names,
            "icc": "icc-profile-data" in self._names,
            "comment": comment or any("comment" in name for name in self._names),
        }
        return tuple(kind for kind, there in found.items() if there)

    def _get(self, name: str) -> Any:  # noqa: ANN401 - libvips decides
        return self._image.get(name) if name in self._names else None
