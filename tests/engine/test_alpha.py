"""Transparency stays where the format can carry it, and becomes the background where it cannot."""

import pytest
from PIL import Image

from pixmill.recipe import Colour, Rendition

from .pictures import WHITE, at, distance, encoded, near, opened, outputs, rendered, scene

TRANSPARENT_OUT = ["png", "webp", "avif"]


def half(mode: str = "RGBA", left: tuple[int, ...] = (200, 40, 40, 255)) -> Image.Image:
    """Opaque on the left, transparent on the right; what cannot be seen there is green."""
    picture = Image.new("RGBA", (80, 60), (0, 255, 0, 0))
    picture.paste(left, (0, 0, 40, 60))
    return picture.convert(mode)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("png", "RGBA"),
        ("png", "LA"),
        ("png", "P"),
        ("gif", "RGBA"),
        ("webp", "RGBA"),
        ("tiff", "RGBA"),
        ("tiff", "LA"),
    ],
)
def test_flattened_on_white_by_default(name: str, mode: str) -> None:
    picture = half().quantize(16, method=Image.Quantize.FASTOCTREE) if mode == "P" else half(mode)

    output = rendered(encoded(picture, name), formats=("jpeg",))

    assert near(at(opened(output), 0.9, 0.5), WHITE, 3)
    assert at(opened(output), 0.1, 0.5)[1] < 110


@pytest.mark.parametrize("name", ["png", "webp", "tiff", "avif", "heic", "gif", "ico"])
def test_flattened_on_the_background(name: str) -> None:
    data = encoded(half(), name)

    picture = opened(rendered(data, formats=("jpeg",), background=Colour(10, 20, 200)))

    assert near(at(picture, 0.9, 0.5), (10, 20, 200), 8)
    assert near(at(picture, 0.1, 0.5), (200, 40, 40), 12)


@pytest.mark.parametrize("name", ["png", "webp", "tiff", "avif", "heic", "gif", "ico"])
@pytest.mark.parametrize("output", TRANSPARENT_OUT)
def test_kept_where_the_format_can(name: str, output: str) -> None:
    picture = opened(rendered(encoded(half(), name), formats=(output,)))

    assert near(at(picture, 0.1, 0.5), (200, 40, 40, 255), 10)
    assert at(picture, 0.9, 0.5)[3] < 8


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_half_transparent_keeps_its_colour(mode: str) -> None:
    picture = scene(mode=mode)

    assert distance(opened(rendered(encoded(picture, "png"))), picture.convert("RGBA")) < 1


@pytest.mark.parametrize("fit", ["inside", "cover", "fill"])
def test_hidden_colours_do_not_bleed_over_edges(fit: str) -> None:
    """What is transparent has no colour: reducing must not mix its green into the red beside it."""
    data = encoded(half().resize((801, 601), Image.Resampling.NEAREST), "png")

    picture = opened(rendered(data, width=37, height=23, fit=fit))

    raw = picture.convert("RGBA").tobytes()
    greens = [raw[i + 1] for i in range(0, len(raw), 4) if raw[i + 3] > 8]
    assert greens
    assert max(greens) < 60


def test_opaque_alpha_is_dropped() -> None:
    picture = scene()
    picture.putalpha(255)

    for name in TRANSPARENT_OUT:
        assert opened(rendered(encoded(picture, "png"), formats=(name,))).mode == "RGB"


@pytest.mark.parametrize("name", TRANSPARENT_OUT)
def test_padding_is_transparent_where_the_format_can(name: str) -> None:
    size = {"width": 100, "height": 100, "fit": "contain", "background": Colour(0, 0, 0, 0)}

    picture = opened(rendered(encoded(scene(300, 100), "jpeg"), formats=(name,), **size))

    assert picture.size == (100, 100)
    assert at(picture, 0.5, 0.02)[3] == 0
    assert at(picture, 0.5, 0.5)[3] == 255


def test_transparent_padding_is_white_where_the_format_cannot() -> None:
    size = {"width": 100, "height": 100, "fit": "contain", "background": Colour(0, 0, 0, 0)}

    picture = opened(rendered(encoded(scene(300, 100, "RGBA"), "png"), formats=("jpeg",), **size))

    assert near(at(picture, 0.5, 0.02), WHITE, 3)
    assert near(at(picture, 0.02, 0.34), WHITE, 30), "the picture's own transparent part"


def test_half_transparent_background() -> None:
    jpeg, png = outputs(
        encoded(scene(300, 100), "jpeg"),
        Rendition(
            name="x",
            formats=("jpeg", "png"),
            width=100,
            height=100,
            fit="contain",
            background=Colour(255, 0, 0, 128),
        ),
    )

    assert near(at(opened(png), 0.5, 0.02), (255, 0, 0, 128), 1)
    assert near(at(opened(jpeg), 0.5, 0.02), (255, 127, 127), 5), "laid over white"


@pytest.mark.parametrize("name", ["png", "webp", "tiff", "gif"])
def test_original_keeps_transparency(name: str) -> None:
    output = rendered(encoded(half(), name), formats=("original",))

    assert output.format is not None
    assert output.format.name == name
    assert at(opened(output), 0.9, 0.5)[3] < 8


def test_transparent_heic_becomes_png() -> None:
    output = rendered(encoded(half(), "heic"), formats=("original",))

    assert output.format is not None
    assert output.format.name == "png"
    assert output.notes == ("format-substituted",)


def test_opaque_heic_becomes_jpeg() -> None:
    output = rendered(encoded(scene(), "heic"), formats=("original",))

    assert output.format is not None
    assert output.format.name == "jpeg"


def test_apng_shows_its_default_image() -> None:
    frames = [scene(60, 40), Image.new("RGB", (60, 40), "red")]
    data = encoded(frames[0], "png", save_all=True, append_images=frames[1:])

    output = rendered(data)

    assert distance(opened(output), scene(60, 40)) < 1
