"""How a sync begins: its workers come to life as early as can be, and bring only what they need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sync.pictures import fill, photo

from pixmill.recipe import Recipe
from pixmill.syncing import Progress, Result, Summary, sync
from pixmill.syncing.work import Job

SMALL = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16}]})
WORKER = """
import sys
from pixmill import engine
import pixmill.syncing.worker
engine.load()
print(*sorted(sys.modules))
"""


def children() -> set[int]:
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return {int(child) for child in found}


class Watched(Progress):
    """Looks who is there when the plan is told, and hears in which order originals are done."""

    def __init__(self, *, interrupt: bool = False) -> None:
        self.before = children()  # other tests' servers and engines among them
        self.at_plan: set[int] | None = None
        self.sizes: list[int] = []
        self._interrupt = interrupt

    def planned(self, summary: Summary, todo: int) -> None:
        del summary, todo
        self.at_plan = self.workers()
        if self._interrupt:
            raise KeyboardInterrupt

    def workers(self) -> set[int]:
        return children() - self.before

    def done(self, job: Job, result: Result) -> None:
        del result
        self.sizes.append(job.size)


def test_a_worker_imports_no_terminal_and_nothing_of_its_parents_part() -> None:
    done = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)

    found = set(done.stdout.split())
    assert {"pixmill.syncing.worker", "pyvips"} <= found
    assert not found & {"typer", "rich", "sqlite3", "tempfile", "selectors", "pixmill.cli"}
    assert {name for name in found if name.startswith("pixmill.syncing.")} == {
        f"pixmill.syncing.{name}" for name in ("wire", "work", "worker")
    }


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("originals", "expected"), [(0, 0), (1, 1), (5, 2)])
def test_workers_come_to_life_while_the_plan_is_told(tmp_path: Path, originals: int, expected: int) -> None:
    """As many as have something to do."""
    source, heard = tmp_path / "source", Watched()
    source.mkdir()
    for number in range(originals):
        (source / f"{number}.jpg").write_bytes(photo(seed=number))

    sync(source, tmp_path / "destination", SMALL, jobs=2, progress=heard)

    assert heard.at_plan is not None
    assert len(heard.at_plan) == expected
    assert heard.workers() == set()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_interrupt_before_the_first_result_leaves_no_worker(tmp_path: Path) -> None:
    source, destination, heard = tmp_path / "source", tmp_path / "destination", Watched(interrupt=True)
    fill(source, 5)

    summary = sync(source, destination, SMALL, jobs=2, progress=heard)

    assert (summary.interrupted, summary.made, heard.sizes) == (True, 0, [])
    assert heard.at_plan
    assert heard.workers() == set()
    assert not sync(source, destination, SMALL, jobs=2).interrupted


def test_large_originals_are_done_before_small_ones(tmp_path: Path) -> None:
    """So that at the end no worker waits long for another."""
    source, heard = tmp_path / "source", Watched()
    source.mkdir()
    for number, side in enumerate((40, 400, 20, 200)):
        (source / f"{number}.jpg").write_bytes(photo(width=side, height=side))

    sync(source, tmp_path / "destination", SMALL, jobs=1, progress=heard)

    assert heard.sizes == sorted(heard.sizes, reverse=True)
    assert len(set(heard.sizes)) == 4


def test_a_dry_run_tells_them_about_by_name(tmp_path: Path) -> None:
    """Two are under way at a time, and whichever is done first is told first."""
    source, heard = tmp_path / "source", Watched()
    source.mkdir()
    for number, side in enumerate((20, 40, 100, 200, 400)):
        (source / f"{number}.jpg").write_bytes(photo(width=side, height=side))

    sync(source, tmp_path / "destination", SMALL, jobs=1, dry_run=True, progress=heard)

    assert heard.sizes[0] in sorted(heard.sizes)[:2]
    assert len(heard.sizes) == 5
