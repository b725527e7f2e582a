"""Every limit is judged from the header, before any pixel is decoded; every refusal says which and why."""

import io
import struct
import time
import zipfile

import pytest
from PIL import Image

from pixmill import engine
from pixmill.engine import decode
from pixmill.errors import Rejected
from pixmill.recipe import Limits

from .files import png_header, tiff
from .pictures import encoded, recipe, rendered, scene

JPEG = encoded(scene(), "jpeg")
ALL = ("jpeg", "png", "webp", "gif", "tiff", "avif", "heic", "bmp", "ico")


def rejection(data: bytes, **limits: float) -> Rejected:
    with pytest.raises(Rejected) as caught:
        engine.render(data, recipe(on_truncated="reject", **limits))
    return caught.value


@pytest.fixture
def no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as pixels are asked for."""
    monkeypatch.setattr(decode, "_read", None)


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
    start = time.perf_counter()

    assert rejection(bomb).code == "too-many-pixels"
    assert time.perf_counter() - start < 0.5


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
    data = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    data += b"\x2c" + struct.pack("<HHHHB", 60000, 60000, 5000, 5000, 0) + b"\x02\x02\x44\x01\x00;"

    assert rejection(data).code in {"too-many-pixels", "too-long-a-side"}


@pytest.mark.usefixtures("no_decoder")
def test_an_icon_whose_directory_lies() -> None:
    """The directory says 16 x 16; the picture behind it says 30000 x 30000."""
    picture = png_header(30000, 30000)
    data = struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(picture), 22) + picture

    assert rejection(data).code == "too-many-pixels"


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(
    ("data", "bytes_a_pixel"),
    [
        (encoded(scene(400, 300), "jpeg", progressive=True), 6),
        (png_header(400, 300, interlaced=True), 3),
        (png_header(400, 300, depth=16, kind=6, interlaced=True), 8),
        (encoded(scene(400, 300), "avif"), 18),
        (encoded(scene(400, 300), "heic"), 13),
        (encoded(scene(400, 300), "webp"), 9),
        (encoded(scene(400, 300), "bmp"), 10),
    ],
    ids=["progressive jpeg", "interlaced png", "interlaced deep png", "avif", "heic", "webp", "bmp"],
)
def test_too_much_memory(data: bytes, bytes_a_pixel: int) -> None:
    needed = 400 * 300 * bytes_a_pixel

    assert engine.probe(data).memory == needed
    assert rejection(data, max_memory=needed - 1).code == "too-much-memory"


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff"])
def test_what_streams_needs_no_memory_worth_counting(name: str) -> None:
    engine.render(encoded(scene(400, 300), name), recipe(max_memory=1))


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


def test_thirty_thousand_frames_are_counted_in_a_moment() -> None:
    frame = b"\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c" + bytes(4) + b"\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    data = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * 30_000 + b";"
    start = time.perf_counter()

    assert rejection(data).code == "too-many-frames"
    assert time.perf_counter() - start < 1


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
