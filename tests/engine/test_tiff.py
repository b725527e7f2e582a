"""TIFF is a family: the common members come out right, the others are refused and never shown wrong."""

import io
import struct
from itertools import product

import pytest
from PIL import Image

from pixmill import engine
from pixmill.engine import vips
from pixmill.errors import Rejected

from .files import tiff
from .pictures import at, distance, encoded, near, opened, rendered, scene, stored_as

MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "LA", "I;16")

WIDTH, HEIGHT = 33, 17
GREY = {256: [WIDTH], 257: [HEIGHT], 259: [1], 262: [1], 277: [1], 278: [HEIGHT]}
COLOUR = {**GREY, 258: [8, 8, 8], 262: [2], 277: [3]}


@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_grey(*, order: str, big: bool, depth: int, white_is_zero: bool) -> None:
    most = (1 << depth) - 1
    tones = [round(x * most / (WIDTH - 1)) for x in range(WIDTH)]
    stored = [most - tone for tone in tones] if white_is_zero else tones
    expected = Image.new("L", (WIDTH, HEIGHT))
    expected.putdata([round(tone * 255 / most) for tone in tones] * HEIGHT)

    tags = {**GREY, 258: [depth], 262: [not white_is_zero]}
    output = rendered(tiff(tags, row(stored, depth, order) * HEIGHT, order=order, big=big))

    assert distance(opened(output), expected) < 1


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        *product(MODES, ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate"]),
        *product(["L", "RGB", "CMYK"], ["jpeg"]),
    ],
)
def test_compressions(mode: str, compression: str) -> None:
    picture = scene(70, 50, mode) if mode != "I;16" else scene(70, 50, "L").convert("I;16")
    data = encoded(picture, "tiff", compression=compression)

    output = rendered(data)

    expected = picture.convert("RGBA" if mode in {"RGBA", "LA"} else "RGB") if mode != "I;16" else None
    if expected is not None:
        assert distance(opened(output), expected) < (40 if mode == "CMYK" else 6)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax(compression: str) -> None:
    picture = scene(70, 50, "1")

    assert distance(opened(rendered(encoded(picture, "tiff", compression=compression))), picture) < 1


def test_tiles() -> None:
    data = bytes(vips.call("tiffsave_buffer", loaded(scene(200, 150)), tile=True, compression="lzw"))

    assert distance(opened(rendered(data)), scene(200, 150)) < 1


def test_ycbcr_in_jpeg() -> None:
    data = bytes(
        vips.call("tiffsave_buffer", loaded(scene(200, 150)), compression="jpeg", Q=95, rgbjpeg=False)
    )

    assert distance(opened(rendered(data)), scene(200, 150)) < 3


@pytest.mark.parametrize("depth", [8, 16])
def test_planes_apart(depth: int) -> None:
    red, green, blue = scene(WIDTH, HEIGHT).split()
    planes = [plane.tobytes() for plane in (red, green, blue)]
    if depth == 16:
        planes = [struct.pack(f"<{len(plane)}H", *(value * 257 for value in plane)) for plane in planes]

    output = rendered(tiff({**COLOUR, 258: [depth] * 3, 284: [2]}, *planes))

    assert distance(opened(output), scene(WIDTH, HEIGHT)) < 1


def test_associated_alpha() -> None:
    """Colour that is stored multiplied by alpha is not multiplied again."""
    pixels = bytes((100, 50, 0, 128)) * WIDTH * HEIGHT

    picture = opened(rendered(tiff({**COLOUR, 258: [8] * 4, 277: [4], 338: [1]}, pixels)))

    assert near(at(picture, 0.5, 0.5), (199, 100, 0, 128), 3)


def test_unassociated_alpha() -> None:
    pixels = bytes((100, 50, 0, 128)) * WIDTH * HEIGHT

    picture = opened(rendered(tiff({**COLOUR, 258: [8] * 4, 277: [4], 338: [2]}, pixels)))

    assert near(at(picture, 0.5, 0.5), (100, 50, 0, 128), 3)


def test_a_fourth_sample_that_is_no_alpha() -> None:
    pixels = bytes((100, 50, 0, 128)) * WIDTH * HEIGHT

    picture = opened(rendered(tiff({**COLOUR, 258: [8] * 4, 277: [4], 338: [0]}, pixels)))

    assert near(at(picture, 0.5, 0.5)[:3], (100, 50, 0), 3)


def test_more_samples_than_colour_and_alpha() -> None:
    pixels = bytes((100, 50, 0, 128, 7)) * WIDTH * HEIGHT

    picture = opened(rendered(tiff({**COLOUR, 258: [8] * 5, 277: [5], 338: [2, 0]}, pixels)))

    assert near(at(picture, 0.5, 0.5)[:3], (100, 50, 0), 3)


def test_the_first_page_of_many() -> None:
    pages = [scene(60, 40), Image.new("RGB", (10, 10), "red")]
    data = encoded(pages[0], "tiff", save_all=True, append_images=pages[1:])

    output = rendered(data, formats=("original",))

    assert engine.probe(data).frames == 1
    assert distance(opened(output), scene(60, 40)) < 1


def test_sixteen_bits_keep_their_scale() -> None:
    samples = struct.pack("<3H", 65535, 32768, 8224) * WIDTH * HEIGHT

    picture = opened(rendered(tiff({**COLOUR, 258: [16] * 3}, samples)))

    assert near(at(picture, 0.5, 0.5), (255, 128, 32), 1)


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({258: [32] * 3, 339: [3] * 3}, "floating point"),
        ({258: [16] * 3, 339: [2] * 3}, "signed"),
        ({258: [32] * 3}, "32 bits"),
        ({258: [5, 6, 5]}, "mixed depths"),
        ({259: [6]}, "old-style JPEG"),
        ({259: [34712]}, "JPEG 2000"),
        ({259: [50000]}, "Zstandard"),
        ({262: [8]}, "Lab in 8 bits"),
        ({262: [32803]}, "a sensor's mosaic"),
        ({262: [5]}, "three inks"),
        ({262: [5], 258: [8] * 4, 277: [4], 332: [2]}, "four inks that are not CMYK"),
        ({258: [8], 277: [1]}, "one sample of RGB"),
        ({262: [3], 258: [16], 277: [1]}, "a palette of 16 bits"),
        ({254: [1], 330: [8]}, "camera raw"),
        ({50706: [1]}, "DNG"),
    ],
)
def test_refused(tags: dict[int, list[int]], why: str) -> None:
    data = tiff({**COLOUR, **tags}, bytes(WIDTH * HEIGHT * 12))

    with pytest.raises(Rejected) as caught:
        rendered(data)

    assert caught.value.code == "unsupported-format", why


@pytest.mark.parametrize("orientation", [3, 6])
def test_orientation_in_tiles(orientation: int) -> None:
    picture = stored_as(scene(160, 90), orientation)
    image = loaded(picture).copy()
    image.set_type(vips.INT, "orientation", orientation)
    data = bytes(vips.call("tiffsave_buffer", image, tile=True))

    assert distance(opened(rendered(data, width=80)), scene(160, 90).resize((80, 45))) < 8


def row(values: list[int], depth: int, order: str) -> bytes:
    """One row of samples, padded to whole bytes."""
    if depth == 16:
        return struct.pack(f"{order}{len(values)}H", *values)
    bits = "".join(f"{value:0{depth}b}" for value in values)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def loaded(picture: Image.Image) -> vips.Image:
    out = io.BytesIO()
    picture.save(out, "png")
    return vips.load(out.getvalue(), "png").copy_memory()
