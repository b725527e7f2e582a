"""Animations stay animations where the format can, frame for frame; elsewhere their first frame is shown."""

import io
import subprocess
import sys
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageSequence

from pixmill import engine
from pixmill.engine import Output
from pixmill.errors import Rejected
from pixmill.recipe import Rendition

from .pictures import at, distance, encoded, near, opened, outputs, recipe, rendered, scene

DELAYS = [100, 50, 200, 70]
ANIMATED = ["gif", "webp"]


def frames(
    count: int = 4, size: tuple[int, int] = (90, 60), *, transparent: bool = False
) -> list[Image.Image]:
    """A disc that wanders over a scene, or over nothing."""
    made: list[Image.Image] = []
    for number in range(count):
        picture = Image.new("RGBA", size) if transparent else scene(*size, mode="RGBA")
        if not transparent:
            picture.putalpha(255)
        left = number * (size[0] - 20) // max(1, count - 1)
        ImageDraw.Draw(picture).ellipse((left, 20, left + 20, 40), fill=(255, 255, 255, 255))
        made.append(picture)
    return made


def animated(name: str, pictures: Sequence[Image.Image], **options: object) -> bytes:
    options = {"duration": DELAYS[: len(pictures)], "loop": 3, "disposal": 2, **options}
    if name == "webp":
        options = {"lossless": True, **options}
    return encoded(pictures[0], name, save_all=True, append_images=list(pictures[1:]), **options)


def played(data: bytes) -> list[tuple[Image.Image, int]]:
    """Every frame as a viewer shows it, with its delay."""
    shown: list[tuple[Image.Image, int]] = []
    with Image.open(io.BytesIO(data)) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
            shown.append((frame.convert("RGBA"), round(frame.info["duration"])))
    return shown


@pytest.mark.parametrize("output", ["webp", "original"])
@pytest.mark.parametrize("name", ANIMATED)
@pytest.mark.parametrize("transparent", [False, True])
def test_stays_animated(*, name: str, output: str, transparent: bool) -> None:
    pictures = frames(transparent=transparent)

    made = rendered(animated(name, pictures), formats=(output,), width=45)

    shown = played(made.data)
    assert made.frames == len(shown) == 4
    assert [delay for _, delay in shown] == DELAYS
    assert opened(made).info["loop"] == loops(3, name, made)
    assert made.notes == ()
    for (picture, _), original in zip(shown, pictures, strict=True):
        # WebP halves the resolution of colours, and that is much in so small a picture.
        tolerance = 6 if made.data.startswith(b"GIF") else 10
        assert distance(picture, original.resize((45, 30), Image.Resampling.LANCZOS)) < tolerance


@pytest.mark.parametrize("output", ["jpeg", "png", "avif"])
@pytest.mark.parametrize("name", ANIMATED)
def test_first_frame_elsewhere(name: str, output: str) -> None:
    made = rendered(animated(name, frames()), formats=(output,))

    assert (made.frames, made.notes) == (1, ("first-frame",))
    assert distance(opened(made), frames()[0]) < 6


@pytest.mark.parametrize("name", ANIMATED)
def test_animated_and_still_from_one_decode(name: str) -> None:
    webp, jpeg, small = outputs(
        animated(name, frames()),
        Rendition(name="large", width=60, formats=("webp", "jpeg")),
        Rendition(name="small", width=30, height=30, fit="cover", formats=("original",)),
    )

    assert (webp.frames, jpeg.frames, small.frames) == (4, 1, 4)
    assert webp.notes == small.notes == ()
    assert jpeg.notes == ("first-frame",)
    assert [frame.size for frame, _ in played(small.data)] == [(30, 30)] * 4


@pytest.mark.parametrize("fit", ["inside", "contain", "cover", "fill", "outside"])
@pytest.mark.parametrize("size", [(90, 60), (77, 33), (200, 3)])
def test_frames_do_not_run_into_each_other(fit: str, size: tuple[int, int]) -> None:
    """libvips keeps frames below one another: whatever is done must be done to each alone."""
    pictures = [Image.new("RGB", size, colour) for colour in ("red", "lime", "blue")]

    made = rendered(animated("gif", pictures), formats=("webp",), width=31, height=17, fit=fit, sharpen=1.0)

    if size == (200, 3) and fit == "contain":
        return  # a single row between two pads
    for (picture, _), original in zip(played(made.data), pictures, strict=True):
        inner = picture.crop(
            (picture.width // 4, picture.height // 2, 3 * picture.width // 4, picture.height // 2 + 1)
        )
        assert distance(inner, Image.new("RGB", inner.size, original.getpixel((0, 0)))) < 12


@pytest.mark.parametrize("output", ["webp", "original"])
@pytest.mark.parametrize("name", ANIMATED)
def test_a_pause_is_a_part_of_the_animation(name: str, output: str) -> None:
    """Frames that show the same may become one, but not shorter; and the count is that of the file."""
    first, second, *_ = frames()
    data = animated_by_hand(name, [first, first, first, second])

    made = rendered(data, formats=(output,))

    assert sum(delay for _, delay in played(made.data)) == 400
    assert made.frames == len(played(made.data))


def animated_by_hand(name: str, pictures: Sequence[Image.Image]) -> bytes:
    from pixmill.engine import vips  # noqa: PLC0415

    loaded = [vips.load(encoded(picture, "png"), "png").copy_memory() for picture in pictures]
    roll = vips.Image.arrayjoin(loaded, across=1).copy()
    roll.set_type(vips.INT, "page-height", pictures[0].height)
    roll.set_type(vips.INTS, "delay", [100] * len(pictures))
    option = {"keep_duplicate_frames": True} if name == "gif" else {}
    return bytes(vips.call(f"{name}save_buffer", roll, **option))


@pytest.mark.parametrize(("delay", "in_webp"), [(0, 100), (10, 100), (20, 20), (65000, 65000)])
def test_delays_of_nothing(delay: int, in_webp: int) -> None:
    """Browsers take a tenth of a second for them: a GIF keeps what it says, a WebP says what is meant."""
    data = animated("gif", frames(2), duration=delay)

    gif, webp = outputs(data, Rendition(name="x", formats=("original", "webp")))

    assert [shown for _, shown in played(gif.data)] == [delay, delay]
    assert [shown for _, shown in played(webp.data)] == [in_webp, in_webp]


@pytest.mark.parametrize("loop", [0, 2, 3, 65535])
@pytest.mark.parametrize("name", ANIMATED)
def test_loops_are_kept(name: str, loop: int) -> None:
    data = animated(name, frames(2), loop=loop)

    for output in outputs(data, Rendition(name="x", formats=("original", "webp"))):
        assert opened(output).info.get("loop") == loops(loop, name, output), output.format


def loops(number: int, name: str, output: Output) -> int:
    """GIF counts how often an animation is repeated, WebP how often it is shown; 0 means for ever in both."""
    assert output.format is not None
    difference = ("gif", "webp").index(output.format.name) - ("gif", "webp").index(name)
    return number and (number + difference) % 65536


def test_a_gif_that_plays_once() -> None:
    data = encoded(frames()[0].convert("P"), "gif", save_all=True, append_images=[frames()[1].convert("P")])
    assert "loop" not in opened(data).info

    gif, webp = outputs(data, Rendition(name="x", formats=("original", "webp")))

    assert opened(gif).info.get("loop", 1) == 1
    assert opened(webp).info.get("loop") == 1


@pytest.mark.parametrize("name", ANIMATED)
def test_too_many_frames(name: str) -> None:
    data = animated(name, frames(4))

    with pytest.raises(Rejected) as caught:
        engine.render(data, recipe(max_frames=3))

    assert caught.value.code == "too-many-frames"


@pytest.mark.parametrize("name", ANIMATED)
def test_too_many_pixels_in_all_frames(name: str) -> None:
    data = animated(name, frames(4, (100, 100)))

    engine.render(data, recipe(max_megapixels=0.04))
    with pytest.raises(Rejected) as caught:
        engine.render(data, recipe(max_megapixels=0.039))

    assert caught.value.code == "too-many-pixels"


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_gif_frames_that_are_only_parts(disposal: int) -> None:
    """What a viewer shows is the frame on top of those before, as their disposal says."""
    data = gif(
        (40, 30),
        [((0, 0, 40, 30), 1, 1), ((5, 5, 10, 10), 2, disposal), ((20, 10, 10, 10), 3, 1)],
    )
    expected = [picture for picture, _ in played(data)]

    made = rendered(data, formats=("original",))

    for (picture, _), original in zip(played(made.data), expected, strict=True):
        assert distance(picture, original) < 1


def test_a_gif_frame_smaller_than_its_canvas_is_not_surrounded_by_black() -> None:
    data = gif((40, 30), [((10, 10, 10, 10), 1, 1)])

    assert near(at(opened(rendered(data, formats=("jpeg",))), 0.02, 0.02), (255, 255, 255), 4)
    assert at(opened(rendered(data)), 0.02, 0.02)[3] == 0


def test_a_gif_whose_frames_reach_over_its_canvas() -> None:
    data = gif((40, 30), [((0, 0, 40, 30), 1, 1), ((30, 20, 30, 30), 2, 1)])

    output = rendered(data, formats=("original",))

    assert output.frames == 2
    assert (output.width, output.height) == engine.probe(data).size


def test_local_colour_tables() -> None:
    pictures = [picture.convert("RGB").quantize(32) for picture in frames(3)]

    made = rendered(animated("gif", pictures), formats=("original",))

    for (picture, _), original in zip(played(made.data), pictures, strict=True):
        assert distance(picture, original.convert("RGB")) < 6


@pytest.mark.parametrize("name", ANIMATED)
def test_many_frames_need_no_more_memory_than_their_results(name: str) -> None:
    """Frames are reduced one at a time while the file is read: here 160 MB through one of 4 MB."""
    pictures = [Image.new("RGB", (1000, 1000), ((number % 2) * 255, number * 6, 0)) for number in range(40)]
    data = animated(name, pictures, duration=100, disposal=1)

    child = subprocess.run(
        [sys.executable, "-c", GROWTH], input=data, capture_output=True, check=True, timeout=60
    )

    frames_made, grown = map(int, child.stdout.split())
    assert frames_made == 40
    assert grown < 40_000_000


GROWTH = """
import resource, sys
from pixmill import engine
from pixmill.recipe import Recipe, Rendition

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

data = sys.stdin.buffer.read()
recipe = Recipe(renditions=(Rendition(name="x", width=20, formats=("webp",), effort=0),))
before = peak()
made = engine.render(data, recipe).outputs[0].frames
print(made, peak() - before)
"""


def gif(canvas: tuple[int, int], parts: Sequence[tuple[tuple[int, int, int, int], int, int]]) -> bytes:
    """A GIF of plain rectangles.

    Args:
        canvas: its size.
        parts: ((left, top, width, height), colour 0-3, disposal) of each frame.
    """
    import struct  # noqa: PLC0415

    table = bytes((0, 0, 0, 255, 0, 0, 0, 200, 0, 0, 0, 255))
    data = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x81, 0, 0) + table
    data += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    for box, colour, disposal in parts:
        data += b"\x21\xf9\x04" + struct.pack("<BHB", disposal << 2, 10, 0) + b"\x00"
        data += b"\x2c" + struct.pack("<HHHHB", *box, 0) + b"\x02" + lzw(colour, box[2] * box[3])
    return data + b";"


def lzw(colour: int, count: int) -> bytes:
    """So many pixels of one colour, with a clear code before each two so that codes stay 3 bits wide."""
    codes = [code for start in range(0, count, 2) for code in (4, *[colour] * min(2, count - start))] + [5]
    bits = "".join(f"{code:03b}"[::-1] for code in codes)
    raw = bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))
    blocks = [raw[i : i + 255] for i in range(0, len(raw), 255)]
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"
