"""Formats that libvips' wheel does not read, or reads slower: AVIF, BMP and ICO by Pillow, HEIC by pi-heif.

Both libraries are imported only when such a file comes. Their readers are called by class, not through
`Image.open`: the format was judged already, and the limits are ours.
"""

import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pixmill.engine import vips
from pixmill.engine.structure import icon
from pixmill.errors import Rejected
from pixmill.geometry import Size

if TYPE_CHECKING:
    from PIL import ImageFile

_ORIENTATION, _ARTIST, _COPYRIGHT, _GPS = 0x0112, 0x013B, 0x8298, 0x8825
_BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "RGBa": 4, "I;16": 1}
_EIGHT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What such a file says of itself; the attributes are those of `Probe`."""

    size: Size
    orientation: int = 1
    frames: int = 1
    grey: bool = False
    bits: int = 8
    has_alpha: bool = False
    profile: bytes = b""
    metadata: tuple[str, ...] = ()
    copyright: tuple[tuple[str, str], ...] = ()


def header(data: bytes, name: str) -> Header:
    """Read the header of an AVIF, HEIC, BMP or ICO.

    Raises:
        Undecodable: the library cannot.
        Rejected: an icon has no picture.
    """
    with _blaming_the_file():
        if name == "heic":
            return _heif_header(data)
        if name == "ico":
            return Header(size=icon.largest(data).size, has_alpha=True)
        image = _open(data, name)
        return Header(
            size=Size(*image.size),
            # Pillow reports AVIF's irot and imir as an EXIF orientation and does not turn the pixels.
            orientation=_orientation(image) if name == "avif" else 1,
            frames=getattr(image, "n_frames", 1),
            grey=image.mode in {"1", "L", "LA"},
            has_alpha=image.has_transparency_data,
            **_extras(image.info),
        )


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
            picture = icon.largest(data)
            if picture.is_png:
                return vips.load(picture.data, "png", access="sequential", fail_on="error").copy_memory()
            data = picture.data
        return _pillow_pixels(_open(data, name))


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


def _pillow_pixels(image: "ImageFile.ImageFile") -> vips.Image:
    image.load()
    alpha = image.has_transparency_data
    mode = ("LA" if alpha else "L") if image.mode in {"1", "L", "LA"} else ("RGBA" if alpha else "RGB")
    flat = image if image.mode == mode else image.convert(mode)
    return _from_memory(flat.tobytes(), Size(*flat.size), mode)


def _open(data: bytes, name: str) -> "ImageFile.ImageFile":
    from PIL import AvifImagePlugin, BmpImagePlugin, IcoImagePlugin  # noqa: PLC0415 - only when such a file comes

    readers = {
        "avif": AvifImagePlugin.AvifImageFile,
        "bmp": BmpImagePlugin.BmpImageFile,
        "ico": IcoImagePlugin.IcoImageFile,
    }
    return readers[name](io.BytesIO(data))


def _orientation(image: "ImageFile.ImageFile") -> int:
    value = image.getexif().get(_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def _extras(info: dict[Any, Any]) -> dict[str, Any]:
    """Profile, kinds of metadata and copyright out of what Pillow or pi-heif put into `info`."""
    from PIL import Image  # noqa: PLC0415

    profile = info.get("icc_profile") or b""
    raw: bytes = info.get("exif") or b""
    exif = Image.Exif()
    if raw:
        exif.load(raw)
    texts = (
        (name, str(exif.get(tag, "")).strip("\x00 "))
        for name, tag in (("Artist", _ARTIST), ("Copyright", _COPYRIGHT))
    )
    found = {
        "exif": bool(raw),
        "gps": bool(exif.get_ifd(_GPS)) if raw else False,
        "xmp": bool(info.get("xmp")),
        "icc": bool(profile),
    }
    return {
        "profile": profile,
        "metadata": tuple(kind for kind, there in found.items() if there),
        "copyright": tuple((name, text) for name, text in texts if text),
    }


def _heif_open(data: bytes) -> Any:  # noqa: ANN401 - pi-heif ships no types
    import pi_heif  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    return pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)  # pyright: ignore[reportUnknownMemberType]


def _heif_header(data: bytes) -> Header:
    file = _heif_open(data)
    return Header(
        size=Size(*file.size),
        grey=file.mode in {"L", "LA", "I;16"},
        bits=int(file.info.get("bit_depth", _EIGHT)),
        has_alpha=bool(file.has_alpha),
        **_extras(file.info),
    )


def _heif_pixels(data: bytes) -> vips.Image:
    file = _heif_open(data)
    # A copy: pi-heif frees its own when the file object goes, whoever still looks at it.
    image = _from_memory(bytes(file.data), Size(*file.size), file.mode)
    return image.unpremultiply().cast("uchar") if file.mode == "RGBa" else image


def _from_memory(raw: bytes, size: Size, mode: str) -> vips.Image:
    deep = mode == "I;16"
    image = vips.Image.new_from_memory(raw, *size, _BANDS[mode], "ushort" if deep else "uchar")
    return image.copy(interpretation="grey16" if deep else "b-w" if mode in {"L", "LA"} else "srgb")
