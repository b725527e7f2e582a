"""Placeholders agree with the author's, turn as their picture turns, and name a colour that is in it."""

import random

import pytest
import thumbhash as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from pixmill.engine.placeholder import SIDE, Picture, decode, dominant_colour, thumbhash


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same numbers on every run are the point


def noise(seed: int, width: int, height: int, *, alpha: bool = False) -> bytes:
    rgba = bytearray(dice(seed).randbytes(4 * width * height))
    if not alpha:
        rgba[3::4] = b"\xff" * (width * height)
    return bytes(rgba)


def slope(width: int, height: int) -> bytes:
    """Red grows to the right, green downwards."""
    return b"".join(
        bytes((255 * x // (width - 1), 255 * y // (height - 1), 100, 255))
        for y in range(height)
        for x in range(width)
    )


def disc(width: int, height: int) -> bytes:
    """Opaque in the middle, clear around it."""
    return b"".join(
        bytes((200, 60 + 5 * x, 30 + 7 * y, 255 * ((2 * x - width) ** 2 + (2 * y - height) ** 2 < height**2)))
        for y in range(height)
        for x in range(width)
    )


# From the author's own package (npm: thumbhash 0.1.1): hash, decoded size, its first, middle and last pixel.
AUTHOR = [
    (
        (24, 18, noise(1, 24, 18)),
        "1f18061584a8f56b6776566c78868566f3a807c9b4",
        (32, 23, "857d6fff", "7b7b89ff", "a89074ff"),
    ),
    (
        (7, 100, noise(2, 7, 100)),
        "1f080209025959f9a3888633684e9fccf6",
        (5, 32, "8f7671ff", "758280ff", "81787eff"),
    ),
    (
        (18, 24, noise(3, 18, 24, alpha=True)),
        "e1078204000828668d078a568c0252f57e1bbab744c0a98505",
        (26, 32, "86828888", "86828888", "86828888"),
    ),
    (
        (24, 16, slope(24, 16)),
        "ddf8093d9c8087877078787788788787808007f888",
        (32, 23, "1b037bff", "77875fff", "f9e03eff"),
    ),
    (
        (24, 20, disc(24, 20)),
        "e399861c843a838b807b999757f8676f776770658848788706",
        (32, 26, "d1785a00", "ca7962ff", "ba877e16"),
    ),
    (
        (20, 24, disc(20, 24)),
        "23b98634082d83089898798958f8777f776773568808478603",
        (26, 32, "db605500", "c76774f3", "b98aaa5f"),
    ),
]
Pixels = tuple[int, int, bytes]


@pytest.mark.parametrize(("picture", "theirs", "_decoded"), AUTHOR)
def test_hashes_are_the_author_s(picture: Pixels, theirs: str, _decoded: object) -> None:
    """A term that is mathematically zero lies between two steps, and there rounding errors may decide."""
    ours = thumbhash(*picture).hex()
    head = 2 * 5

    assert len(ours) == len(theirs)
    assert ours[:head] == theirs[:head]
    for mine, other in zip(ours[head:], theirs[head:], strict=True):
        assert mine == other or {mine, other} == {"7", "8"}


@pytest.mark.parametrize(("_picture", "theirs", "decoded"), AUTHOR)
def test_hashes_are_decoded_as_the_author_does(
    _picture: object, theirs: str, decoded: tuple[int, int, str, str, str]
) -> None:
    width, height, *pixels = decoded
    ours = decode(bytes.fromhex(theirs))
    middle = width * (height // 2) + width // 2

    assert (ours.width, ours.height) == (width, height)
    for at, pixel in zip((0, middle, width * height - 1), pixels, strict=True):
        assert far(ours.rgba[4 * at : 4 * at + 4], bytes.fromhex(pixel)) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_hashes_of_opaque_pictures_are_those_of_another_package(seed: int) -> None:
    """The peer is in Python and cannot encode alpha; the author's hashes above are there for that."""
    throw = dice(seed).randint
    width, height = throw(8, 32), throw(8, 32)
    rgba = noise(seed, width, height)

    assert thumbhash(width, height, rgba) == bytes(peer.rgba_to_thumb_hash(width, height, list(rgba)))


@given(
    st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.integers(1, SIDE), st.integers(1, SIDE)
)
def test_flat_pictures_have_flat_hashes(red: int, green: int, blue: int, width: int, height: int) -> None:
    """Rounding errors are no picture: nothing but the mean is stored, whatever the machine."""
    encoded = thumbhash(width, height, bytes((red, green, blue, 255)) * (width * height))
    decoded = decode(encoded)

    assert set(encoded[5:]) == {0}
    assert len(set(pixels(decoded))) == 1
    assert far(decoded.rgba[:4], bytes((red, green, blue, 255))) <= 8


def test_a_smooth_picture_is_recognised() -> None:
    decoded = decode(thumbhash(24, 16, slope(24, 16)))
    off = [abs(a - b) for a, b in zip(decoded.rgba, slope(decoded.width, decoded.height), strict=True)]

    assert sum(off) <= 12 * len(off)


@pytest.mark.parametrize("alpha", [False, True])
@settings(deadline=None)  # eight transforms in Python; a busy machine may take its time
@given(seed=st.integers(0, 1 << 32), width=st.integers(8, SIDE), height=st.integers(8, SIDE))
def test_a_turned_picture_has_a_turned_placeholder(alpha: bool, seed: int, width: int, height: int) -> None:  # noqa: FBT001
    """Mirrored, upside down and transposed: no axis is mistaken for the other."""
    picture = Picture(width, height, noise(seed, width, height, alpha=alpha))
    plain = decode(thumbhash(*picture))

    for turn in (mirrored, upside_down, transposed):
        turned = decode(thumbhash(*turn(picture)))
        assert turned[:2] == turn(plain)[:2]
        # A term right between two steps is rounded up, and so is its opposite: they part by a step, once in
        # some thousand pictures. An axis that is mistaken for the other is off by dozens.
        assert far(turned.rgba, turn(plain).rgba) <= 8


@given(st.integers(1, 100), st.integers(1, 100), st.binary(min_size=4, max_size=4))
def test_every_shape_keeps_its_ratio_roughly(width: int, height: int, pixel: bytes) -> None:
    """Within what 3 bits for the shorter side can say, down to the least, one frequency."""
    decoded = decode(thumbhash(width, height, pixel * (width * height)))
    least = 1 / 5 if pixel[3] < 255 else 1 / 7
    ratio = max(least, min(width, height) / max(width, height))

    assert max(decoded[:2]) == 32
    assert min(decoded[:2]) / 32 == pytest.approx(ratio, abs=least / 2 + 1 / 64)
    assert decoded.width >= decoded.height or width <= height


@pytest.mark.parametrize(("width", "height", "length"), [(0, 1, 0), (1, 101, 404), (101, 1, 404), (2, 2, 15)])
def test_what_is_no_small_picture_is_refused(width: int, height: int, length: int) -> None:
    with pytest.raises(ValueError, match=f"{width}x{height}"):
        thumbhash(width, height, bytes(length))


@pytest.mark.parametrize("encoded", [bytes.fromhex(theirs) for _, theirs, _ in AUTHOR])
def test_what_is_no_hash_is_refused(encoded: bytes) -> None:
    for length in range(len(encoded)):
        with pytest.raises(ValueError, match=r"ends too early|expected 1-"):
            decode(encoded[:length])
    with pytest.raises(ValueError, match="shorter side, got 0"):
        decode(encoded[:3] + bytes(22))


# Dominant colour

RED, DARK_RED, BLUE = b"\xff\x00\x00\xff", b"\xe1\x00\x00\xff", b"\x00\x00\xff\xff"


@pytest.mark.parametrize(
    ("rgba", "colour"),
    [
        (RED, "#ff0000"),
        (2 * RED + 3 * BLUE, "#0000ff"),
        (2 * RED + 2 * BLUE, "#ff0000"),
        (RED + DARK_RED, "#f00000"),
        (3 * RED + DARK_RED + 3 * BLUE, "#f80000"),
        (4 * b"\xff\x00\x00\x10" + BLUE, "#0000ff"),
        (b"\xff\x00\x00\x80" + 3 * b"\xe1\x00\x00\x00", "#ff0000"),
        (9 * b"\xff\x00\x00\x00", "#ffffff"),
        (b"", "#ffffff"),
    ],
)
def test_the_dominant_colour_is_the_mean_of_the_most_seen_group(rgba: bytes, colour: str) -> None:
    assert dominant_colour(rgba) == colour


@given(st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=40))
def test_the_dominant_colour_lies_among_the_colours_that_are_seen(found: list[bytes]) -> None:
    colour = bytes.fromhex(dominant_colour(b"".join(found))[1:])
    seen = [pixel for pixel in found if pixel[3]] or [b"\xff\xff\xff\xff"]
    alike = [pixel for pixel in seen if all(a >> 5 == b >> 5 for a, b in zip(pixel, colour, strict=False))]

    assert alike
    for channel in range(3):
        assert min(p[channel] for p in alike) <= colour[channel] <= max(p[channel] for p in alike)


def far(one: bytes, other: bytes) -> int:
    """The largest difference of two bytes at the same place."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def pixels(picture: Picture) -> list[bytes]:
    return [picture.rgba[at : at + 4] for at in range(0, len(picture.rgba), 4)]


def upside_down(picture: Picture) -> Picture:
    width, height, _ = picture
    found = pixels(picture)
    rows = [found[at : at + width] for at in range(0, len(found), width)]
    return Picture(width, height, b"".join(b"".join(row) for row in reversed(rows)))


def transposed(picture: Picture) -> Picture:
    width, height, _ = picture
    found = pixels(picture)
    return Picture(height, width, b"".join(b"".join(found[x::width]) for x in range(width)))


def mirrored(picture: Picture) -> Picture:
    return transposed(upside_down(transposed(picture)))
