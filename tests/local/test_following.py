"""Whatever happens in the source, its destination ends as a fresh sync would have made it."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.local.followed import SMALL, Diary, followed
from tests.local.waiting import until
from tests.sync.pictures import fill, photo, snapshot

from pixmill.errors import Refused
from pixmill.local import hints, resting
from pixmill.local.follow import Following
from pixmill.local.told import Told
from pixmill.recipe import Recipe
from pixmill.storage import open_store
from pixmill.syncing import sync

OTHER = Recipe.from_dict({"rendition": [{"name": "wide", "width": 30, "formats": ["webp"]}]})


def test_what_was_there_before_is_synced_first(tmp_path: Path) -> None:
    fill(tmp_path / "source", 12)

    with followed(tmp_path) as at:
        assert snapshot(at.destination) == at.fresh()


def test_every_kind_of_change_is_followed(tmp_path: Path) -> None:
    fill(tmp_path / "source", 12)

    with followed(tmp_path) as at:
        source = at.source
        (source / "new.jpg").write_bytes(photo(seed=90))
        (source / "album 0" / "0.jpeg").write_bytes(photo(seed=91))
        (source / "album 1" / "1.png").unlink()
        (source / "album 2" / "2.webp").rename(source / "renamed.webp")
        assert at.settled() == at.fresh()

        (source / "album 1").rename(source / "moved")
        (source / "deep" / "er").mkdir(parents=True)
        (source / "deep" / "er" / "x.jpg").write_bytes(photo(seed=92))
        (source / "notes.txt").write_bytes(b"Not a picture at all.")
        assert at.settled() == at.fresh()

        shutil.rmtree(source / "moved")
        (source / "notes.txt").write_bytes(photo(seed=93))
        assert at.settled() == at.fresh()
        assert at.diary.errors == []


def test_a_file_is_left_alone_until_it_has_come_to_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "REST", 1.5)
    data = photo(320, 240)

    with followed(tmp_path) as at:
        with (at.source / "slow.jpg").open("wb", buffering=0) as file:
            for start in range(0, len(data), len(data) // 15):
                file.write(data[start : start + len(data) // 15])
                time.sleep(0.1)
        assert at.settled() == at.fresh()
        assert at.diary.actions("slow.jpg") == ["made"]


def test_a_file_that_never_rests_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "REST", 0.1)
    monkeypatch.setattr(resting, "MOST", 0.5)

    with followed(tmp_path) as at:
        restless = at.source / "log.jpg"

        def grown() -> list[str]:
            with restless.open("ab") as file:
                file.write(b"more")
            return at.diary.actions("log.jpg")

        assert "rejected" in until(grown)


def test_a_file_replaced_while_it_is_decoded_is_made_again(tmp_path: Path) -> None:
    diary = Diary()
    source = tmp_path / "source"
    spare = tmp_path / "spare.png"
    spare.write_bytes(photo(seed=2, kind="PNG"))

    with followed(tmp_path, diary=diary) as at:

        def replace(key: str) -> None:
            if key == "a.png" and spare.exists():
                spare.rename(source / "a.png")
                at.following.hint("a.png")

        diary.at_beginning = replace
        large = photo(3000, 2000, seed=1, kind="PNG")
        (source / "a.png").write_bytes(large)
        assert until(lambda: not spare.exists())
        assert at.settled() == at.fresh()


def test_a_burst_of_thousands(tmp_path: Path) -> None:
    data = photo(24, 18)

    with followed(tmp_path) as at:
        for number in range(2000):
            folder = at.source / f"{number % 7}" / f"{number % 3}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}.jpg").write_bytes(data)
        thumbnails = at.destination / "thumbnail"
        assert until(lambda: len(list(thumbnails.rglob("*.jpg"))) == 2000, 60)
        assert until(lambda: len(list((at.destination / "manifests").rglob("*.json"))) == 2000)

        shutil.rmtree(at.source / "3")
        gone = len([number for number in range(2000) if number % 7 == 3])
        assert until(lambda: len(list(thumbnails.rglob("*.jpg"))) == 2000 - gone)
        assert at.diary.errors == []


def test_nothing_is_removed_while_the_source_is_away(tmp_path: Path) -> None:
    fill(tmp_path / "source", 6)

    with followed(tmp_path) as at:
        before = snapshot(at.destination)
        away = tmp_path / "away"
        at.source.rename(away)
        assert until(lambda: at.diary.errors)
        assert at.diary.errors[0].code == "source-not-found"
        assert snapshot(at.destination) == before

        (away / "album 0" / "0.jpeg").unlink()
        (away / "late.jpg").write_bytes(photo(seed=7))
        away.rename(at.source)
        assert at.settled() == at.fresh()
        (at.source / "later.jpg").write_bytes(photo(seed=8))
        assert at.settled() == at.fresh()


def test_what_was_to_be_done_waits_while_the_source_is_away(tmp_path: Path) -> None:
    """A drive that is pulled out in the middle of the work must not look like one that was emptied."""
    source, away = tmp_path / "source", tmp_path / "away"
    fill(source, 80)
    sync(source, tmp_path / "destination", OTHER)
    diary = Diary()
    begun: list[str] = []

    def pull(key: str) -> None:
        begun.append(key)
        if len(begun) == 10:
            source.rename(away)

    diary.at_beginning = pull
    with followed(tmp_path, diary=diary, at_rest=False) as at:
        assert until(away.exists)
        assert until(lambda: at.diary.errors)
        # Two workers may have had one in hand.
        assert len(list((at.destination / "manifests").rglob("*.json"))) >= 78

        away.rename(source)
        assert at.settled() == at.fresh()


def test_another_folder_in_its_place_is_followed(tmp_path: Path) -> None:
    fill(tmp_path / "source", 4)
    fill(tmp_path / "other", 7)

    with followed(tmp_path) as at:
        shutil.rmtree(at.source)
        (tmp_path / "other").rename(at.source)
        assert at.settled() == at.fresh()
        (at.source / "later.jpg").write_bytes(photo(seed=8))
        assert at.settled() == at.fresh()


def test_names_that_are_no_text_are_followed_too(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        (tmp_path / "source" / os.fsdecode(b"caf\xe9.jpg")).write_bytes(photo(seed=3))
        (tmp_path / "source" / "100%.jpg").write_bytes(photo(seed=4))
        (tmp_path / "source" / "%2E%2E").mkdir()
        (tmp_path / "source" / "%2E%2E" / "x.jpg").write_bytes(photo(seed=5))
        assert len(at.settled()) == 6
        assert at.settled() == at.fresh()


def test_links_to_folders_are_not_followed_but_links_to_files_are(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    fill(outside, 4)

    with followed(tmp_path) as at:
        (at.source / "first.jpg").write_bytes(photo(seed=8))
        assert len(at.settled()) == 2  # from here on the folder is watched
        (at.source / "folder").symlink_to(outside)
        (at.source / "file.jpg").symlink_to(outside / "album 0" / "0.jpeg")
        assert len(at.settled()) == 4
        (outside / "album 0" / "new.jpg").write_bytes(photo(seed=9))
        (at.source / "after.jpg").write_bytes(photo(seed=10))
        assert len(at.settled()) == 6
        assert at.settled() == at.fresh()


def test_litter_is_no_original(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        (at.source / "first.jpg").write_bytes(photo(seed=8))
        assert len(at.settled()) == 2  # from here on the folder is watched
        for name in (".DS_Store", "._a.jpg", ".git/x.jpg", ".pixmill/x.jpg"):
            (at.source / name).parent.mkdir(exist_ok=True)
            (at.source / name).write_bytes(photo())
        (at.source / "a.jpg").write_bytes(photo())
        assert len(at.settled()) == 4
        assert at.settled() == at.fresh()


def _deaf(*_: object) -> None:
    """Gives no hint."""


def test_hints_that_get_lost_are_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a full queue of the system's, which tells nobody."""
    monkeypatch.setattr("pixmill.local.scout.watch_folder", _deaf)
    monkeypatch.setattr("pixmill.local.scout._FOLDER_EVERY", 0.5)
    fill(tmp_path / "source", 4)

    with followed(tmp_path) as at:
        (at.source / "unseen.jpg").write_bytes(photo(seed=9))
        (at.source / "album 0" / "0.jpeg").unlink()
        assert at.settled() == at.fresh()


def test_too_many_hints_at_once_are_one_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "MOST", 3)

    with followed(tmp_path) as at:
        fill(at.source, 20)
        assert at.settled() == at.fresh()


def test_another_recipe_holds_from_the_moment_it_is_applied(tmp_path: Path) -> None:
    fill(tmp_path / "source", 20)

    with followed(tmp_path) as at:
        at.following.apply(OTHER)
        at.recipe = OTHER
        assert at.settled() == at.fresh()
        assert not list((at.destination / "thumbnail").rglob("*.jpg"))


def test_a_rejected_original_is_judged_again_on_demand(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        (at.source / "bad.jpg").write_bytes(b"Not a picture at all.")
        assert until(lambda: at.diary.actions("bad.jpg")) == ["rejected"]

        at.following.retry("bad.jpg")
        assert until(lambda: at.diary.actions("bad.jpg")[1:]) == ["rejected"]


def test_a_failed_original_is_tried_again_by_itself(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        obstacle = at.destination / "thumbnail"
        obstacle.write_bytes(b"in the way")
        (at.source / "a.jpg").write_bytes(photo())
        assert until(lambda: at.diary.actions("a.jpg")) == ["failed"]

        obstacle.unlink()
        assert at.settled() == at.fresh()


def test_the_next_sync_finds_nothing_to_do(tmp_path: Path) -> None:
    fill(tmp_path / "source", 12)

    with followed(tmp_path) as at:
        (at.source / "new.jpg").write_bytes(photo(seed=90))
        assert at.settled() == at.fresh()
    summary = sync(at.source, at.destination, SMALL)

    assert (summary.current, summary.made, summary.removed) == (13, 0, 0)


def test_the_destination_is_held_for_as_long_as_it_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pixmill.syncing.claim._PATIENCE", 0.1)
    with followed(tmp_path) as at, pytest.raises(Refused) as refused:
        sync(at.source, at.destination, SMALL)

    assert refused.value.code == "destination-busy"
    assert sync(at.source, at.destination, SMALL).failures == []


def test_stores_that_overlap_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    ends = open_store(str(tmp_path)), open_store(str(tmp_path / "in"))

    with pytest.raises(Refused) as refused:
        Following(*ends, SMALL, Told(), every=1.0)

    assert refused.value.code == "overlapping-stores"


def test_a_destination_with_files_of_somebody_else_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "source", 1)
    (tmp_path / "destination" / "thumbnail").mkdir(parents=True)
    (tmp_path / "destination" / "thumbnail" / "mine.jpg").write_bytes(photo())
    ends = open_store(str(tmp_path / "source")), open_store(str(tmp_path / "destination"))

    with pytest.raises(Refused) as refused:
        Following(*ends, SMALL, Told(), every=1.0).run()

    assert refused.value.code == "foreign-objects"


class _Hands:
    """Does things to a folder at random, but the same things each time."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._dice = random.Random(seed)  # noqa: S311 - choices, not secrets
        self._pictures = [photo(20, 16, seed=number) for number in range(6)]

    def act(self) -> None:
        self._dice.choice((self._write, self._write, self._write, self._remove, self._move, self._move_all))()

    def pause(self) -> None:
        time.sleep(self._dice.choice((0.0, 0.0, 0.0, 0.05, 0.3)))

    def _name(self) -> Path:
        parts = self._dice.choices("abc", k=self._dice.randint(1, 3))
        return self._root.joinpath(*parts[:-1], f"{parts[-1]}.jpg")

    def _some(self, kind: Callable[[Path], bool]) -> Path | None:
        found = sorted(path for path in self._root.rglob("*") if ".pixmill" not in path.parts and kind(path))
        return self._dice.choice(found) if found else None

    def _write(self) -> None:
        path = self._name()
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self._dice.choice(self._pictures)
        path.write_bytes(data if self._dice.random() < 0.8 else data[:300])

    def _remove(self) -> None:
        if path := self._some(Path.is_file):
            path.unlink()

    def _move(self) -> None:
        if path := self._some(Path.is_file):
            target = self._name()
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)

    def _move_all(self) -> None:
        if path := self._some(Path.is_dir):
            target = self._root / self._dice.choice("abcdef")
            if self._dice.random() < 0.4:
                shutil.rmtree(path)
            elif not target.exists():
                path.rename(target)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_it_ends_as_a_fresh_sync_would(tmp_path: Path, seed: int) -> None:
    with followed(tmp_path) as at:
        hands = _Hands(at.source, seed)
        for _ in range(50):
            hands.act()
            hands.pause()
        assert at.settled() == at.fresh()
