"""HEIC and AVIF: depths, greys, alpha, several pictures in a file, and sequences."""

import io
import struct

import pillow_heif
import pytest
from PIL import Image

from pixmill import engine
from pixmill.engine import foreign, vips
from pixmill.recipe import Rendition

from .pictures import at, distance, encoded, near, opened, outputs, rendered, scene


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA"])
@pytest.mark.parametrize("name", ["heic", "avif"])
def test_modes(name: str, mode: str) -> None:
    picture = scene(mode=mode)

    output = rendered(encoded(picture, name))

    assert distance(opened(output), picture) < 3


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (65, 33), (200, 7)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("name", ["heic", "avif"])
def test_sizes_that_are_no_multiple_of_anything(name: str, mode: str, size: tuple[int, int]) -> None:
    """Decoders pad their rows."""
    picture = Image.new(mode, size, (200, 80, 20) if mode == "RGB" else (200, 80, 20, 128))

    output = rendered(encoded(picture, name))

    assert (output.width, output.height) == size
    assert distance(opened(output), picture) < 4


@pytest.mark.parametrize(
    ("mode", "channels", "expected"),
    [("RGB;16", (60000, 30000, 1000), (233, 117, 4)), ("I;16", (30000,), (117, 117, 117))],
)
def test_ten_bits(mode: str, channels: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Ten-bit grey is handed out in 16 bits: taken for 8, it would be white."""
    raw = struct.pack(f"<{len(channels)}H", *channels) * 64 * 48
    out = io.BytesIO()
    pillow_heif.from_bytes(mode=mode, size=(64, 48), data=raw).save(out, quality=95, chroma=444)

    assert engine.probe(out.getvalue()).bits == 10
    assert near(at(opened(rendered(out.getvalue())), 0.5, 0.5), expected, 3)


def test_ten_bit_avif() -> None:
    picture = vips_loaded(scene())
    data = bytes(
        vips.call("heifsave_buffer", picture, compression="av1", bitdepth=10, Q=95, subsample_mode="off")
    )

    assert distance(opened(rendered(data)), scene()) < 3


def test_the_primary_picture_of_several() -> None:
    file = pillow_heif.from_pillow(Image.new("RGB", (40, 30), "red"))
    file.add_from_pillow(scene())
    file.add_from_pillow(Image.new("RGB", (50, 60), "blue"))
    out = io.BytesIO()
    file.save(out, primary_index=1, quality=95)

    output = rendered(out.getvalue())

    assert (engine.probe(out.getvalue()).frames, output.frames) == (1, 1)
    assert distance(opened(output), scene()) < 4


def test_a_sequence_shows_its_first_frame() -> None:
    frames = [scene(), Image.new("RGB", scene().size, "red")]
    data = encoded(frames[0], "avif", save_all=True, append_images=frames[1:], duration=100)

    made = outputs(data, Rendition(name="x", formats=("webp", "jpeg", "original")))

    assert engine.probe(data).frames == 2
    for output in made:
        assert (output.frames, output.notes) == (1, ("first-frame",))
        assert distance(opened(output), scene()) < 8


def test_pixels_outlive_the_file_they_came_from() -> None:
    """pi-heif frees what it decoded together with its file object."""
    data = encoded(scene(600, 400), "heic")
    pictures = [foreign.pixels(data, "heic") for _ in range(3)]
    junk = [bytes(600 * 400 * 3) for _ in range(8)]

    averages = {round(picture.avg(), 3) for picture in pictures}

    assert junk
    assert len(averages) == 1
    assert averages.pop() > 50


def vips_loaded(picture: Image.Image) -> vips.Image:
    return vips.load(encoded(picture, "png"), "png").copy_memory()
