"""Formats that libvips' wheel does not read, or reads slower: AVIF, BMP and ICO by Pillow, HEIC by pi-heif.

Both libraries are imported only when such a file comes. Their readers are called by class, not through
`Image.open`: the format was judged already, and the limits are ours.
"""

import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pixmill.engine import exif, structure, vips
from pixmill.engine.formats import ImageFormat
from pixmill.engine.header import Probe
from pixmill.engine.profile import rgb_space
from pixmill.errors import Rejected
from pixmill.geometry import Size

if TYPE_CHECKING:
    from PIL import ImageFile

_BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "RGBa": 4, "I;16": 1}
_GREYS = frozenset(("1", "L", "LA", "I;16"))
_RGBA = 4


def header(data: bytes, kind: ImageFormat) -> Probe:
    """Read the header of an AVIF, HEIC, BMP or ICO.

    Raises:
        Undecodable: the library cannot.
        Rejected: the file is of a variant that is not read, or its header is broken.
    """
    match kind.name:
        case "heic" | "avif":
            structure.boxes.check(data)
        case "bmp":
            structure.bmp.check(data)
        case "ico":
            found = structure.icon.find(data)
            if found.is_png:
                structure.png.check(data[found.offset : found.offset + found.length])
            return Probe(format=kind, stored=found.size, bands=_RGBA, has_alpha=True)
        case _:
            pass
    with _blaming_the_file():
        return _heif_header(data, kind) if kind.name == "heic" else _pillow_header(data, kind)


def pixels(data: bytes, name: str) -> vips.Image:
    """Decode the first or primary picture whole, 8 bits a channel (16 for deep grey HEIC), into memory.

    HEIC comes upright; AVIF as stored.

    Raises:
        Undecodable, VipsError: the library cannot.
        Rejected: an icon has no picture.
    """
    with _blaming_the_file():
        if name == "heic":
            return _heif_pixels(data)
        if name == "ico":
            picture = structure.icon.largest(data)
            if picture.is_png:
                return vips.load(picture.data, "png", access="sequential", fail_on="error").copy_memory()
            data = picture.data
        image = _open(data, name)
        return _avif_pixels(image) if name == "avif" else _pillow_pixels(image)


@contextmanager
def _blaming_the_file() -> Generator[None]:
    """Pillow and pi-heif raise a dozen kinds of errors on broken files, none of them documented."""
    try:
        with warnings.catch_warnings():
            # Pillow also talks about what it puts right, and about sizes that were judged already.
            warnings.simplefilter("ignore")
            yield
    except (MemoryError, Rejected, vips.VipsError):
        raise
    except Exception as error:
        raise vips.Undecodable(str(error)) from error


def _pillow_header(data: bytes, kind: ImageFormat) -> Probe:
    image = _open(data, kind.name)
    profile, block = image.info.get("icc_profile") or b"", image.info.get("exif") or b""
    return Probe(
        format=kind,
        stored=Size(*image.size),
        # Pillow reports AVIF's irot and imir as an EXIF orientation and does not turn the pixels.
        orientation=exif.orientation(block) if kind.name == "avif" else 1,
        frames=getattr(image, "n_frames", 1),
        colour_space="grey" if image.mode in _GREYS else rgb_space(profile),
        bands=len(image.getbands()),
        has_alpha=image.has_transparency_data,
        coded=max(map(structure.av1.pixels, structure.items.contents(data)), default=0)
        if kind.name == "avif"
        else 0,
        profile=profile,
        metadata=_kinds(image.info),
        copyright=exif.notice(block),
    )


def _pillow_pixels(image: "ImageFile.ImageFile") -> vips.Image:
    image.load()
    alpha = image.has_transparency_data
    mode = ("LA" if alpha else "L") if image.mode in _GREYS else ("RGBA" if alpha else "RGB")
    flat = image if image.mode == mode else image.convert(mode)
    return _from_memory(flat.tobytes(), Size(*flat.size), mode)


def _avif_pixels(image: Any) -> vips.Image:  # noqa: ANN401 - its decoder is untyped
    # Pillow would spread these bytes over memory of its own, only to gather them again.
    raw: bytes = image._decoder.get_frame(0)[0]  # noqa: SLF001
    return _from_memory(raw, Size(*image.size), image.mode)


def _open(data: bytes, name: str) -> "ImageFile.ImageFile":
    from PIL import AvifImagePlugin, BmpImagePlugin, IcoImagePlugin  # noqa: PLC0415 - only when such a file comes

    readers = {
        "avif": AvifImagePlugin.AvifImageFile,
        "bmp": BmpImagePlugin.BmpImageFile,
        "ico": IcoImagePlugin.IcoImageFile,
    }
    return readers[name](io.BytesIO(data))


def _kinds(info: dict[Any, Any]) -> tuple[str, ...]:
    """The kinds of metadata among what Pillow or pi-heif put into `info`."""
    found = {
        "exif": bool(info.get("exif")),
        "gps": exif.has_place(info.get("exif") or b""),
        "xmp": bool(info.get("xmp")),
        "icc": bool(info.get("icc_profile")),
    }
    return tuple(kind for kind, there in found.items() if there)


def _heif_open(data: bytes) -> Any:  # noqa: ANN401 - pi-heif ships no types
    import pi_heif  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    return pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)  # pyright: ignore[reportUnknownMemberType]


def _heif_header(data: bytes, kind: ImageFormat) -> Probe:
    file = _heif_open(data)
    profile = file.info.get("icc_profile") or b""
    return Probe(
        format=kind,
        stored=Size(*file.size),
        colour_space="grey" if file.mode in _GREYS else rgb_space(profile),
        bands=_BANDS[file.mode],
        bits=int(file.info["bit_depth"]),
        has_alpha=bool(file.has_alpha),
        profile=profile,
        metadata=_kinds(file.info),
        copyright=exif.notice(file.info.get("exif") or b""),
    )


def _heif_pixels(data: bytes) -> vips.Image:
    file = _heif_open(data)
    image = _from_memory(file.data, Size(*file.size), file.mode, owner=file)
    return image.unpremultiply().cast("uchar") if file.mode == "RGBa" else image


def _from_memory(raw: bytes | memoryview, size: Size, mode: str, *, owner: object = None) -> vips.Image:
    """A view of pixels in memory, not a copy; it keeps their owner, without whom pi-heif's are gone."""
    deep = mode == "I;16"
    image = vips.Image.new_from_memory(raw, *size, _BANDS[mode], "ushort" if deep else "uchar")
    vips.hold(image, owner)
    return image.copy(interpretation="grey16" if deep else "b-w" if mode in {"L", "LA"} else "srgb")
