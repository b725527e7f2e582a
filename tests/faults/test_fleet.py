"""A worker's death is noticed, told apart by its cause, and its messages come again."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from pixmill.settings import Settings

from .fleet import Fleet
from .line import RECIPE
from .queues import Queue

PATIENT = 30.0
FOLDERS = ("source", "destination")


def fleet(queue: Queue, folder: Path, settings: Settings | None) -> Fleet:
    environment = settings.to_env() if settings else {}
    return Fleet(queue, environment, size=1, batch=10, timeout=PATIENT, log=folder / "log")


def settings(folder: Path) -> Settings:
    source, destination = (folder / name for name in FOLDERS)
    source.mkdir()
    destination.mkdir()
    return Settings(source=str(source), destination=str(destination), recipe=RECIPE)


def wait(done: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENT
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_dealt_with_is_gone_and_what_is_not_understood_comes_again(tmp_path: Path) -> None:
    queue = Queue(1, visibility=PATIENT, receives=2, pause=0)
    queue.send('{"keys": ["a.jpg"]}', "a.jpg")
    queue.send("nonsense", None)

    with fleet(queue, tmp_path, settings(tmp_path)) as workers:
        wait(lambda: not queue.waiting)

    assert queue.dead == ["nonsense"]
    assert set(workers.counts) == {"invocations", "answered"}


def test_a_worker_can_be_killed_over_its_work(tmp_path: Path) -> None:
    queue = Queue(1, visibility=0.1, receives=99)
    queue.send('{"keys": ["a.jpg"]}', "a.jpg")

    with fleet(queue, tmp_path, settings(tmp_path)) as workers:
        wait(lambda: workers.kill(random.Random(1)))  # noqa: S311 - one worker, no choice
        wait(lambda: not queue.waiting)

    assert workers.counts == {"invocations": 2, "killed": 1, "answered": 1}
    assert queue.counts["redelivered"] == 1


def test_a_worker_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    queue = Queue(1, visibility=0.1, receives=1)
    queue.send('{"keys": ["a.jpg"]}', "a.jpg")

    with fleet(queue, tmp_path, None) as workers:
        wait(lambda: queue.dead)

    assert workers.counts == {"invocations": 1, "ended by themselves": 1}
    assert "The environment does not say PIXMILL_SOURCE" in (tmp_path / "log-0").read_text("utf-8")
