"""A file that decodes only in part is rejected, never served grey, unless the recipe accepts it, with a note.

What can be seen and what cannot is in docs/decisions/0003-partial-decodes.md.
"""

import io
import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageStat

from pixmill import engine
from pixmill.engine import structure
from pixmill.engine.structure import icon, jpeg
from pixmill.errors import Rejected
from pixmill.recipe import OnTruncated, Rendition

from .files import tiff
from .pictures import distance, encoded, noisy, opened, recipe, rendered

PICTURE = noisy()


def animation(name: str) -> bytes:
    frames = [noisy(120, 90) for _ in range(4)]
    return encoded(frames[0], name, save_all=True, append_images=frames[1:], duration=100)


def in_strips(picture: Image.Image) -> bytes:
    """A TIFF whose directory comes first, so that a part of its strips remains when it is cut."""
    raw, width, height = picture.tobytes(), *picture.size
    stride = width * 3 * 8
    strips = [raw[i : i + stride] for i in range(0, len(raw), stride)]
    tags = {256: [width], 257: [height], 258: [8, 8, 8], 259: [1], 262: [2], 277: [3], 278: [8]}
    return tiff(tags, *strips, directory_first=True)


WHOLE: dict[str, bytes] = {
    "jpeg": encoded(PICTURE, "jpeg"),
    "progressive jpeg": encoded(PICTURE, "jpeg", progressive=True),
    "png": encoded(PICTURE, "png"),
    "gif": encoded(PICTURE.quantize(), "gif"),
    "animated gif": animation("gif"),
    "webp": encoded(PICTURE, "webp"),
    "lossy webp": encoded(PICTURE, "webp", lossless=False),
    "animated webp": animation("webp"),
    "tiff": encoded(PICTURE, "tiff"),
    "tiff, strips last": in_strips(PICTURE),
    "tiff, lzw": encoded(PICTURE, "tiff", compression="tiff_lzw"),
    "tiff, jpeg": encoded(PICTURE, "tiff", compression="jpeg"),
    "avif": encoded(PICTURE, "avif"),
    "heic": encoded(PICTURE, "heic"),
    "bmp": encoded(PICTURE, "bmp"),
    "ico, png": encoded(PICTURE, "ico"),
    "ico, bmp": encoded(PICTURE, "ico", bitmap_format="bmp"),
}

ACCEPTED = {"jpeg", "progressive jpeg", "png", "gif", "animated gif", "tiff", "tiff, strips last"}
"""Where a decoder can show what is there of a file that was cut in the middle."""


def rejection(data: bytes, on_truncated: OnTruncated = "reject") -> Rejected:
    with pytest.raises(Rejected) as caught:
        engine.render(
            data, recipe(Rendition(name="x", width=64, formats=("webp",)), on_truncated=on_truncated)
        )
    return caught.value


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", WHOLE)
def test_cut(kind: str, kept: float) -> None:
    data = WHOLE[kind]

    assert rejection(data[: int(len(data) * kept)]).code == "truncated"


@pytest.mark.parametrize("missing", [20, 100])
@pytest.mark.parametrize("kind", sorted(WHOLE.keys() - {"ico, png"}))
def test_cut_at_its_very_end(kind: str, missing: int) -> None:
    assert rejection(WHOLE[kind][:-missing]).code == "truncated"


@pytest.mark.parametrize(
    ("kind", "missing"), [("png", 12), ("png", 3), ("ico, png", 12), ("gif", 1), ("animated gif", 1)]
)
def test_nothing_but_an_end_mark_missing(kind: str, missing: int) -> None:
    """The picture is all there."""
    whole, cut = (rendered(data, width=64) for data in (WHOLE[kind], WHOLE[kind][:-missing]))

    assert cut.data == whole.data
    assert cut.notes == whole.notes


@pytest.mark.parametrize("kind", ["jpeg", "progressive jpeg"])
def test_a_jpeg_without_its_end_mark_is_cut(kind: str) -> None:
    """Whether the last row is whole cannot be told, so that it is not guessed."""
    assert rejection(WHOLE[kind][:-2]).code == "truncated"


def test_a_jpeg_whose_end_is_zeros() -> None:
    """As an interrupted download leaves it. Zeros decode, to grey, without a complaint."""
    data = WHOLE["jpeg"]

    assert rejection(data[: len(data) // 2] + bytes(len(data) - len(data) // 2)).code == "truncated"


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_anything_may_follow_the_picture(kind: str) -> None:
    """Motion photos carry a video there."""
    assert rendered(WHOLE[kind] + b"and more" * 99, width=64).data == rendered(WHOLE[kind], width=64).data


@pytest.mark.parametrize("kind", sorted(ACCEPTED))
def test_accepted_with_a_note(kind: str) -> None:
    data = WHOLE[kind]
    rendition = Rendition(name="x", width=64, formats=("png",))

    output = engine.render(data[: len(data) * 6 // 10], recipe(rendition, on_truncated="accept")).outputs[0]

    assert "truncated" in output.notes
    expected = opened(rendered(data, width=64))
    top = (0, 0, 64, opened(output).height // 3)
    assert distance(opened(output).convert("RGB").crop(top), expected.convert("RGB").crop(top)) < 8


@pytest.mark.parametrize("kind", sorted(WHOLE.keys() - ACCEPTED))
def test_not_even_accepted(kind: str) -> None:
    data = WHOLE[kind]

    assert rejection(data[: len(data) // 2], "accept").code == "truncated"


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_accepting_changes_nothing_for_whole_files(kind: str) -> None:
    rendition = Rendition(name="x", width=64, formats=("png",))

    output = engine.render(WHOLE[kind], recipe(rendition, on_truncated="accept")).outputs[0]

    assert output.data == rendered(WHOLE[kind], width=64, quality="balanced").data
    assert "truncated" not in output.notes


@pytest.mark.parametrize("at", [0.3, 0.6])
@pytest.mark.parametrize("damage", ["zeros", "noise"])
@pytest.mark.parametrize("kind", ["png", "progressive jpeg", "ico, png", "tiff, lzw"])
def test_damage_that_checksums_or_codes_show(kind: str, damage: str, at: float) -> None:
    data, start = WHOLE[kind], int(len(WHOLE[kind]) * at)
    hole = bytes(600) if damage == "zeros" else random.Random(kind).randbytes(600)  # noqa: S311

    assert rejection(data[:start] + hole + data[start + 600 :]).code == "corrupt"


def test_damage_that_restart_markers_show() -> None:
    """A baseline JPEG has no checksum: but for its markers almost any bytes are a picture."""
    out = io.BytesIO()
    PICTURE.save(out, "jpeg", quality=97, restart_marker_rows=1)
    data = out.getvalue()
    start = len(data) // 2

    assert rejection(data[:start] + bytes(3000) + data[start + 3000 :]).code == "corrupt"


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_no_damage_is_anything_but_a_rejection_or_a_picture(kind: str) -> None:
    """Forty ways to break each format: never another exception, and never too late."""
    luck = random.Random(kind)  # noqa: S311 - it must repeat itself
    for _ in range(40):
        data = bytearray(WHOLE[kind])
        for _ in range(luck.choice((1, 3, 30))):
            data[luck.randrange(len(data))] = luck.randrange(256)
        ways: tuple[OnTruncated, ...] = ("reject", "accept")
        for on_truncated in ways:
            try:
                engine.render(bytes(data), recipe(Rendition(name="x", width=16), on_truncated=on_truncated))
            except Rejected as error:
                assert error.code in {  # noqa: PT017
                    "truncated", "corrupt", "unsupported-format", "not-an-image",
                    "too-many-pixels", "too-long-a-side", "too-much-memory", "too-many-frames",
                }  # fmt: skip


def test_zero_scan_parameters_as_samsung_writes_them() -> None:
    """Every viewer shows these; libjpeg warns, and a decoder told to be strict refuses them."""
    data = WHOLE["jpeg"]
    scan = jpeg.frame(data).scan
    assert data[scan - 3 : scan] == b"\x00\x3f\x00"

    samsung = data[: scan - 3] + bytes(3) + data[scan:]

    assert rendered(samsung).data == rendered(data).data


@pytest.mark.parametrize("junk", [b"\x00", b"junk", b"\xff\xff\xff", b"\xff\x00\xff\x00", bytes(1000)])
def test_bytes_between_the_headers_of_a_jpeg(junk: bytes) -> None:
    """It looks the same, though another decoder may have had to do it."""
    data = WHOLE["jpeg"]
    start = data.index(b"\xff\xdb")

    mended = opened(rendered(data[:start] + junk + data[start:]))

    difference = ImageChops.difference(mended, opened(rendered(data)))
    assert all(most <= 2 for _, most in ImageStat.Stat(difference).extrema)


def test_mending_is_not_accepting() -> None:
    """A file with a harmless slip is still refused for what is not harmless."""
    data = WHOLE["progressive jpeg"]
    start, middle = data.index(b"\xff\xdb"), len(data) // 2
    junk = data[:start] + b"junk" + data[start:]

    assert rendered(junk).data == rendered(data).data
    assert rejection(junk[:middle] + bytes(500) + junk[middle + 500 :]).code == "corrupt"


def test_a_whole_jpeg_needs_no_mending() -> None:
    assert jpeg.mended(WHOLE["jpeg"]) is None
    assert jpeg.mended(WHOLE["progressive jpeg"]) is None


@pytest.mark.parametrize(
    ("name", "kinds"),
    {
        "jpeg": ("jpeg", "progressive jpeg"),
        "png": ("png",),
        "gif": ("gif", "animated gif"),
        "webp": ("webp", "animated webp"),
        "tiff": ("tiff", "tiff, strips last", "tiff, lzw", "tiff, jpeg"),
        "avif": ("avif",),
        "heic": ("heic",),
        "bmp": ("bmp",),
        "ico": ("ico, png", "ico, bmp"),
    }.items(),
)
def test_the_structure_tells_cut_from_whole(name: str, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        data = WHOLE[kind]
        assert not structure.is_cut(data, name)
        assert not structure.is_cut(data + b"more", name)
        assert fails_or(structure.is_cut, data[: len(data) // 2], name)


def test_nothing_grey_at_the_foot() -> None:
    """What the sketch's decoder would have served."""
    cut = WHOLE["jpeg"][: len(WHOLE["jpeg"]) * 7 // 10]

    served = engine.render(cut, recipe(Rendition(name="x", formats=("png",)), on_truncated="accept")).outputs[
        0
    ]
    foot = opened(served).crop((0, 160, 256, 192))

    assert max(ImageStat.Stat(foot).stddev) < 40
    assert rejection(cut).code == "truncated"


def test_items_whose_type_is_no_text() -> None:
    """pi-heif ends the whole process on them."""
    data = WHOLE["heic"]
    at = data.index(b"hvc1")

    assert rejection(data[:at] + b"h\xeac1" + data[at + 4 :]).code == "corrupt"


def test_unreadable_icons() -> None:
    with pytest.raises(Rejected):
        icon.largest(b"\x00\x00\x01\x00\x01\x00")


def fails_or(judge: Callable[[bytes, str], bool], data: bytes, name: str) -> bool:
    try:
        return judge(data, name)
    except Rejected as error:
        return error.code == "truncated"
