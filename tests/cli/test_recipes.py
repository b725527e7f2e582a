"""`pixmill init` and `pixmill check`."""

from pathlib import Path

import pytest
from tests.cli.command import Run

from pixmill import Recipe


def test_init_writes_a_recipe_that_check_accepts(quick: Run, here: Path) -> None:
    written, checked = quick("init"), quick("check")

    assert (written.status, written.out) == (0, "")
    assert (here / "pixmill.toml").read_text().startswith("# What Pixmill makes")
    assert checked.status == 0
    assert "pixmill.toml is a valid recipe: 2 renditions." in checked.out
    assert Recipe.load(here / "pixmill.toml").fingerprint in checked.out
    assert [path.name for path in here.iterdir()] == ["pixmill.toml"]


def test_init_overwrites_only_by_force(quick: Run, here: Path) -> None:
    mine = here / "mine.toml"
    mine.write_text("precious")

    refused = quick("init", "mine.toml")

    assert refused.status == 2
    assert "error[file-exists]: mine.toml exists already." in refused.err
    assert mine.read_text() == "precious"
    assert quick("init", "mine.toml", "--force").status == 0
    assert mine.read_text() != "precious"


@pytest.mark.parametrize(("path", "expected"), [("recipe.json", ".toml"), (".", "is a folder")])
def test_init_refuses_a_name_that_no_recipe_can_have(quick: Run, path: str, expected: str) -> None:
    done = quick("init", path)

    assert done.status == 2
    assert expected in done.err


def test_check_shows_what_a_recipe_makes(quick: Run, here: Path) -> None:
    (here / "r.toml").write_text(
        '[[rendition]]\nname = "wide"\nwidth = 900\nformats = ["avif", "png"]\nenlarge = "skip"\n'
    )

    out = quick("check", "r.toml").out

    assert "wide       900\u00d7any  inside  avif 60, png         skip" in out
    assert "64 MiB, 100 megapixels" in out


def test_check_names_every_mistake_at_once_and_refuses(quick: Run, here: Path) -> None:
    (here / "bad.toml").write_text('colour = "red"\n[[rendition]]\nname = "a"\nwidht = 3\nheight = 0\n')

    done = quick("check", "bad.toml")

    assert (done.status, done.out) == (2, "")
    assert "error[invalid-recipe]: bad.toml has 3 mistakes:" in done.err
    assert "`rendition[0].widht`" in done.err
    assert "did you mean `width`?" in done.err
    assert "`rendition[0].height`" in done.err
    assert "`colour`" in done.err


@pytest.mark.parametrize("name", ["none.toml", "folder.toml", "recipe.yaml"])
def test_check_of_what_is_no_recipe(quick: Run, here: Path, name: str) -> None:
    (here / "folder.toml").mkdir()
    (here / "recipe.yaml").write_text("")

    done = quick("check", name)

    assert (done.status, done.out) == (2, "")
    assert "error[" in done.err
    assert "Traceback" not in done.err
