"""`pixmill show` and `pixmill render`: one picture, no store."""

import json
import os
from pathlib import Path

import pytest
from PIL import Image
from tests.cli.command import Run, jpeg

from pixmill import Recipe, render

RECIPE = """
[[rendition]]
name = "small"
width = 30
formats = ["jpeg", "webp"]
[[rendition]]
name = "square"
width = 20
height = 20
fit = "cover"
gravity = "top"
formats = ["jpeg"]
[[rendition]]
name = "huge"
width = 4000
formats = ["png"]
enlarge = "skip"
"""


@pytest.fixture(autouse=True)
def _pictures(here: Path) -> None:
    (here / "pixmill.toml").write_text(RECIPE)
    (here / "text.jpg").write_bytes(b"no picture")
    (here / "half.jpg").write_bytes(jpeg()[:-200])
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40), "teal").save(here / "turned.jpg", exif=exif)
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(here / "clear.png")
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(here / "moving.gif", save_all=True, append_images=frames[1:])


def rows(text: str) -> dict[str, str]:
    return {line.split("  ")[0]: " ".join(line.split()[1:]) for line in text.splitlines() if line}


def test_show_tells_what_a_picture_is_and_what_would_become_of_it(quick: Run) -> None:
    done = quick("show", "turned.jpg")

    told = rows(done.out)
    assert (done.status, told["Format"], told["Orientation"]) == (0, "jpeg", "6, on its left side")
    assert told["Size"] == "40\u00d760, stored 60\u00d740"
    assert told["square"] == "jpeg 20\u00d720 cropped from 20\u00d730, top"
    assert told["huge"] == "png not made larger than the original"


@pytest.mark.parametrize(
    ("image", "rendition", "note"),
    [
        ("moving.gif", "small jpeg", "first of 3 frames"),
        ("moving.gif", "small webp", "3 frames"),
        ("clear.png", "small jpeg", "transparency on #ffffff"),
    ],
)
def test_show_says_what_a_format_cannot_keep(quick: Run, image: str, rendition: str, note: str) -> None:
    told = json.loads(quick("show", image, "--json").out)

    notes = {f"{each['rendition']} {each['format']}": each["notes"] for each in told["renditions"]}
    assert note in notes[rendition]


@pytest.mark.parametrize("image", ["turned.jpg", "clear.png", "moving.gif"])
def test_what_show_foretells_is_what_render_makes(quick: Run, here: Path, image: str) -> None:
    foretold = json.loads(quick("show", image, "--json").out)["renditions"]

    made = render(here / image, Recipe.load(here / "pixmill.toml")).outputs

    assert [
        (each["rendition"], each["declared"], each["made"], each.get("width", 0), each.get("height", 0))
        for each in foretold
    ] == [(each.rendition, each.declared, each.format is not None, each.width, each.height) for each in made]


def test_show_of_a_rejected_file_gives_the_reason(quick: Run) -> None:
    told, plain = quick("show", "text.jpg"), json.loads(quick("show", "text.jpg", "--json").out)

    assert told.status == 1
    assert told.out.startswith("rejected[not-an-image]: text.jpg: ")
    assert (plain["original"], plain["rejected"]["code"], plain["renditions"]) == (None, "not-an-image", [])


def test_show_of_a_picture_over_the_limits_shows_it_and_the_reason(quick: Run, here: Path) -> None:
    (here / "strict.toml").write_text("[limits]\nmax_side = 50\n" + RECIPE)

    told = quick("show", "turned.jpg", "--recipe", "strict.toml")

    assert told.status == 1
    assert rows(told.out)["Format"] == "jpeg"
    assert "rejected[too-long-a-side]" in told.out
    assert "square" not in told.out


def test_render_writes_each_rendition_under_a_name_of_its_own(quick: Run, here: Path) -> None:
    done = quick("render", "clear.png", "-o", "out")

    assert done.status == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == [
        "clear.png.small.jpg",
        "clear.png.small.webp",
        "clear.png.square.jpg",
    ]
    with Image.open(here / "out" / "clear.png.square.jpg") as made:
        assert made.size == (20, 20)
    assert "out/clear.png.square.jpg" in done.out
    assert "not made: larger-than-original" in done.out


def test_render_overwrites_only_by_force_and_else_writes_nothing(quick: Run, here: Path) -> None:
    (here / "out").mkdir()
    last = here / "out" / "turned.jpg.square.jpg"
    last.write_text("precious")

    refused = quick("render", "turned.jpg", "-o", "out")

    assert refused.status == 2
    assert "error[file-exists]" in refused.err
    assert [path.name for path in (here / "out").iterdir()] == [last.name]
    assert last.read_text() == "precious"
    assert quick("render", "turned.jpg", "-o", "out", "--force").status == 0
    assert last.read_bytes()[:2] == b"\xff\xd8"


def test_render_of_a_rejected_picture_writes_nothing(quick: Run, here: Path) -> None:
    done = quick("render", "half.jpg", "-o", "out")

    assert (done.status, done.out) == (1, "")
    assert "error[truncated]" in done.err
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("image", "status", "code"), [("nothing.jpg", 2, "source-not-found"), (".", 2, "source-not-found")]
)
def test_a_picture_that_is_not_there(quick: Run, image: str, status: int, code: str) -> None:
    for arguments in (("show", image), ("render", image, "-o", "out")):
        done = quick(*arguments)

        assert (status, "") == (done.status, done.out)
        assert f"error[{code}]" in done.err


def test_a_pipe_is_not_waited_for(quick: Run, here: Path) -> None:
    os.mkfifo(here / "pipe.jpg")

    assert quick("show", "pipe.jpg").status == 2


def test_render_into_what_is_no_folder_fails_with_a_reason(quick: Run, here: Path) -> None:
    (here / "file").write_text("")

    done = quick("render", "turned.jpg", "-o", "file/out")

    assert done.status == 1
    assert "error[place-taken]: file/out/turned.jpg.small.jpg cannot be written" in done.err
    assert "Traceback" not in done.err
