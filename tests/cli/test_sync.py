"""`pixmill sync`, told to people and to programs."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.command import COMMAND, Run, jpeg

SYNC = ("sync", "photos", "renditions")


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def by_key(text: str) -> dict[str, dict[str, Any]]:
    return {line["key"]: line for line in lines(text)[:-1]}


def table(text: str) -> dict[str, str]:
    return {line.split()[0]: " ".join(line.split()[1:]) for line in text.splitlines()}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("photos")
def test_a_sync_says_what_it_made_and_names_what_it_rejected(pixmill: Run, here: Path) -> None:
    done = pixmill(*SYNC)

    assert done.status == 0
    told = table(done.out)
    assert (told["Originals"], told["Made"], told["Rejected"]) == ("3", "2 4 renditions", "1 1 not-an-image")
    assert told["Time"].endswith("originals a second")
    assert "kB" in told["Bytes"]
    assert "rejected[not-an-image]: notes.txt: The bytes are not" in done.err
    assert "  hint: Pixmill judges by content" in done.err
    assert {"standard/a.jpg.jpg", "thumbnail/cats/b.jpg.jpg", "manifests/notes.txt.json"} <= files(
        here / "renditions"
    )


@pytest.mark.usefixtures("photos")
def test_a_second_run_says_plainly_that_nothing_was_to_be_done(pixmill: Run) -> None:
    pixmill(*SYNC)

    again = pixmill(*SYNC)

    assert again.status == 0
    assert again.out.startswith("Everything is up to date: 3 originals checked in ")
    assert "rejected" not in again.err


@pytest.mark.usefixtures("here")
def test_an_empty_source_is_said_to_be_empty(quick: Run, here: Path) -> None:
    (here / "photos").mkdir()

    assert quick(*SYNC).out == "There are no originals in the source.\n"


@pytest.mark.usefixtures("photos")
def test_json_is_one_object_a_line_and_nothing_else(pixmill: Run) -> None:
    done = pixmill(*SYNC, "--json")

    told = by_key(done.out)
    assert {key: line["action"] for key, line in told.items()} == {
        "a.jpg": "made",
        "cats/b.jpg": "made",
        "notes.txt": "rejected",
    }
    assert told["notes.txt"]["reason"]["code"] == "not-an-image"
    assert told["a.jpg"]["source"]["format"] == "jpeg"
    assert told["a.jpg"]["made"] == ["standard/a.jpg.jpg", "thumbnail/a.jpg.jpg"]
    assert [entry["rendition"] for entry in told["a.jpg"]["renditions"]] == ["standard", "thumbnail"]
    summary = lines(done.out)[-1]["summary"]
    assert (summary["originals"], summary["made"], summary["rejected"]) == (3, 2, {"not-an-image": 1})
    assert "rejected[not-an-image]" in done.err


@pytest.mark.usefixtures("photos")
def test_json_of_a_second_run_is_the_summary_alone(quick: Run) -> None:
    quick(*SYNC)

    (only,) = lines(quick(*SYNC, "--json").out)

    assert (only["summary"]["current"], only["summary"]["made"]) == (3, 0)


def test_json_tells_of_what_was_removed(quick: Run, photos: Path) -> None:
    quick(*SYNC)
    (photos / "a.jpg").unlink()

    told = by_key(quick(*SYNC, "--json").out)

    assert told == {"a.jpg": {"key": "a.jpg", "action": "removed", "removed": 2}}


def test_orphans_are_kept_if_asked(quick: Run, photos: Path, here: Path) -> None:
    quick(*SYNC)
    (photos / "a.jpg").unlink()

    kept = quick(*SYNC, "--keep-orphans")

    assert "1 orphan kept" in kept.out
    assert "standard/a.jpg.jpg" in files(here / "renditions")
    assert table(quick(*SYNC).out)["Removed"] == "1 originals that are gone"
    assert "standard/a.jpg.jpg" not in files(here / "renditions")


def test_a_dry_run_names_what_would_be_done_and_does_nothing(quick: Run, photos: Path, here: Path) -> None:
    quick(*SYNC)
    before = files(here / "renditions")
    (photos / "a.jpg").unlink()
    (photos / "c.jpg").write_bytes(jpeg())

    done = quick(*SYNC, "--dry-run")

    assert {"would make c.jpg", "would remove a.jpg"} <= set(done.out.splitlines())
    assert "To make" in done.out
    assert files(here / "renditions") == before


@pytest.mark.usefixtures("photos")
def test_json_of_a_dry_run_says_on_each_line_that_it_is_one(quick: Run, here: Path) -> None:
    done = quick(*SYNC, "--dry-run", "--json")

    *originals, last = lines(done.out)
    assert all(line["dry_run"] for line in originals)
    assert last["summary"]["dry_run"]
    assert not (here / "renditions").exists()


@pytest.mark.usefixtures("photos")
def test_quiet_says_nothing_but_what_went_wrong(quick: Run) -> None:
    first, second = quick(*SYNC, "--quiet"), quick(*SYNC, "--quiet")

    assert first.out == ""
    assert [line.split(":")[0] for line in first.err.splitlines()] == ["rejected[not-an-image]", "  hint"]
    assert (second.status, second.out, second.err) == (0, "", "")


@pytest.mark.usefixtures("photos")
def test_a_rejection_changes_the_status_only_if_strict(pixmill: Run) -> None:
    assert pixmill("sync", "photos", "one").status == 0
    assert pixmill("sync", "photos", "other", "--strict").status == 1


@pytest.mark.usefixtures("photos")
def test_a_failure_is_named_and_changes_the_status_while_the_others_are_done(quick: Run, here: Path) -> None:
    (here / "renditions" / "standard" / "a.jpg.jpg").mkdir(parents=True)

    done = quick(*SYNC, "--json")

    told = by_key(done.out)
    assert done.status == 1
    assert (told["a.jpg"]["action"], told["a.jpg"]["reason"]["code"]) == ("failed", "place-taken")
    assert told["cats/b.jpg"]["action"] == "made"
    assert "failed[place-taken]: " in done.err
    assert lines(done.out)[-1]["summary"]["failed"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("sync", "nowhere", "renditions"), "source-not-found"),
        (("sync", "photos", "photos/inside"), "overlapping-stores"),
        (("sync", "photos", "ftp://example/x"), "invalid-location"),
        (("sync", "photos", "renditions", "--recipe", "none.toml"), "recipe-not-found"),
    ],
)
@pytest.mark.usefixtures("photos")
def test_a_refused_request_does_nothing(
    quick: Run, here: Path, arguments: tuple[str, ...], code: str
) -> None:
    done = quick(*arguments)

    assert (done.status, done.out) == (2, "")
    assert f"error[{code}]: " in done.err
    assert "Traceback" not in done.err
    assert [path.name for path in here.iterdir()] == ["photos"]


RECIPE = '[[rendition]]\nname = "{}"\nwidth = 20\n'


@pytest.mark.usefixtures("photos")
def test_the_recipe_is_the_one_named_else_the_one_in_this_folder_else_the_default(
    quick: Run, here: Path
) -> None:
    def made_by(*arguments: str) -> tuple[str, set[str]]:
        done = quick("sync", "photos", "out", "--json", *arguments)
        entries = [entry for line in lines(done.out) for entry in line.get("renditions", ())]
        return done.err.splitlines()[0], {entry["rendition"] for entry in entries}

    assert made_by() == (
        "Recipe: the default (`pixmill init` writes one to change)",
        {"standard", "thumbnail"},
    )
    as_json = '{"rendition": [{"name": "from-json", "width": 20}]}'
    (here / "pixmill.json").write_text(as_json)
    assert made_by() == ("Recipe: pixmill.json", {"from-json"})
    (here / "pixmill.toml").write_text(RECIPE.format("from-toml"))
    assert made_by() == ("Recipe: pixmill.toml", {"from-toml"})
    (here / "mine.toml").write_text(RECIPE.format("mine"))
    assert made_by("--recipe", "mine.toml") == ("Recipe: mine.toml", {"mine"})


@pytest.fixture
def many(here: Path) -> int:
    """Enough pictures to be interrupted at."""
    folder, count, data = here / "photos", 60, jpeg(2400, 1800)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.jpg").write_bytes(data)
    return count


def start(here: Path) -> "subprocess.Popen[bytes]":
    arguments = [*COMMAND, *SYNC, "--json", "--jobs", "2"]
    # Tests that a shell runs in the background are started deaf to the signal, and would pass that on.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        # A session of its own, so that the signal reaches the workers as well, as it does from a keyboard.
        return subprocess.Popen(
            arguments, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    finally:
        signal.signal(signal.SIGINT, heard)


def test_ctrl_c_ends_cleanly_and_the_next_run_does_the_rest(pixmill: Run, here: Path, many: int) -> None:
    with start(here) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["action"] == "made"
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)

    summary = lines(out.decode())[-1]["summary"]
    assert process.returncode == 130
    assert summary["interrupted"]
    assert 1 <= summary["made"] < many
    assert b"Interrupted. What was finished stays" in err
    assert b"Traceback" not in err

    rest = lines(pixmill(*SYNC, "--json").out)[-1]["summary"]
    assert (rest["made"] + rest["current"], rest["failed"]) == (many, 0)
    made = {name for name in files(here / "renditions") if not name.startswith(".pixmill/")}
    assert len(made) == 3 * many


@pytest.mark.usefixtures("many")
def test_a_reader_that_leaves_ends_a_sync_quietly(here: Path) -> None:
    with start(here) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()

    assert process.returncode == 141
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err
