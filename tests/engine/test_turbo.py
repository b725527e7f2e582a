"""Plain JPEGs are decoded without libvips, and nobody can tell."""

import io
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from textwrap import dedent

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from pixmill import engine
from pixmill.engine import decode, lanczos, libjpeg, structure, turbo, vips
from pixmill.errors import Rejected
from pixmill.geometry import Size
from pixmill.recipe import Recipe

from .pictures import encoded, exif, noisy, recipe, scene

SHRINKS = (1, 2, 4, 8)
FINE, HALVED_ACROSS, HALVED = range(3)
SOF, SOS = b"\xff\xc0\x00\x11\x08", b"\xff\xda"


def plain(width: int = 96, height: int = 64, **options: object) -> bytes:
    return encoded(scene(width, height), "jpeg", **options)


def by_libvips(data: bytes, shrink: int = 1) -> vips.Image:
    return vips.load(data, "jpeg", access="sequential", fail_on="warning", shrink=shrink)


def halved_down(data: bytes) -> bytes:
    """The same blocks in another order: chroma halved down instead of across, as in turned photos."""
    at = data.index(SOF) + len(SOF) + 6
    assert data[at] == 0x21
    return data[:at] + b"\x12" + data[at + 1 :]


@given(
    size=st.tuples(st.integers(8, 90), st.integers(8, 90)),
    shrink=st.sampled_from(SHRINKS),
    subsampling=st.sampled_from((FINE, HALVED_ACROSS, HALVED)),
    quality=st.integers(1, 100),
    restarts=st.integers(0, 3),
)
def test_the_pixels_are_those_of_libvips(
    size: tuple[int, int], shrink: int, subsampling: int, quality: int, restarts: int
) -> None:
    data = plain(*size, quality=quality, subsampling=subsampling, restart_marker_blocks=restarts)

    image = turbo.pixels(data, Size(*size), shrink)

    theirs = by_libvips(data, shrink)
    assert image is not None
    assert (image.width, image.height, image.bands) == (theirs.width, theirs.height, theirs.bands)
    assert image.interpretation == theirs.interpretation
    assert image.write_to_memory() == theirs.write_to_memory()


@pytest.mark.parametrize("shrink", SHRINKS)
def test_chroma_halved_down(shrink: int) -> None:
    data = halved_down(plain(64, 64, subsampling=HALVED_ACROSS))

    image = turbo.pixels(data, Size(64, 64), shrink)

    assert image is not None
    assert image.write_to_memory() == by_libvips(data, shrink).write_to_memory()


def test_renditions_are_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = plain(1000, 700, exif=exif(Orientation=6), quality=90)
    monkeypatch.setattr(lanczos, "_library", None)
    by_hand = engine.render(data, Recipe.default())

    monkeypatch.setattr(libjpeg, "LIBRARY", None)

    by_others = engine.render(data, Recipe.default())
    assert [output.data for output in by_hand.outputs] == [output.data for output in by_others.outputs]
    assert by_hand.thumbhash == by_others.thumbhash


@pytest.mark.parametrize(
    "data",
    [
        encoded(scene(64, 48), "jpeg", progressive=True),
        encoded(scene(64, 48, "L"), "jpeg"),
        encoded(scene(64, 48, "CMYK"), "jpeg"),
        encoded(scene(64, 48), "jpeg", keep_rgb=True),
    ],
    ids=["progressive", "grey", "cmyk", "rgb"],
)
def test_the_rest_is_left_to_libvips(data: bytes) -> None:
    assert turbo.pixels(data, Size(64, 48), 1) is None


def test_what_would_take_much_memory_is_left_to_libvips() -> None:
    side = 2400
    data = encoded(Image.new("RGB", (side, side)), "jpeg")

    assert turbo.pixels(data, Size(side, side), 1) is None
    assert turbo.pixels(data, Size(side, side), 2) is not None


def test_another_size_than_told_is_left_to_libvips() -> None:
    assert turbo.pixels(plain(96, 64), Size(64, 96), 1) is None


def test_damage_is_told_by_libvips() -> None:
    data = bytearray(plain(400, 300, quality=90))
    middle = (data.index(SOS) + len(data)) // 2
    data[middle : middle + 8] = b"\xff\xd0" * 4  # restarts where there are none

    assert structure.baseline.is_plain(bytes(data))
    assert turbo.pixels(bytes(data), Size(400, 300), 1) is None
    with pytest.raises(Rejected) as caught:
        engine.render(bytes(data), recipe(on_truncated="reject"))
    assert caught.value.code == "corrupt"


def test_several_threads_at_a_time() -> None:
    sizes = [Size(200 + step, 300 - step) for step in range(0, 64, 8)]
    files = [plain(*size) for size in sizes]

    with ThreadPoolExecutor(len(files)) as pool:
        images = list(pool.map(turbo.pixels, files * 4, sizes * 4, [1] * 4 * len(files)))

    for data, image in zip(files * 4, images, strict=True):
        assert image is not None
        assert image.write_to_memory() == by_libvips(data).write_to_memory()


HEAD = plain(48, 40, subsampling=HALVED).index(SOS) + 14


@given(at=st.integers(2, HEAD - 1), value=st.integers(0, 255))
def test_no_header_that_is_plain_makes_libjpeg_stop(at: int, value: int) -> None:
    data = bytearray(plain(48, 40, subsampling=HALVED))
    data[at] = value

    if structure.baseline.is_plain(bytes(data)):
        turbo.pixels(bytes(data), Size(48, 40), 1)

    assert not turbo.is_stuck()


def test_getting_stuck_costs_a_thread_and_no_picture() -> None:
    """In a process of its own, which also has to end although a thread in it never does."""
    script = """
        from pixmill.engine import structure, turbo
        from pixmill.geometry import Size
        from tests.engine.test_turbo import plain
        good = plain()
        no_tables = good.replace(b"\\xff\\xdb", b"\\xff\\xfe")
        assert turbo.pixels(good, Size(96, 64), 1) is not None
        structure.baseline.is_plain = lambda data: True
        assert turbo.pixels(no_tables, Size(96, 64), 1) is None
        assert turbo.is_stuck()
        assert turbo.pixels(good, Size(96, 64), 1) is None
        print("well")
    """

    assert alone(script) == ("well\n", "", 0)


def test_a_picture_that_fits_is_left_as_it_is() -> None:
    """Whoever asks for PNG of it gets what every other decoder shows, pixel for pixel."""
    data = plain(96, 64, subsampling=HALVED)

    assert turbo.reduced(data, Size(96, 64), 1, Size(96, 64)) is None


def test_without_a_thread_libvips_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(thread: threading.Thread) -> None:
        raise RuntimeError(f"can't start new thread {thread.name}")

    monkeypatch.setattr(turbo._Decoder, "idle", [])
    monkeypatch.setattr(threading.Thread, "start", refused)

    assert turbo.pixels(plain(), Size(96, 64), 1) is None


def test_a_process_that_can_open_nothing_has_it() -> None:
    """As on Lambda, where a confined process gives that up before its first picture."""
    script = """
        import resource
        from pixmill import engine
        from tests.engine.test_turbo import Size, plain
        engine.load()
        data = plain()
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        from pixmill.engine import turbo
        print(turbo.pixels(data, Size(96, 64), 1) is not None)
        print(turbo.reduced(data, Size(96, 64), 1, Size(32, 21)) is not None)
    """

    assert alone(script) == ("True\nTrue\n", "", 0)


def alone(script: str) -> tuple[str, str, int]:
    """What a script prints in a process of its own, what it complains of, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout, done.stderr, done.returncode


def test_without_the_library_libvips_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libjpeg, "LIBRARY", None)

    assert turbo.pixels(plain(), Size(96, 64), 1) is None
    assert engine.render(plain(), Recipe.default()).outputs


def test_pillows_wheel_has_the_library() -> None:
    """If this fails, a new version of Pillow has moved it, and everything is some percent slower."""
    assert turbo.pixels(plain(), Size(96, 64), 1) is not None
    assert Image.open(io.BytesIO(plain())).size == (96, 64)


def soft(width: int, height: int, **options: object) -> bytes:
    """Without edges, so that it shows where something is and not how sharp."""
    picture = scene(width, height).filter(ImageFilter.GaussianBlur(min(width, height) / 12))
    return encoded(picture, "jpeg", **options)


def reduced(data: bytes, size: Size, shrink: int, result: Size) -> bytes:
    image = turbo.reduced(data, size, shrink, result)
    assert image is not None
    assert (image.width, image.height, image.bands, image.interpretation) == (*result, 3, "srgb")
    return bytes(vips.pixels(image))


def by_parts(data: bytes, size: Size, shrink: int, result: Size) -> bytes:
    """Decoded first, and then reduced."""
    image = turbo.pixels(data, size, shrink)
    assert image is not None
    return bytes(vips.pixels(decode._to_size(result, size, shrink)(image)))


@st.composite
def asked(draw: st.DrawFn, shortest: int, least: float = 1) -> tuple[Size, int, Size]:
    """The size of a JPEG, by what it is shrunk, and what it is then reduced to, by no less than told."""
    size = Size(draw(st.integers(shortest, 200)), draw(st.integers(shortest, 200)))
    shrink = draw(st.sampled_from(SHRINKS))
    shrunk = [ceil(side / shrink) for side in size]
    sides = [draw(st.integers(ceil(side / lanczos.MOST), ceil(side / least))) for side in shrunk]
    assume(sides != shrunk)  # that is left as it is
    return size, shrink, Size(*sides)


@given(
    asked=asked(96, 1.5),
    subsampling=st.sampled_from((FINE, HALVED_ACROSS, HALVED)),
    quality=st.integers(50, 100),
    restarts=st.integers(0, 3),
)
def test_reduced_at_once_looks_the_same(
    asked: tuple[Size, int, Size], subsampling: int, quality: int, restarts: int
) -> None:
    size, shrink, result = asked
    data = soft(*size, quality=quality, subsampling=subsampling, restart_marker_blocks=restarts)

    assert_near(reduced(data, *asked), by_parts(data, size, shrink, result))


@given(asked=asked(96, 1.5), quality=st.integers(50, 100))
def test_reduced_at_once_with_chroma_halved_down(asked: tuple[Size, int, Size], quality: int) -> None:
    _, shrink, result = asked
    size = Size(160, 160)
    result = Size(*(ceil(side * 160 / 200) for side in result))
    data = halved_down(soft(*size, quality=quality, subsampling=HALVED_ACROSS))

    if lanczos.serves(Size(160 // shrink, 160 // shrink), result):
        assert_near(reduced(data, size, shrink, result), by_parts(data, size, shrink, result))


def assert_near(first: bytes, second: bytes) -> None:
    """Chroma is interpolated in other ways, and at the edges parts of pixels count: no more than that."""
    differences = [abs(a - b) for a, b in zip(first, second, strict=True)]
    assert sum(differences) / len(differences) <= 2.5
    assert max(differences) <= 20


@given(
    asked=asked(8),
    subsampling=st.sampled_from((FINE, HALVED_ACROSS, HALVED)),
    quality=st.integers(1, 100),
    restarts=st.integers(0, 3),
)
def test_any_small_jpeg_is_reduced_at_once(
    asked: tuple[Size, int, Size], subsampling: int, quality: int, restarts: int
) -> None:
    size, _, _ = asked

    assert reduced(
        plain(*size, quality=quality, subsampling=subsampling, restart_marker_blocks=restarts), *asked
    )


@pytest.mark.parametrize("shrink", SHRINKS)
@pytest.mark.parametrize("subsampling", [FINE, HALVED_ACROSS, HALVED])
@pytest.mark.parametrize("place", [0.5, 0.98])
def test_damage_is_told_while_it_is_reduced(shrink: int, subsampling: int, place: float) -> None:
    """In the middle, and in the very last blocks."""
    size, result = Size(400, 300), Size(20, 15)
    data = bytearray(encoded(noisy(*size), "jpeg", quality=90, subsampling=subsampling))
    start = data.index(SOS)
    at = start + int((len(data) - start) * place)
    data[at : at + 8] = b"\xff\xd0" * 4  # restarts where there are none

    assert structure.baseline.is_plain(bytes(data))
    assert turbo.reduced(bytes(data), size, shrink, result) is None


@pytest.mark.parametrize("shrink", SHRINKS)
@pytest.mark.parametrize("missing", [3, 10, 100])
def test_a_cut_is_told_while_it_is_reduced(missing: int, shrink: int) -> None:
    size = Size(400, 300)
    data = encoded(noisy(*size), "jpeg", quality=90)

    assert turbo.reduced(data[:-missing], size, shrink, Size(20, 15)) is None


def test_several_threads_reduce_at_a_time() -> None:
    sizes = [Size(200 + step, 300 - step) for step in range(0, 64, 8)] * 4
    files = [plain(*size) for size in sizes]
    shrinks, results = [2] * len(files), [Size(50, 60)] * len(files)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(reduced, files, sizes, shrinks, results))

    assert together == list(map(reduced, files, sizes, shrinks, results))


def test_without_our_library_libvips_reduces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanczos, "_library", None)

    assert turbo.reduced(plain(), Size(96, 64), 1, Size(32, 21)) is None
    assert engine.render(plain(), Recipe.default()).outputs


@pytest.mark.parametrize("size", [Size(65500, 8), Size(8, 65500), Size(65500, 1), Size(1, 65500)])
@pytest.mark.parametrize("subsampling", [FINE, HALVED_ACROSS, HALVED])
def test_strips(size: Size, subsampling: int) -> None:
    """They are reduced, or left to others for the memory that they would take."""
    data = encoded(Image.new("RGB", size, (200, 100, 50)), "jpeg", subsampling=subsampling)
    result = Size(*(ceil(side / 8) for side in size))

    image = turbo.reduced(data, size, 1, result)

    assert not turbo.is_stuck()
    assert image is None or (image.width, image.height) == result
