"""Plain JPEGs are decoded without libvips, and nobody can tell."""

import io
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixmill import engine
from pixmill.engine import structure, turbo, vips
from pixmill.errors import Rejected
from pixmill.geometry import Size
from pixmill.recipe import Recipe

from .pictures import encoded, exif, recipe, scene

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
    by_hand = engine.render(data, Recipe.default())

    monkeypatch.setattr(turbo, "_library", None)

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
    """

    assert alone(script) == ("True\n", "", 0)


def alone(script: str) -> tuple[str, str, int]:
    """What a script prints in a process of its own, what it complains of, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout, done.stderr, done.returncode


def test_without_the_library_libvips_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turbo, "_library", None)

    assert turbo.pixels(plain(), Size(96, 64), 1) is None
    assert engine.render(plain(), Recipe.default()).outputs


def test_pillows_wheel_has_the_library() -> None:
    """If this fails, a new version of Pillow has moved it, and everything is some percent slower."""
    assert turbo.pixels(plain(), Size(96, 64), 1) is not None
    assert Image.open(io.BytesIO(plain())).size == (96, 64)
