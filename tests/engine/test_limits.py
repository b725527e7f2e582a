"""Every limit is judged from the header, before any pixel is decoded; every refusal says which and why."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from tests.engine.bombs.flat import gif_frames, gif_stretched, jpeg_with_scans

from pixmill import engine
from pixmill.engine.structure import bounds
from pixmill.errors import Rejected
from pixmill.recipe import Limits
from pixmill.recipe.limits import MOST_FRAMES

from .files import GREY, png, png_header, tiff
from .pictures import encoded, recipe, rejection, rendered, scene

JPEG = encoded(scene(), "jpeg")
ALL = ("jpeg", "png", "webp", "gif", "tiff", "avif", "heic", "bmp", "ico")


def test_empty() -> None:
    assert rejection(b"").code == "empty"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"hello world, this is text", "not-an-image"),
        (b"1 2\n3 4\n", "not-an-image"),  # what libvips loads as a matrix
        (b"3 2\n1,2,3\n4,5,6\n", "not-an-image"),
        (b"<!doctype html><html><img src=x></html>", "not-an-image"),
        (b"\x00" * 4096, "not-an-image"),
        (b"\xff" * 4096, "not-an-image"),
        (b"\xff\xd8", "not-an-image"),
        (b"BM but not a bitmap at all", "not-an-image"),
        (b"\x00\x00\x01\x00\x01\x00 and nothing like an icon", "not-an-image"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not-an-image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "unsupported-format"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "unsupported-format"),
        (b"%PDF-1.7\n", "unsupported-format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "unsupported-format"),
        (b"8BPS\x00\x01", "unsupported-format"),
        (b"\xff\x0a\xfa", "unsupported-format"),
        (b"P6\n9 9\n255\n", "unsupported-format"),
        (b"qoif", "unsupported-format"),
        (b"\x1f\x8b\x08", "unsupported-format"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "unsupported-format"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "truncated"),
    ],
)
def test_other_files_are_known_by_their_content(data: bytes, code: str) -> None:
    """No name is ever looked at, so a text called x.jpg is a text."""
    assert rejection(data).code == code


def test_a_zip_is_no_picture() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", JPEG)

    assert rejection(out.getvalue()).code == "unsupported-format"


@pytest.mark.parametrize("name", ALL)
def test_every_format_is_known_by_its_content(name: str) -> None:
    assert engine.probe(encoded(scene(), name)).format.name == name


@pytest.mark.usefixtures("no_decoder")
def test_too_many_bytes() -> None:
    assert rejection(JPEG, max_bytes=len(JPEG) - 1).code == "too-many-bytes"
    engine.admit_size(len(JPEG), Limits(max_bytes=len(JPEG)))


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize("name", ALL)
def test_too_many_pixels(name: str) -> None:
    found = rejection(encoded(scene(100, 80), name), max_megapixels=0.0079)

    assert found.code == "too-many-pixels"
    assert "100 x 80" in found.message


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize("name", ALL)
def test_too_long_a_side(name: str) -> None:
    assert rejection(encoded(scene(100, 80), name), max_side=99).code == "too-long-a-side"


@pytest.mark.parametrize("name", ALL)
def test_limits_are_inclusive(name: str) -> None:
    engine.render(encoded(scene(100, 80), name), recipe(max_megapixels=0.008, max_side=100, max_frames=1))


@pytest.mark.usefixtures("no_decoder")
def test_a_small_file_with_a_huge_picture() -> None:
    """169 megapixels in 92 kB, that a naive handler needed 1.5 GB for."""
    bomb = png_header(13000, 13000)

    assert rejection(bomb).code == "too-many-pixels"


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(
    "data",
    [
        png_header(2_000_000_000, 2_000_000_000),
        b"BM" + struct.pack("<4I2i2H2I2i2I", 54, 0, 54, 40, 60000, 60000, 1, 24, *[0] * 6) + bytes(99),
        b"BM" + struct.pack("<4I2i2H2I2i2I", 54, 0, 54, 40, 60000, -60000, 1, 32, *[0] * 6) + bytes(99),
        tiff({256: [60000], 257: [60000], 258: [8], 259: [1], 262: [1], 277: [1]}, bytes(99)),
        b"GIF89a" + struct.pack("<HHBBB", 65000, 65000, 0, 0, 0) + b"\x2c" + bytes(4)
        + struct.pack("<HHB", 65000, 65000, 0) + b"\x02\x01\x00\x00;",
    ],
    ids=["png", "bmp", "bmp top-down", "tiff", "gif"],
)  # fmt: skip
def test_huge_headers(data: bytes) -> None:
    assert rejection(data).code in {"too-many-pixels", "too-long-a-side", "corrupt"}


@pytest.mark.usefixtures("no_decoder")
def test_a_gif_whose_frames_stretch_its_canvas() -> None:
    """The screen says 1 x 1; the frame does not."""
    assert rejection(gif_stretched()).code == "too-many-pixels"


@pytest.mark.usefixtures("no_decoder")
def test_an_icon_whose_directory_lies() -> None:
    """The directory says 16 x 16; the picture behind it says 30000 x 30000."""
    picture = png_header(30000, 30000)
    data = struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(picture), 22) + picture

    assert rejection(data).code == "too-many-pixels"


@pytest.mark.parametrize(
    "chunks", [{b"iCCP": b"big\x00\x00"}, {b"zTXt": b"big\x00\x00"}, {b"iTXt": b"big\x00\x01\x00\x00\x00"}]
)
def test_metadata_is_judged_by_what_it_unpacks_to(chunks: dict[bytes, bytes]) -> None:
    """To the byte, and broken metadata is none."""
    (kind, head), most = next(iter(chunks.items())), bounds.MOST_UNPACKED
    rows = [[0, 0]] * 2

    engine.probe(png((2, 2), 8, GREY, rows, {kind: head + zlib.compress(bytes(most))}))
    engine.probe(png((2, 2), 8, GREY, rows, {kind: head + b"no zlib"}))
    with pytest.raises(Rejected) as caught:
        engine.probe(png((2, 2), 8, GREY, rows, {kind: head + zlib.compress(bytes(most + 1))}))

    assert caught.value.code == "too-much-metadata"


def test_texts_that_are_not_compressed_are_not_unpacked() -> None:
    text = b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + zlib.compress(bytes(bounds.MOST_UNPACKED + 1))

    engine.probe(png((2, 2), 8, GREY, [[0, 0]] * 2, {b"iTXt": text}))


@pytest.mark.parametrize("scans", [100, 101])
def test_the_scans_of_a_jpeg_are_counted_up_to_its_end(scans: int) -> None:
    """Behind it may be another picture, or a film in which the marks of scans turn up by chance."""
    data = jpeg_with_scans(scans)[:-2] + b"\xff\xd9" + b"\xff\xda\x00\x02" * 500

    if scans == 100:
        assert engine.probe(data).progressive
    else:
        assert code_of(data) == "too-many-parts"


def test_no_tag_of_a_tiff_without_a_value_is_believed() -> None:
    data = bytearray(tiff({256: [4], 257: [4], 258: [8], 259: [1], 262: [1], 277: [1]}, bytes(16)))
    at = data.index(bytes((259 & 255, 259 >> 8, 3, 0)))
    data[at + 4 : at + 8] = bytes(4)

    assert code_of(bytes(data)) in {"ok", "corrupt"}


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF])
def test_jpeg_processes_that_decode_wrongly_are_refused(marker: int) -> None:
    """Lossless JPEG (C3) comes out of shrink-on-load as its own top left corner, without an error."""
    data = JPEG.replace(b"\xff\xc0", bytes((0xFF, marker)), 1)

    assert rejection(data).code == "unsupported-format"


def test_jpeg_of_twelve_bits_is_refused() -> None:
    at = JPEG.index(b"\xff\xc0") + 4
    found = rejection(JPEG[:at] + b"\x0c" + JPEG[at + 1 :])

    assert found.code == "unsupported-format"
    assert "12-bit" in found.message


@pytest.mark.parametrize("name", ALL)
def test_every_prefix_of_a_header_is_judged(name: str) -> None:
    """No length of a file makes the probe fail in any other way than by a rejection."""
    data = encoded(scene(20, 10), name)
    codes = {code_of(data[:length]) for length in range(min(len(data), 400))}

    assert codes <= {"ok", "empty", "not-an-image", "truncated", "corrupt", "unsupported-format"}


def code_of(data: bytes) -> str:
    try:
        engine.probe(data)
    except Rejected as error:
        return error.code
    return "ok"


def test_frames_are_counted_without_being_decoded() -> None:
    assert engine.probe(gif_frames(MOST_FRAMES)).frames == MOST_FRAMES
    assert code_of(gif_frames(MOST_FRAMES + 1)) == "too-many-frames"


def test_a_single_pixel() -> None:
    for name in ALL:
        assert (
            rendered(encoded(Image.new("RGB", (1, 1), "red"), name), formats=("jpeg",), width=10).width == 1
        )


@pytest.mark.parametrize("size", [(0, 0), (0, 8), (8, 0)])
def test_pictures_without_pixels_are_corrupt(size: tuple[int, int]) -> None:
    bmp = bytearray(encoded(scene(), "bmp"))
    struct.pack_into("<ii", bmp, 18, *size)

    assert rejection(bytes(bmp)).code == "corrupt"


@pytest.mark.parametrize("samples", [33, 8192, 65535])
def test_a_tiff_has_no_more_samples_than_a_press_has_inks(samples: int) -> None:
    """libvips would hold a line of each of them many times over."""
    data = tiff(
        {256: [16], 257: [16], 258: [8], 259: [1], 262: [1], 277: [samples]}, bytes(16 * 16 * samples)
    )

    refused = rejection(data)

    assert refused.code == "unsupported-format"
    assert f"{samples:,} samples" in str(refused)
