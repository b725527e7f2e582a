"""A second opinion on what a file shows: Pillow, and a straightforward way from its pixels to a screen.

Decode whole, convert to sRGB by the profile, turn upright, resize, put on white. Nothing is shared with the
engine but the files and, for AVIF and HEIC, the decoders.
"""

import io
import warnings
from typing import Any, cast

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageStat
from tests.engine.pictures import TURNS

SIDE = 64
MEAN, MOST = 5.0, 64
"""What shrinking a JPEG while it is decoded, instead of after, may come to in a picture this small."""

_ORIENTATION = 0x0112
_WITHOUT_A_TRUTH = frozenset(("I", "F", "LAB", "HSV"))
_SRGB = ImageCms.createProfile("sRGB")

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # the child that this runs in has limits of its own


class Unread(Exception):  # noqa: N818 - a state of the file
    """The reference makes nothing of a file."""


def picture(data: bytes) -> Image.Image:
    """The first or main picture of a file as a screen shows it: upright, in sRGB, 8 bits a channel.

    Raises:
        Unread: Pillow cannot read it, or its pixels have a meaning that Pillow does not know.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            opened = Image.open(io.BytesIO(data))
            opened.load()
            turn = _orientation(opened)
            shown = _in_srgb(_eight_bits(opened))
            shown = shown.convert("RGBA" if shown.has_transparency_data else "RGB")
        except MemoryError:
            raise
        except Exception as error:  # Pillow raises nearly everything on broken files
            raise Unread(f"{type(error).__name__}: {error}") from error
    return shown.transpose(TURNS[turn]) if turn in TURNS else shown


def differences(made: bytes, shown: Image.Image) -> tuple[float, int]:
    """How far a rendition is from what it should show on white: mean and most, 0-255 in the worst channel."""
    found = Image.open(io.BytesIO(made))
    expected = _on_white(_resized(shown, found.size))
    if found.format == "JPEG":
        expected = _through_jpeg(expected)
    difference = ImageChops.difference(_on_white(found), expected)
    statistics = ImageStat.Stat(difference)
    return max(statistics.mean), round(max(most for _, most in statistics.extrema))


def size(whole: tuple[int, int]) -> tuple[float, float]:
    """The size that a picture should have inside the box, before it is rounded."""
    factor = min(1.0, SIDE / max(whole))
    return whole[0] * factor, whole[1] * factor


def _resized(shown: Image.Image, size: tuple[int, int]) -> Image.Image:
    if shown.mode != "RGBA" or shown.size == size:
        return shown.resize(size, Image.Resampling.LANCZOS)
    return shown.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _through_jpeg(picture: Image.Image) -> Image.Image:
    """What another JPEG encoder leaves of a picture: hardly the colour of single pixels, for one."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, subsampling=2)
    return Image.open(out)


def _orientation(opened: Image.Image) -> int:
    """The turn that EXIF asks for; TIFF's Pillow has made already, and XMP's nobody else makes."""
    if opened.format == "TIFF":
        return 1
    block = Image.Exif()
    block.load(opened.info.get("exif") or b"")
    turn = block.get(_ORIENTATION, 1)
    return turn if turn in TURNS else 1


def _eight_bits(opened: Image.Image) -> Image.Image:
    if opened.mode in _WITHOUT_A_TRUTH:
        raise Unread(f"Pillow's mode {opened.mode} has no fixed range")
    if opened.mode.startswith("I;16"):
        high = 0 if opened.mode.endswith("B") else 1
        flat = Image.frombytes("L", opened.size, opened.tobytes()[high::2])
        flat.info = opened.info
        return flat
    if opened.has_transparency_data:
        return opened.convert("RGBA")
    if opened.mode in {"1", "L"}:
        return opened.convert("L")
    return opened if opened.mode == "CMYK" else opened.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = cast("Any", source.profile).xcolor_space.strip()
            return _converted(image, source, space)
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that nobody can use is no profile
    return image


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile, space: str) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colour = image.convert("RGB") if image.mode == "RGBA" else image
    wanted = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space)
    if wanted == "RGB" and colour.mode == "L":
        colour = colour.convert("RGB")
    if wanted != colour.mode:
        return image
    intent = ImageCms.Intent.PERCEPTUAL
    done = ImageCms.profileToProfile(colour, source, _SRGB, renderingIntent=intent, outputMode="RGB")
    assert done is not None
    if alpha:
        done.putalpha(alpha)
    return done


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")
