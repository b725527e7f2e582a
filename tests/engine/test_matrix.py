"""Every format that is read, as every format that is written: the right type, size and picture."""

import pytest
from PIL import Image

from pixmill import engine
from pixmill.engine import FORMATS
from pixmill.recipe import Format, OutputFormat, Rendition

from .pictures import distance, encoded, opened, outputs, scene

INPUTS = tuple(FORMATS)
OUTPUTS = ("jpeg", "webp", "avif", "png", "original")
PILLOW = {"jpeg": "JPEG", "webp": "WEBP", "avif": "AVIF", "png": "PNG", "gif": "GIF", "tiff": "TIFF"}
WRITTEN: dict[str, OutputFormat] = {"heic": "jpeg", "bmp": "png", "ico": "png"}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("name", "mode"),
    [
        (name, mode)
        for name in INPUTS
        for mode in ("RGB", "RGBA", "L")
        if mode != "RGBA" or FORMATS[name].alpha
    ],
)
def test_matrix(name: str, output: Format, mode: str) -> None:
    picture = scene(200, 150, mode)
    data = encoded(picture, name)

    large, small = outputs(
        data,
        Rendition(name="large", width=120, quality=95, formats=(output,)),
        Rendition(name="small", width=40, quality=95, formats=(output,)),
    )

    assert engine.probe(data).format.name == name
    for made, size in ((large, (120, 90)), (small, (40, 30))):
        assert made.format is not None
        expected = output if output != "original" else WRITTEN.get(name, name)
        if (name, mode, output) == ("heic", "RGBA", "original"):
            expected = "png"
        assert made.format.name == expected
        assert made.format.media_type == f"image/{expected}"
        shown = opened(made)
        assert shown.format == PILLOW[expected]
        assert shown.size == size == (made.width, made.height)
        reference = opened(data).convert("RGBA").resize(size)
        if not made.format.alpha:
            reference = on_white(reference)
        # Palettes, and colours at half the resolution in so small a picture, are the formats' own.
        assert distance(shown, reference) < (12 if "gif" in {name, expected} else 9)


def on_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return white.convert("RGB")
