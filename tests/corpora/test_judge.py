"""The judge sees what is wrong: the corpora would pass before one that is blind."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from PIL import Image, ImageEnhance, ImageOps
from tests.corpora import judge as judging
from tests.corpora import reference, table
from tests.corpora.contained import Say, contained
from tests.corpora.judge import Finding, judge
from tests.corpora.table import Row
from tests.engine.pictures import encoded, exif, opened, scene, stored_as

from pixmill import engine
from pixmill.engine import Rendered
from pixmill.recipe import Recipe

# The children of these tests are children of pytest, which other tests may have given threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

UPRIGHT = scene(120, 90)


def spin(_: Say) -> None:
    while True:
        pass


def devour(_: Say) -> None:
    held: list[bytearray] = []
    while True:
        held.append(bytearray(64 << 20))


def end(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def crash(say: Say) -> None:
    say(b"last words")
    end()


def fail(*_: object) -> None:
    raise KeyError("lost")


def test_what_ends_a_child_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tests.corpora.contained.SECONDS", 2)
        assert contained(spin).fault == "hung"
        assert contained(lambda _: time.sleep(60)).fault == "hung"
    assert contained(devour).fault == "out of memory"
    assert contained(crash) == ([b"last words"], "SIGSEGV")
    raised = contained(fail)
    assert raised.fault == "raised"
    assert raised.said[-1] == b"KeyError: 'lost'"
    assert contained(lambda say: say(b"done")) == ([b"done"], "")


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "gif", "avif", "heic", "bmp", "ico"])
def test_right_pictures_agree(name: str) -> None:
    found = judge("x", encoded(UPRIGHT, name))

    assert (found.verdict, found.agreement) == (f"made 64x48 {name}", "agrees"), found.detail


@pytest.mark.parametrize("turn", range(1, 9))
def test_the_reference_turns_by_itself(turn: int) -> None:
    data = encoded(stored_as(UPRIGHT, turn), "jpeg", exif=exif(Orientation=turn))

    assert judge("x", data).agreement == "agrees"


def test_the_reference_reads_and_refuses() -> None:
    whole = encoded(UPRIGHT, "png")

    assert judge("x", whole[: len(whole) // 2]).agreement == "refused"
    assert judge("x", encoded(UPRIGHT.convert("1"), "xbm")).agreement == "read"
    assert judge("x", b"%PDF-1.7").agreement == "-"


def cornered(picture: Image.Image) -> Image.Image:
    return picture.crop((0, 0, 60, 45))


def darkened(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(0.9)


def halved(picture: Image.Image) -> Image.Image:
    return picture.crop((0, 0, 120, 45))


def swapped(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return Image.merge("RGB", (blue, green, red))


@pytest.mark.parametrize(
    "wrong", [ImageOps.mirror, ImageOps.flip, ImageOps.invert, cornered, darkened, halved, swapped]
)
def test_wrong_pictures_differ(
    wrong: Callable[[Image.Image], Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    true_render = engine.render

    def render(data: bytes, recipe: Recipe) -> Rendered:
        return true_render(encoded(wrong(opened(data).convert("RGB")), "png"), recipe)

    monkeypatch.setattr(judging.engine, "render", render)

    assert judge("x", encoded(UPRIGHT, "png")).agreement == "differs"


def test_an_engine_that_raises_is_at_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging.engine, "render", fail)

    found = judge("x", b"anything")

    assert found.fault == "raised"
    assert "KeyError" in found.detail


def test_a_crash_of_the_reference_is_not_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "picture", end)

    found = judge("x", encoded(UPRIGHT, "png"))

    assert (found.fault, found.agreement, found.detail) == ("", "unread", "SIGSEGV")


def test_a_change_of_a_verdict_is_seen() -> None:
    accepted = {"a": Row("made 1x1 png", "agrees"), "b": Row("rejected corrupt", "read", "why")}
    same = [finding("a", "made 1x1 png", "agrees"), finding("b", "rejected corrupt", "read")]
    other = [finding("a", "made 1x1 png", "differs"), finding("c", "rejected corrupt", "refused")]

    assert table.changes(same, accepted) == []
    assert table.changes(other, accepted) == [
        "a: made 1x1 png, differs; was made 1x1 png, agrees",
        "c: rejected corrupt, refused; was unknown, unknown",
    ]


def finding(name: str, verdict: str, agreement: str) -> Finding:
    return Finding(name, verdict, agreement, "", "", 0)
