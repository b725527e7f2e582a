"""A sync that is killed at any moment loses nothing: the next one ends where an undisturbed one would."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.sync.pictures import fill, snapshot

from pixmill.recipe import Recipe
from pixmill.syncing import sync

KILLS = 20
RECIPE = {
    "rendition": [
        {"name": "standard", "width": 320, "height": 240, "formats": ["jpeg", "webp", "png"]},
        {
            "name": "thumbnail",
            "width": 50,
            "height": 50,
            "fit": "cover",
            "gravity": "attention",
            "formats": ["webp"],
        },
    ]
}
PROGRAM = f"""
import sys
from pixmill.recipe import Recipe
from pixmill.syncing import sync
sync(sys.argv[1], sys.argv[2], Recipe.from_dict({RECIPE!r}), jobs=2)
"""


def start(source: Path, destination: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, source, destination], start_new_session=True)


def workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def await_growth(process: subprocess.Popen[bytes], destination: Path, files: int) -> None:
    """Wait until a sync has written so many files more, or is done: moments of work, not of time."""
    goal = 1 + files + len(list(destination.rglob("*.*")))
    while process.poll() is None and len(list(destination.rglob("*.*"))) < goal:
        time.sleep(0.002)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_twenty_kills_and_one_more_run_end_as_if_undisturbed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    fill(source, 100, width=640, height=480)
    sync(source, tmp_path / "undisturbed", Recipe.from_dict(RECIPE))
    undisturbed = snapshot(tmp_path / "undisturbed")
    dice = random.Random(20261123)  # noqa: S311 - moments, not secrets
    destination = tmp_path / "destination"
    cut_short = 0

    for _ in range(KILLS):
        process = start(source, destination)
        await_growth(process, destination, dice.randint(0, 60))
        workers = workers_of(process.pid)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            cut_short += 1
        else:  # it was done already
            shutil.rmtree(destination)
        deadline = time.monotonic() + 10
        while any(map(alive, workers)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not any(map(alive, workers)), "a worker outlived its sync"
    summary = sync(source, destination, Recipe.from_dict(RECIPE))

    assert summary.failures == []
    assert snapshot(destination) == undisturbed
    assert cut_short > KILLS / 2, "the kills came too late to prove anything"
    assert list((destination / ".pixmill" / "tmp").iterdir()) == []
