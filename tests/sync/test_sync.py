"""A whole source: only what is missing, stale or orphaned is done, and a second run does nothing."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.sync.pictures import fill, photo, snapshot

from pixmill.errors import Refused
from pixmill.recipe import Recipe
from pixmill.storage import ANY, Meta, Opened, Store, open_store
from pixmill.syncing import Failure, Progress, Result, Summary, sync
from pixmill.syncing.work import Job

SMALL = Recipe.from_dict(
    {
        "rendition": [
            {"name": "standard", "width": 32, "formats": ["jpeg", "webp"]},
            {"name": "thumbnail", "width": 16, "height": 16, "fit": "cover"},
        ]
    }
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "destination"


def test_first_run_does_all_and_second_nothing(source: Path, destination: Path) -> None:
    fill(source, 20)

    first = sync(source, destination, SMALL, jobs=2)
    second = sync(source, destination, SMALL, jobs=2)

    assert (first.originals, first.made, sum(first.rejected.values()), first.renditions) == (20, 18, 2, 54)
    assert first.failures == []
    assert (second.current, second.made, second.rejected, second.renditions) == (20, 0, {}, 0)


def test_second_run_reads_no_manifest() -> None:
    source, counted = open_store("memory://"), Counted(open_store("memory://"))
    for number in range(5):
        source.put(f"{number}.jpg", photo(seed=number), media_type="image/jpeg", expect=ANY)
    sync(source, counted, SMALL)
    counted.got.clear()

    summary = sync(source, counted, SMALL)

    assert summary.current == 5
    assert [key for key in counted.got if key.startswith("manifests/")] == []


def test_losing_the_cache_costs_a_reading_of_the_manifests_and_no_rendering(
    source: Path, destination: Path
) -> None:
    fill(source, 8)
    sync(source, destination, SMALL)
    (destination / ".pixmill" / "verified").unlink()

    summary = sync(source, destination, SMALL)

    assert (summary.current, summary.made) == (8, 0)


def test_only_the_overwritten_the_new_and_the_deleted_are_touched(source: Path, destination: Path) -> None:
    for name in ("same", "overwritten", "deleted"):
        (source / f"{name}.jpg").write_bytes(photo(seed=len(name)))
    sync(source, destination, SMALL)
    (source / "overwritten.jpg").write_bytes(photo(seed=99))
    (source / "deleted.jpg").unlink()
    (source / "new.jpg").write_bytes(photo(seed=5))

    summary = sync(source, destination, SMALL)

    assert (summary.current, summary.made, summary.removed) == (1, 2, 1)
    assert not list(destination.rglob("deleted*"))


def test_orphans_can_be_kept(source: Path, destination: Path) -> None:
    (source / "a.jpg").write_bytes(photo())
    sync(source, destination, SMALL)
    before = snapshot(destination)
    (source / "a.jpg").unlink()

    summary = sync(source, destination, SMALL, keep_orphans=True)

    assert (summary.orphans, summary.removed) == (1, 0)
    assert snapshot(destination) == before


def test_hand_deleted_rendition_comes_back(source: Path, destination: Path) -> None:
    fill(source, 3)
    sync(source, destination, SMALL)
    before = snapshot(destination)
    next((destination / "thumbnail").rglob("*.jpg")).unlink()

    assert sync(source, destination, SMALL).renditions == 1
    assert snapshot(destination) == before


def test_dropped_rendition_goes_and_the_others_stay(source: Path, destination: Path) -> None:
    fill(source, 3)
    sync(source, destination, SMALL)
    kept = {path: path.stat().st_mtime_ns for path in (destination / "standard").rglob("*") if path.is_file()}
    document: Any = SMALL.to_dict()
    document["rendition"] = [{**document["rendition"][0]}]

    summary = sync(source, destination, Recipe.from_dict(document))

    assert (summary.made, summary.renditions) == (3, 0)
    assert not (destination / "thumbnail").exists()
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_leftovers_of_a_killed_run_go_whatever_has_changed(source: Path, destination: Path) -> None:
    """The power failed between the rendition and its manifest; then original and recipe changed."""
    (source / "a.jpg").write_bytes(photo())
    sync(source, destination, SMALL)
    (destination / "manifests" / "a.jpg.json").unlink()
    (source / "a.jpg").unlink()
    document: Any = SMALL.to_dict()
    document["rendition"][0]["name"] = "large"

    sync(source, destination, Recipe.from_dict(document))

    assert snapshot(destination) == {}


def test_dry_run_says_what_would_be_done_and_writes_nothing(source: Path, destination: Path) -> None:
    fill(source, 4)
    summary = sync(source, destination, SMALL, dry_run=True)

    assert summary.made == 4
    assert not destination.exists() or snapshot(destination) == {}


def test_what_systems_leave_among_pictures_is_passed_over(source: Path, destination: Path) -> None:
    (source / "a.jpg").write_bytes(photo())
    for litter in (".DS_Store", "Thumbs.db", "._a.jpg", ".git/config"):
        path = source / litter
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")

    summary = sync(source, destination, SMALL)

    assert (summary.originals, summary.ignored) == (1, 4)


@pytest.mark.parametrize("inside", [".", "out", "a/b/out"])
def test_destination_inside_the_source_is_refused(source: Path, inside: str) -> None:
    with pytest.raises(Refused) as caught:
        sync(source, source / inside, SMALL)

    assert caught.value.code == "overlapping-stores"


def test_somebody_elses_files_where_renditions_would_go_are_refused(source: Path, destination: Path) -> None:
    (source / "a.jpg").write_bytes(photo())
    theirs = destination / "thumbnail" / "holiday.jpg"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"precious")

    with pytest.raises(Refused) as caught:
        sync(source, destination, SMALL)

    assert caught.value.code == "foreign-objects"
    assert theirs.read_bytes() == b"precious"


@pytest.mark.parametrize(
    "name",
    [
        "a#b.jpg",
        "100%.jpg",
        "ü (1).jpg",
        "a b+c.jpg",
        ".hidden.jpg",
        "x" * 251 + ".jpg",
        "new\nline.jpg",
        "no extension",
    ],
)
def test_any_file_name_works(source: Path, destination: Path, name: str) -> None:
    (source / name).write_bytes(photo())

    assert sync(source, destination, SMALL).made == 1
    assert sync(source, destination, SMALL).current == 1
    (source / name).unlink()
    assert sync(source, destination, SMALL).removed == 1
    assert snapshot(destination) == {}


def test_name_that_is_no_utf8_works(source: Path, destination: Path) -> None:
    with open(os.path.join(os.fsencode(source), b"caf\xe9.jpg"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(photo())

    assert sync(source, destination, SMALL).made == 1
    assert sync(source, destination, SMALL).current == 1


def test_same_name_with_two_extensions_gives_two_sets(source: Path, destination: Path) -> None:
    """Sketch fault 45: `cat.png` and `cat.jpg` must not share an output."""
    (source / "cat.png").write_bytes(photo(seed=1, kind="PNG"))
    (source / "cat.jpg").write_bytes(photo(seed=2))

    sync(source, destination, SMALL)

    assert (destination / "thumbnail" / "cat.png.jpg").read_bytes() != (
        destination / "thumbnail" / "cat.jpg.jpg"
    ).read_bytes()


def test_progress_hears_of_every_original_once(source: Path, destination: Path) -> None:
    fill(source, 12)
    heard = Heard()

    sync(source, destination, SMALL, progress=heard)

    assert heard.todo == 12
    assert sorted(heard.keys) == sorted(
        path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()
    )


def test_one_sync_at_a_time(source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pixmill.syncing.claim._PATIENCE", 0.1)
    (source / "a.jpg").write_bytes(photo())
    with open_store(destination, create=True).claim(), pytest.raises(Refused) as caught:
        sync(source, destination, SMALL)

    assert caught.value.code == "destination-busy"


class Heard(Progress):
    def __init__(self) -> None:
        self.todo = 0
        self.keys: list[str] = []

    def planned(self, summary: Summary, todo: int) -> None:
        assert summary.originals == todo
        self.todo = todo

    def done(self, job: Job, result: Result) -> None:
        assert not isinstance(result, Failure)
        assert job.key == result.key
        self.keys.append(job.key)


class Counted:
    """A store that remembers what was read of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.got: list[str] = []
        self.head, self.put, self.delete = store.head, store.put, store.delete
        self.claim, self.made_by_us = store.claim, store.made_by_us

    location = None

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self.got.append(key)
        return self._store.get(key)

    def open(self, key: str) -> Opened | None:
        return self._store.open(key)

    def list(self, prefix: str = "") -> Iterator[Meta]:
        return self._store.list(prefix)
