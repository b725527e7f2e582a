"""A folder that is followed, in this process, and what a fresh sync would make of it."""

import shutil
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.local.waiting import until
from tests.sync.pictures import snapshot

from pixmill.errors import PixmillError
from pixmill.local.follow import Following
from pixmill.local.told import Told
from pixmill.recipe import Recipe
from pixmill.storage import open_store
from pixmill.syncing import sync
from pixmill.syncing.work import Failure, Result

SMALL = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16}]})


@dataclass
class Diary(Told):
    """Remembers what it was told."""

    results: list[Result] = field(default_factory=list[Result])
    errors: list[PixmillError] = field(default_factory=list[PixmillError])
    rests: int = 0
    at_beginning: Callable[[str], None] = lambda _: None

    def begun(self, key: str) -> None:
        self.at_beginning(key)

    def done(self, key: str, result: Result) -> None:
        del key
        self.results.append(result)

    def rested(self) -> None:
        self.rests += 1

    def troubled(self, error: PixmillError) -> None:
        self.errors.append(error)

    def actions(self, key: str) -> list[str]:
        return [
            "failed" if isinstance(result, Failure) else result.action
            for result in self.results
            if result.key == key
        ]


@dataclass
class Followed:
    """The two folders, and who follows."""

    source: Path
    destination: Path
    recipe: Recipe
    diary: Diary
    following: Following

    def fresh(self) -> dict[str, object]:
        """What a sync into an empty destination gives."""
        place = self.destination.with_name("fresh")
        shutil.rmtree(place, ignore_errors=True)
        sync(self.source, place, self.recipe, jobs=2)
        return snapshot(place)

    def settled(self) -> dict[str, object]:
        """The destination, when it is what a fresh sync gives, or else after a long wait."""
        expected = self.fresh()
        until(lambda: snapshot_or_none(self.destination) == expected)
        return snapshot(self.destination)


def snapshot_or_none(folder: Path) -> dict[str, object] | None:
    """A snapshot, unless a file was removed while it was taken."""
    try:
        return snapshot(folder)
    except FileNotFoundError:
        return None


@contextmanager
def followed(
    home: Path, recipe: Recipe = SMALL, diary: Diary | None = None, *, at_rest: bool = True
) -> Generator[Followed]:
    """Follow `home/source` into `home/destination`, from its first rest on unless told otherwise."""
    source, destination = home / "source", home / "destination"
    source.mkdir(exist_ok=True)
    diary = diary or Diary()
    following = Following(
        open_store(str(source)), open_store(str(destination), create=True), recipe, diary, jobs=2, every=0.2
    )
    thread = threading.Thread(target=following.run)
    thread.start()
    try:
        assert not at_rest or until(lambda: diary.rests)
        yield Followed(source, destination, recipe, diary, following)
    finally:
        following.stop()
        thread.join(20)
        assert not thread.is_alive()
