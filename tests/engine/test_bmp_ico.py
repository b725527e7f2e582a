"""BMP and ICO, by Pillow: every header and depth, and icons whose directories are not to be believed."""

import io
import struct

import pytest
from PIL import Image

from pixmill import engine
from pixmill.errors import Rejected

from .pictures import at, distance, encoded, near, opened, recipe, rendered, scene

WIDTH, HEIGHT = 33, 17
RGB = scene(WIDTH, HEIGHT)


def bmp(  # noqa: PLR0913 - so many ways to say the same
    bits: int,
    rows: list[bytes],
    *,
    header: int = 40,
    compression: int = 0,
    colours: bytes = b"",
    masks: tuple[int, ...] = (),
    top_down: bool = False,
) -> bytes:
    """A BMP with rows from the top, padded here."""
    lines = [row + bytes(-len(row) % 4) for row in rows]
    pixels = b"".join(lines if top_down else reversed(lines))
    height = -HEIGHT if top_down else HEIGHT
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits)
    else:
        info = struct.pack(
            "<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, len(pixels), 0, 0, 0, 0
        )
        info = (info + struct.pack(f"<{len(masks)}I", *masks)).ljust(
            max(header, 40 + 4 * len(masks)), b"\x00"
        )
    start = 14 + len(info) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + colours + pixels


def rows(picture: Image.Image, mode: str) -> list[bytes]:
    raw = picture.tobytes("raw", mode)
    stride = len(raw) // HEIGHT
    return [raw[i : i + stride] for i in range(0, len(raw), stride)]


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("header", [40, 52, 56, 108, 124])
@pytest.mark.parametrize("bits", [24, 32])
def test_colour(*, bits: int, header: int, top_down: bool) -> None:
    data = bmp(bits, rows(RGB, "BGR" if bits == 24 else "BGRX"), header=header, top_down=top_down)

    assert distance(opened(rendered(data)), RGB) < 1


def test_an_old_header() -> None:
    assert distance(opened(rendered(bmp(24, rows(RGB, "BGR"), header=12))), RGB) < 1


def test_sixteen_bits() -> None:
    raw = RGB.tobytes()
    packed = [(raw[i] >> 3) << 10 | (raw[i + 1] >> 3) << 5 | raw[i + 2] >> 3 for i in range(0, len(raw), 3)]
    lines = [struct.pack(f"<{WIDTH}H", *packed[i : i + WIDTH]) for i in range(0, len(packed), WIDTH)]

    assert distance(opened(rendered(bmp(16, lines))), RGB) < 6


def test_sixteen_bits_with_six_for_green() -> None:
    raw = RGB.tobytes()
    packed = [(raw[i] >> 3) << 11 | (raw[i + 1] >> 2) << 5 | raw[i + 2] >> 3 for i in range(0, len(raw), 3)]
    lines = [struct.pack(f"<{WIDTH}H", *packed[i : i + WIDTH]) for i in range(0, len(packed), WIDTH)]
    data = bmp(16, lines, compression=3, masks=(0xF800, 0x07E0, 0x001F))

    assert distance(opened(rendered(data)), RGB) < 6


@pytest.mark.parametrize("header", [56, 108, 124])
def test_alpha(header: int) -> None:
    picture = scene(WIDTH, HEIGHT, "RGBA")
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)

    output = rendered(bmp(32, rows(picture, "BGRA"), header=header, compression=3, masks=masks))

    assert distance(opened(output), picture) < 1


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_palette(bits: int) -> None:
    picture = RGB.quantize(1 << bits, dither=Image.Dither.NONE)
    palette = picture.getpalette() or []
    colours = b"".join(bytes((*reversed(palette[i * 3 : i * 3 + 3]), 0)) for i in range(1 << bits))
    packed = rows(picture, "P")
    if bits < 8:
        each = 8 // bits
        packed = [
            bytes(
                sum(v << (8 - bits * (n + 1)) for n, v in enumerate(row[i : i + each]))
                for i in range(0, WIDTH, each)
            )
            for row in packed
        ]

    assert distance(opened(rendered(bmp(bits, packed, colours=colours))), picture.convert("RGB")) < 1


def test_run_lengths() -> None:
    picture = Image.new("P", (WIDTH, HEIGHT), 1)
    picture.putpalette([0, 0, 0, 200, 30, 60])
    encoded_rows = bytes((WIDTH, 1, 0, 0)) * HEIGHT + b"\x00\x01"
    colours = bytes((0, 0, 0, 0, 60, 30, 200, 0)) + bytes(4 * 254)
    head = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 8, 1, len(encoded_rows), 0, 0, 256, 0)
    start = 14 + 40 + 1024
    data = (
        b"BM" + struct.pack("<IHHI", start + len(encoded_rows), 0, 0, start) + head + colours + encoded_rows
    )

    assert near(at(opened(rendered(data)), 0.5, 0.5), (200, 30, 60), 1)


def icon(*pictures: bytes, sizes: tuple[int, ...] = (), bits: int = 0) -> bytes:
    """An icon whose directory says what the arguments say, not what the pictures are."""
    start = 6 + 16 * len(pictures)
    data = struct.pack("<HHH", 0, 1, len(pictures))
    for number, picture in enumerate(pictures):
        side = sizes[number] if sizes else 0
        data += struct.pack("<BBBBHHII", side, side, 0, 0, 1, bits, len(picture), start)
        start += len(picture)
    return data + b"".join(pictures)


def bitmap(picture: Image.Image, *, mask: bytes | None = None) -> bytes:
    """A picture as icons hold it: without a file header, and with its mask below it."""
    width, height = picture.size
    info = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 32, 0, 0, 0, 0, 0, 0)
    raw = picture.convert("RGBA").tobytes("raw", "BGRA")
    lines = [raw[i : i + 4 * width] for i in range(0, len(raw), 4 * width)]
    rows_of_mask = mask if mask is not None else bytes((width + 31) // 32 * 4 * height)
    return info + b"".join(reversed(lines)) + rows_of_mask


def test_the_largest_picture_of_an_icon() -> None:
    data = encoded(scene(64, 64, "RGBA"), "ico", sizes=[(16, 16), (64, 64), (32, 32)])

    output = rendered(data)

    assert (output.width, output.height) == (64, 64)
    assert distance(opened(output), scene(64, 64, "RGBA")) < 1


@pytest.mark.parametrize("form", ["png", "bmp"])
def test_both_forms_of_icons(form: str) -> None:
    picture = scene(48, 48, "RGBA")

    assert distance(opened(rendered(encoded(picture, "ico", bitmap_format=form))), picture) < 1


@pytest.mark.parametrize("bits", [0, 1, 24, 32])
def test_a_directory_that_does_not_know(bits: int) -> None:
    """Sizes above 256 do not fit into it, and depths are often left out or wrong."""
    small, large = bitmap(Image.new("RGBA", (16, 16), "blue")), bitmap(scene(300, 200, "RGBA"))

    output = rendered(icon(small, large, sizes=(200, 3), bits=bits))

    assert (output.width, output.height) == (300, 200)
    assert distance(opened(output), scene(300, 200, "RGBA")) < 1


def test_a_mask_where_alpha_was_left_at_zero() -> None:
    picture = scene(32, 32)
    picture.putalpha(0)
    mask = (b"\x00\x00\xff\xff" * 32)[: 4 * 32]  # clear on the right

    made = opened(rendered(icon(bitmap(picture, mask=mask))))

    assert near(at(made, 0.1, 0.5), (*at(scene(32, 32), 0.1, 0.5), 255), 1)
    assert at(made, 0.9, 0.5)[3] == 0


def test_alpha_without_a_mask() -> None:
    picture = scene(32, 32, "RGBA")

    assert distance(opened(rendered(icon(bitmap(picture, mask=b"")))), picture) < 1


def test_an_icon_of_sixteen_bit_colours() -> None:
    """Its picture is a PNG, and PNG of any kind is read."""
    from .files import COLOUR, png  # noqa: PLC0415

    rows_of_samples = [[65535, 32768, 0] * 8 for _ in range(8)]

    made = opened(rendered(icon(png((8, 8), 16, COLOUR, rows_of_samples))))

    assert near(at(made, 0.5, 0.5), (255, 128, 0), 1)


@pytest.mark.parametrize("cut", [7, 20, 30, 200])
def test_cut_icons(cut: int) -> None:
    with pytest.raises(Rejected) as caught:
        engine.render(icon(bitmap(scene(32, 32)))[:cut], recipe())

    assert caught.value.code in {"truncated", "not-an-image"}


def test_an_icon_with_nothing_behind_it() -> None:
    with pytest.raises(Rejected) as caught:
        engine.render(icon(bytes(64)), recipe())

    assert caught.value.code == "corrupt"


def test_a_bmp_with_a_jpeg_in_it_is_refused() -> None:
    out = io.BytesIO()
    RGB.save(out, "JPEG")

    with pytest.raises(Rejected):
        engine.render(bmp(24, [out.getvalue()], compression=4), recipe())
