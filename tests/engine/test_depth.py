"""Every depth and colour type of PNG and TIFF keeps its tones: none comes out black, white or negative."""

import pytest
from PIL import Image

from pixmill import engine

from .files import COLOUR, COLOUR_ALPHA, GREY, GREY_ALPHA, PALETTE, png
from .pictures import at, distance, encoded, near, opened, rendered, scene

SIZE = (33, 17)
DEPTHS = (1, 2, 4, 8, 16)


def ramp(depth: int) -> list[list[int]]:
    """Rows from black on the left to white on the right."""
    most, (width, height) = (1 << depth) - 1, SIZE
    return [[round(x * most / (width - 1)) for x in range(width)] for _ in range(height)]


def greys(depth: int) -> Image.Image:
    """The same ramp in 8 bits."""
    most = (1 << depth) - 1
    picture = Image.new("L", SIZE)
    picture.putdata([round(value * 255 / most) for row in ramp(depth) for value in row])
    return picture


@pytest.mark.parametrize("depth", DEPTHS)
def test_grey_png(depth: int) -> None:
    output = rendered(png(SIZE, depth, GREY, ramp(depth)))

    assert distance(opened(output), greys(depth)) < 1


@pytest.mark.parametrize("depth", DEPTHS)
def test_grey_png_with_a_transparent_tone(depth: int) -> None:
    """Pillow gets this wrong at 2, 4 and 16 bits."""
    white = (1 << depth) - 1
    data = png(SIZE, depth, GREY, ramp(depth), {b"tRNS": white.to_bytes(2, "big")})

    picture = opened(rendered(data))

    assert picture.mode == "RGBA"
    assert near(at(picture, 0, 0.5), (0, 0, 0, 255))
    assert at(picture, 1, 0.5)[3] == 0


@pytest.mark.parametrize("depth", [8, 16])
def test_grey_png_with_alpha(depth: int) -> None:
    most = (1 << depth) - 1
    rows = [[value for pair in zip(row, reversed(row), strict=True) for value in pair] for row in ramp(depth)]

    picture = opened(rendered(png(SIZE, depth, GREY_ALPHA, rows)))

    assert near(at(picture, 0, 0.5), (0, 0, 0, 255), 8)
    assert near(at(picture, 0.25, 0.5), (64, 64, 64, 191), 8)
    assert most > 0


@pytest.mark.parametrize("depth", [8, 16])
def test_colour_png(depth: int) -> None:
    most = (1 << depth) - 1
    rows = [[channel for value in row for channel in (value, most - value, most // 4)] for row in ramp(depth)]

    picture = opened(rendered(png(SIZE, depth, COLOUR, rows)))

    assert near(at(picture, 0, 0.5), (0, 255, 64))
    assert near(at(picture, 0.5, 0.5), (128, 128, 64))


@pytest.mark.parametrize("depth", [8, 16])
def test_colour_png_with_a_transparent_colour(depth: int) -> None:
    most = (1 << depth) - 1
    rows = [[channel for value in row for channel in (value, 0, 0)] for row in ramp(depth)]
    data = png(SIZE, depth, COLOUR, rows, {b"tRNS": most.to_bytes(2, "big") + bytes(4)})

    picture = opened(rendered(data))

    assert near(at(picture, 0, 0.5), (0, 0, 0, 255))
    assert at(picture, 1, 0.5)[3] == 0


@pytest.mark.parametrize("depth", [8, 16])
def test_colour_png_with_alpha(depth: int) -> None:
    most = (1 << depth) - 1
    rows = [[channel for value in row for channel in (most, most // 2, 0, value)] for row in ramp(depth)]

    picture = opened(rendered(png(SIZE, depth, COLOUR_ALPHA, rows)))

    assert near(at(picture, 0.5, 0.5), (255, 127, 0, 128))
    assert at(picture, 0, 0.5)[3] == 0


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_palette_png(depth: int) -> None:
    most = (1 << depth) - 1
    palette = bytes(channel for i in range(most + 1) for channel in (255, i * 255 // most, 0))

    picture = opened(rendered(png(SIZE, depth, PALETTE, ramp(depth), {b"PLTE": palette})))

    assert picture.mode == "RGB"
    assert near(at(picture, 0, 0.5), (255, 0, 0))
    assert near(at(picture, 1, 0.5), (255, 255, 0))


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_palette_png_with_alpha(depth: int) -> None:
    most = (1 << depth) - 1
    palette = bytes(channel for i in range(most + 1) for channel in (255, i * 255 // most, 0))
    data = png(SIZE, depth, PALETTE, ramp(depth), {b"PLTE": palette, b"tRNS": b"\x00"})

    picture = opened(rendered(data))

    assert at(picture, 0, 0.5)[3] == 0
    assert near(at(picture, 1, 0.5), (255, 255, 0, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("interlaced", [False, True])
def test_interlaced_png(*, mode: str, interlaced: bool) -> None:
    from pixmill.engine import vips  # noqa: PLC0415

    plain = encoded(scene(50, 40).convert(mode), "png")
    data = bytes(vips.call("pngsave_buffer", vips.load(plain, "png"), interlace=interlaced))

    assert engine.probe(data).progressive is interlaced
    assert distance(opened(rendered(data)), opened(plain).convert("RGBA" if mode == "LA" else "RGB")) < 1
