"""Pictures to test with, made in memory by Pillow, and ways to compare them with what the engine made."""

import io
import random
from collections.abc import Sequence
from typing import Any, cast

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageStat

from pixmill import engine
from pixmill.engine import Output, Rendered
from pixmill.errors import Rejected
from pixmill.recipe import Limits, OnTruncated, Recipe, Rendition

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 170, 60), (40, 50, 200), (230, 210, 40)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a stored picture upright, by its EXIF orientation."""

_UNDO = {**TURNS, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}

pillow_heif.register_heif_opener()


def scene(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Soft ramps with a different colour in each corner: no two ways to turn it look alike."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (across, down, ImageChops.invert(across)))
    w, h = max(1, width // 3), max(1, height // 3)
    for colour, corner in (
        (RED, (0, 0)),
        (GREEN, (width - w, 0)),
        (BLUE, (0, height - h)),
        (YELLOW, (width - w, height - h)),
    ):
        picture.paste(colour, (*corner, corner[0] + w, corner[1] + h))
    if mode == "RGBA":
        picture.putalpha(down)
        return picture
    if mode == "LA":
        grey = picture.convert("LA")
        grey.putalpha(down)
        return grey
    return picture.convert(mode)


def stored_as(upright: Image.Image, orientation: int) -> Image.Image:
    """A picture turned so that its orientation tag makes it upright again."""
    return upright.transpose(_UNDO[orientation]) if orientation != 1 else upright


def exif(**tags: object) -> bytes:
    """EXIF with some tags of its first directory, named as in `PIL.ExifTags.Base`."""
    from PIL import ExifTags  # noqa: PLC0415

    block = Image.Exif()
    for name, value in tags.items():
        block[ExifTags.Base[name]] = value
    return block.tobytes()


def encoded(picture: Image.Image, name: str, **options: object) -> bytes:
    """A picture as a file of a format, named as in `engine.FORMATS`, as true to it as the format allows."""
    best: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": 97, "subsampling": 0},
        "webp": {"lossless": True, "exact": True},
        "avif": {"quality": 95, "subsampling": "4:4:4", "speed": 8},
        "heic": {"quality": 95, "chroma": 444},
        "ico": {"sizes": [picture.size]},
    }
    out = io.BytesIO()
    picture.save(out, "HEIF" if name == "heic" else name, **{**best.get(name, {}), **options})
    return out.getvalue()


def noisy(width: int = 256, height: int = 192) -> Image.Image:
    """A picture that does not compress well: damage anywhere in its file is damage to the picture."""
    noise = random.Random(width * height).randbytes(width * height * 3)  # noqa: S311 - it must repeat itself
    return Image.blend(scene(width, height), Image.frombytes("RGB", (width, height), noise), 0.3)


def recipe(*renditions: Rendition, on_truncated: OnTruncated = "reject", **limits: object) -> Recipe:
    """A recipe by hand; one rendition that changes nothing but the format if none is given."""
    return Recipe(
        renditions=renditions or (Rendition(name="same", formats=("png",)),),
        limits=Limits(**cast("dict[str, Any]", limits)),
        on_truncated=on_truncated,
    )


def rendered(data: bytes, **rendition: object) -> Output:
    """The one output of one rendition; as a PNG of the original's size if nothing else is said."""
    said: dict[str, Any] = {"name": "x", "formats": ("png",), "quality": 95, **rendition}
    return outputs(data, Rendition(**said))[0]


def outputs(data: bytes, *renditions: Rendition) -> Sequence[Output]:
    """All outputs of some renditions."""
    return everything(data, *renditions).outputs


def everything(data: bytes, *renditions: Rendition) -> Rendered:
    """All that the engine says of a file and some renditions."""
    return engine.render(data, recipe(*renditions))


def rejection(data: bytes, **limits: float) -> Rejected:
    """Why a file is not rendered, under these limits."""
    with pytest.raises(Rejected) as caught:
        engine.render(data, recipe(on_truncated="reject", **limits))
    return caught.value


def opened(output: Output | bytes) -> Image.Image:
    """What Pillow sees in an output."""
    data = output if isinstance(output, bytes) else output.data
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def distance(first: Image.Image, second: Image.Image) -> float:
    """The mean difference of two pictures, 0-255 a channel; what is transparent has no colour to differ."""
    assert first.size == second.size, f"{first.size} != {second.size}"
    difference = ImageChops.difference(_premultiplied(first), _premultiplied(second))
    return max(ImageStat.Stat(difference).mean)


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The pixel at fractions of width and height, as RGB or RGBA."""
    flat = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    pixel = flat.getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(pixel, tuple)
    return pixel


def near(found: Sequence[int], expected: Sequence[int], tolerance: int = 6) -> bool:
    """Whether two pixels differ by no more than a tolerance in any channel."""
    return len(found) == len(expected) and all(
        abs(a - b) <= tolerance for a, b in zip(found, expected, strict=True)
    )


def _premultiplied(picture: Image.Image) -> Image.Image:
    return (
        picture.convert("RGBA").convert("RGBa").copy() if picture.has_transparency_data else _opaque(picture)
    )


def _opaque(picture: Image.Image) -> Image.Image:
    rgb = picture.convert("RGB")
    return Image.merge("RGBa", (*rgb.split(), Image.new("L", rgb.size, 255)))
