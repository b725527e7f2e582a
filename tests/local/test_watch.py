"""`pixmill watch` as users have it: a process that says what it does, until Ctrl-C."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pytest
from tests.local.waiting import MOST, until
from tests.storage.bucket import Bucket
from tests.sync.pictures import photo, snapshot

from pixmill.recipe import Recipe
from pixmill.syncing import sync

COMMAND = [sys.executable, "-m", "pixmill.cli", "watch"]
RECIPE = '[[rendition]]\nname = "thumbnail"\nwidth = 16\n'


class Watching:
    """The process and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.talk: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._readers = [
            threading.Thread(target=self._read, args=(stream, kept))
            for stream, kept in ((process.stdout, self.lines), (process.stderr, self.talk))
        ]
        for reader in self._readers:
            reader.start()

    def line(self) -> str:
        """The next line of data."""
        return self.lines.get(timeout=MOST)

    def told(self, beginning: str) -> str:
        """The next line of talk that begins like this."""
        while not (line := self.talk.get(timeout=MOST)).startswith(beginning):
            pass
        return line

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        for reader in self._readers:
            reader.join(20)

    @staticmethod
    def _read(stream: IO[str] | None, kept: "queue.SimpleQueue[str]") -> None:
        with cast("IO[str]", stream) as opened:
            for line in opened:
                kept.put(line.rstrip("\n"))


@contextmanager
def watching(home: Path, source: str, destination: str, *options: str) -> Generator[Watching]:
    (home / "pixmill.toml").write_text(RECIPE, "utf-8")
    process = subprocess.Popen(
        [*COMMAND, source, destination, "--jobs", "2", *options],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    found = Watching(process)
    try:
        yield found
    finally:
        found.close()


def test_it_says_what_becomes_of_each_original(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.jpg").write_bytes(photo())
    with watching(tmp_path, "source", "destination") as watch:
        assert watch.told("Recipe:") == "Recipe: pixmill.toml"
        assert watch.line().startswith("made a.jpg: 1 rendition, ")
        watch.told("Up to date")
        (source / "bad.jpg").write_bytes(b"Not a picture at all.")
        assert "bad.jpg" in watch.told("rejected[not-an-image]")
        (source / "a.jpg").unlink()
        assert watch.line() == "removed a.jpg"
        assert watch.end() == 0
    assert sorted(path.name for path in (tmp_path / "destination" / "manifests").iterdir()) == [
        "bad.jpg.json"
    ]


def test_json_is_one_object_a_line(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with watching(tmp_path, "source", "destination", "--json", "--quiet") as watch:
        assert until((tmp_path / "destination" / ".pixmill" / "state.json").exists)
        (source / "a.jpg").write_bytes(photo())
        made = json.loads(watch.line())
        assert (made["key"], made["action"], made["made"]) == ("a.jpg", "made", ["thumbnail/a.jpg.jpg"])
        (source / "bad.jpg").write_bytes(b"")
        assert json.loads(watch.line())["reason"]["code"] == "empty"
        assert watch.end(signal.SIGTERM) == 0


def test_orphans_are_kept_as_asked(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.jpg").write_bytes(photo())
    with watching(tmp_path, "source", "destination", "--keep-orphans") as watch:
        assert watch.line().startswith("made a.jpg")
        (source / "a.jpg").unlink()
        (source / "b.jpg").write_bytes(photo(seed=1))
        assert watch.line().startswith("made b.jpg")
        assert watch.end() == 0
    assert (tmp_path / "destination" / "thumbnail" / "a.jpg.jpg").exists()


def test_it_refuses_what_a_sync_refuses(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    for arguments, code in (
        (["none", "destination"], "source-not-found"),
        (["source", "source/in"], "overlapping-stores"),
        (["memory://", "destination"], "invalid-location"),
        (["source", "destination", "--recipe", "none.toml"], "recipe-not-found"),
    ):
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines()[-3].startswith(f"error[{code}]: ")


@pytest.mark.parametrize(("command", "package"), [("watch", "watchfiles"), ("serve", "uvicorn")])
def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, command: str, package: str) -> None:
    (tmp_path / "source").mkdir()
    code = (
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Lacking(PathFinder):\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, path=None, target=None):\n"
        f"        return None if name == {package!r} else super().find_spec(name, path, target)\n"
        "sys.meta_path[:] = [Lacking if each is PathFinder else each for each in sys.meta_path]\n"
        "from pixmill.cli import run\n"
        f"sys.exit(run([{command!r}, 'source', 'destination']))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith("error[package-missing]: ")
    assert package in done.stderr
    assert "pip install 'pixmill[local]'" in done.stderr
    assert not (tmp_path / "destination").exists()


def test_help_loads_nothing_of_the_extra() -> None:
    code = (
        "import sys\n"
        "from pixmill.cli import run\n"
        "run(['--help']), run(['watch', '--help']), run(['serve', '--help'])\n"
        "heavy = {'starlette', 'uvicorn', 'watchfiles', 'anyio', 'asyncio', 'pyvips', 'obstore', 'sqlite3'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("[]\n")


def test_between_buckets_changes_are_found_by_listing(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("in/a.jpg", photo())
    with watching(tmp_path, bucket.url("in"), bucket.url("out"), "--poll", "0.3") as watch:
        assert watch.line().startswith("made a.jpg")
        bucket.put("in/b.jpg", photo(seed=1))
        assert watch.line().startswith("made b.jpg")
        bucket.put("in/a.jpg", photo(seed=2))
        assert watch.line().startswith("made a.jpg")
        bucket.client.delete_object(Bucket=bucket.name, Key="in/b.jpg")
        assert watch.line() == "removed b.jpg"
        assert watch.end() == 0
    summary = sync(bucket.url("in"), bucket.url("out"), Recipe.parse(RECIPE))
    assert (summary.current, summary.made) == (1, 0)


def test_from_a_bucket_to_a_folder(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("cats/a.jpg", photo())
    with watching(tmp_path, bucket.url(), "destination", "--poll", "0.3") as watch:
        assert watch.line().startswith("made cats/a.jpg")
        assert watch.end() == 0
    assert len(snapshot(tmp_path / "destination")) == 2
