"""The first sketch's handler, fault by fault: what its way with Pillow gives, and what the engine gives.

The functions named `sketch_...` do what the sketch did. Each test shows that their result is wrong by the
rule that ours is right by, so that it would have failed against the sketch.
"""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps
from tests.engine.bombs.nested import of_size

from pixmill import engine, render
from pixmill.engine import Output, decode
from pixmill.errors import Rejected
from pixmill.keys import rendition_key
from pixmill.recipe import Colour, Recipe, Rendition
from pixmill.settings import Settings

from . import profiles
from .files import GREY, chunk, png
from .pictures import (
    WHITE,
    at,
    distance,
    encoded,
    exif,
    near,
    opened,
    outputs,
    recipe,
    rendered,
    scene,
    stored_as,
)

SKETCH_EXTENSIONS = {"jpg", "jpeg", "png", "gif", "bmp", "webp"}


def sketch(data: bytes, box: tuple[int, int] = (96, 64)) -> Image.Image:
    """The sketch's `process_image`: convert, thumbnail, pad on white, save as JPEG."""
    picture = Image.open(io.BytesIO(data))
    if picture.mode in {"RGBA", "P"}:
        flat = Image.new("RGB", picture.size, (255, 255, 255))
        flat.paste(picture, mask=picture.split()[-1] if picture.mode == "RGBA" else None)
        picture = flat
    elif picture.mode != "RGB":
        picture = picture.convert("RGB")
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", box, (255, 255, 255))
    sheet.paste(picture, ((box[0] - picture.width) // 2, (box[1] - picture.height) // 2))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=85)
    return opened(out.getvalue())


def jpeg(data: bytes, **rendition: object) -> Output:
    return rendered(data, formats=("jpeg",), **rendition)


@pytest.mark.parametrize("name", ["png", "gif", "webp", "bmp"])
def test_31_the_name_and_the_type_say_what_the_bytes_are(name: str) -> None:
    data = encoded(scene(), name)
    assert sketch(data).format == "JPEG", f"served as x.{name} with the type image/{name}"

    for output in outputs(data, Rendition(name="x", formats=("jpeg", "webp", "avif", "png", "original"))):
        assert output.format is not None
        shown = opened(output)
        assert Image.MIME[shown.format or ""] == output.format.media_type
        key = rendition_key("x", f"cats/cat.{name}", output.format.extension)
        assert key.endswith(f".{name}.{output.format.extension}")


def test_32_pictures_stand_upright() -> None:
    data = encoded(stored_as(scene(), 6), "jpeg", exif=exif(Orientation=6))
    lying = Image.open(io.BytesIO(data)).convert("RGB")
    assert lying.size == (64, 96), "and the tag that would say so is dropped"
    assert distance(sketch(data), scene()) > 20

    assert distance(opened(rendered(data)), scene()) < 2


@pytest.mark.parametrize("mode", ["LA", "P"])
def test_33_what_is_transparent_becomes_the_background(mode: str) -> None:
    picture = Image.new("RGBA", (96, 64), (10, 20, 30, 0))
    picture.paste((200, 60, 60, 255), (0, 0, 48, 64))
    data = encoded(picture.convert("LA") if mode == "LA" else with_palette(picture), "png")
    assert not near(at(sketch(data), 0.9, 0.5), WHITE, 30)

    assert near(at(opened(jpeg(data)), 0.9, 0.5), WHITE, 3)
    assert near(at(opened(jpeg(data, background=Colour(0, 0, 255))), 0.9, 0.5), (0, 0, 255), 4)


def test_34_sixteen_bit_grey_keeps_its_tones() -> None:
    data = png((96, 64), 16, GREY, [[x * 65535 // 95 for x in range(96)] for _ in range(64)])
    try:
        middle = at(sketch(data), 0.5, 0.5)
    except OSError:
        middle = WHITE  # some versions of Pillow raise, some show white
    assert not near(middle, (128, 128, 128), 20)

    assert near(at(opened(jpeg(data)), 0.5, 0.5), (128, 128, 128), 3)


@pytest.mark.parametrize("size", [(40, 30), (2000, 100)])
def test_35_pictures_are_not_stamps_on_white_sheets(size: tuple[int, int]) -> None:
    data = encoded(Image.new("RGB", size, (30, 60, 90)), "jpeg")
    sheet = sketch(data, (800, 600))
    white = dict(enumerate(sheet.convert("L").histogram()))[255]
    assert white > 0.8 * 800 * 600

    output = jpeg(data, width=800, height=600)

    assert near(at(opened(output), 0, 0), (30, 60, 90), 3)
    assert output.width / output.height == pytest.approx(size[0] / size[1], rel=0.02)


@pytest.mark.parametrize("kind", ["display-p3", "cmyk"])
def test_36_colours_are_what_the_profile_means(kind: str) -> None:
    if kind == "cmyk":
        picture, profile = scene().convert("CMYK"), profiles.cmyk()
    else:
        picture, profile = scene(), profiles.rgb(profiles.DISPLAY_P3, profiles.parametric())
    data = encoded(picture, "jpeg", icc_profile=profile)
    expected = ImageCms.profileToProfile(
        picture,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert expected is not None
    shown = sketch(data)
    assert "icc_profile" not in shown.info, "nothing says any more what the numbers mean"
    assert distance(shown, expected) > 4

    assert distance(opened(rendered(data)), expected) < 2


def test_37_animations_move_or_say_that_they_do_not() -> None:
    frames = [scene(), ImageOps.mirror(scene()), ImageOps.flip(scene())]
    data = encoded(frames[0], "gif", save_all=True, append_images=frames[1:], duration=100)
    assert getattr(sketch(data), "n_frames", 1) == 1

    still, webp, gif = outputs(data, Rendition(name="x", formats=("jpeg", "webp", "original")))

    assert (still.frames, still.notes) == (1, ("first-frame",))
    assert (webp.frames, gif.frames) == (3, 3)


@pytest.mark.parametrize("name", ["heic", "avif", "tiff"])
def test_38_formats_are_read_by_content(name: str) -> None:
    data = encoded(scene(), name)
    assert name not in SKETCH_EXTENSIONS, "skipped, and nobody is told"

    assert distance(opened(rendered(data)), scene()) < 2


def test_38_what_is_no_picture_is_said_to_be_none() -> None:
    text = b"1 2\n3 4\n" * 9
    assert "jpg" in SKETCH_EXTENSIONS, "taken on by its name, and fails with status 200"

    with pytest.raises(Rejected) as caught:
        jpeg(text)

    assert (caught.value.code, caught.value.retryable) == ("not-an-image", False)


@pytest.mark.parametrize("name", ["cat.txt", "cat.heic", "cat", ".jpg"])
def test_38_no_name_is_looked_at(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.write_bytes(encoded(scene(), "webp"))
    assert place.suffix.removeprefix(".") not in SKETCH_EXTENSIONS, "skipped, though it is a picture"

    assert render(place, recipe()).probe.format.name == "webp"


@pytest.mark.parametrize(
    ("way", "what_happens"), [("sketch", b"MemoryError"), ("engine", b"too-many-pixels")]
)
def test_39_a_small_file_with_a_huge_picture(way: str, what_happens: bytes) -> None:
    """169 megapixels in a few kilobytes, in a process that may have 600 MB."""
    rows = zlib.compress(bytes(13000 * (1 + 13000 // 8)), 9)
    header = struct.pack(">IIBBBBB", 13000, 13000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert len(bomb) < 92_000

    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIMITED, way],
        input=bomb,
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert child.stdout.strip() == what_happens


LIMITED = """
import io, resource, sys
from PIL import Image
from pixmill import engine
from pixmill.errors import Rejected
from pixmill.recipe import Recipe, Rendition

data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
try:
    if sys.argv[1] == "sketch":
        Image.open(io.BytesIO(data)).convert("RGB").thumbnail((800, 600))
    else:
        engine.render(data, Recipe(renditions=(Rendition(name="x"),)))
except MemoryError:
    print("MemoryError")
except Rejected as error:
    print(error.code)
"""


def test_39_a_function_takes_no_more_than_it_can_hold() -> None:
    """What the recipe would allow, and 1024 MB do not."""
    data = of_size("avif", 8000, 8000)
    allowing = Recipe.from_dict({"limits": {"max_memory": "4GiB"}, "rendition": [{"name": "a", "width": 9}]})
    environment = Settings(source="s3://a", destination="s3://b", recipe=allowing).to_env()
    small = Settings.from_env({**environment, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024"})

    with pytest.raises(Rejected) as caught:
        engine.render(data, small.recipe)

    assert caught.value.code == "too-large-for-function"
    assert "memory" in caught.value.hint


def test_39_bytes_are_judged_before_they_are_read() -> None:
    with pytest.raises(Rejected) as caught:
        engine.admit_size(10_000_000, recipe(max_bytes=9_999_999).limits)

    assert caught.value.code == "too-many-bytes"


def test_40_one_decode_serves_all_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    decodes: list[int] = []
    read = decode._read

    def counted(data: bytes, found: engine.Probe, wanted: decode.Wanted, *, strict: bool) -> decode.Frames:
        decodes.append(1)
        return read(data, found, wanted, strict=strict)

    monkeypatch.setattr(decode, "_read", counted)
    data = encoded(scene(900, 700), "jpeg")
    sizes = ((800, 600), (150, 150))
    for size in sizes:
        sketch(data, size)  # each opens the file anew

    made = outputs(data, *(Rendition(name=f"w{w}", width=w, height=h) for w, h in sizes))

    assert [(output.width, output.height) for output in made] == [(771, 600), (150, 117)]
    assert len(decodes) == 1


@pytest.mark.parametrize("extension", ["png", "jpg"])
def test_45_names_that_differ_in_their_extension_alone_do_not_meet(extension: str) -> None:
    def sketch_key(key: str) -> str:
        stem, _ = key.rsplit(".", 1)
        return f"standard/{stem}_standard.jpg"

    assert sketch_key("cats/cat.png") == sketch_key("cats/cat.jpg")

    key = rendition_key("standard", f"cats/cat.{extension}", "jpg")

    assert key == f"standard/cats/cat.{extension}.jpg"


def test_45_the_same_work_twice_gives_the_same_bytes() -> None:
    """Which is what lets a second event write nothing."""
    data = encoded(scene(), "png")
    wanted = Recipe(renditions=(Rendition(name="x", formats=("jpeg", "webp", "avif", "png")),))

    first, second = (engine.render(data, wanted).outputs for _ in range(2))

    assert [output.data for output in first] == [output.data for output in second]


def with_palette(picture: Image.Image) -> Image.Image:
    """A palette picture, one of whose colours is transparent."""
    indexed = picture.convert("RGB").quantize(8)
    indexed.info["transparency"] = indexed.getpixel((90, 30))
    return indexed
