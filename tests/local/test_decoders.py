"""A decoder that crashes or hangs costs its own original, while the others go on."""

import os
from pathlib import Path

import pytest
from tests.local.followed import followed
from tests.local.waiting import until
from tests.sync.pictures import photo

from pixmill.syncing import processes

# Every Python runs a module of this name when it starts; here it gives the workers a decoder that misbehaves
# on files that ask for it.
SABOTAGE = """
import os, signal, time
from pixmill import engine

true_render = engine.render

def render(data, *rest, **more):
    if data == b"hang":
        while True:
            time.sleep(0.01)
    if data == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    return true_render(data, *rest, **more)

engine.render = render
"""


@pytest.fixture
def _sabotaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sabotage").mkdir()
    (tmp_path / "sabotage" / "sitecustomize.py").write_text(SABOTAGE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'sabotage'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


@pytest.mark.usefixtures("_sabotaged")
def test_a_crash_costs_one_original(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        (at.source / "a.jpg").write_bytes(b"crash")
        for number in range(6):
            (at.source / f"{number}.jpg").write_bytes(photo(seed=number))
        assert until(lambda: at.diary.actions("a.jpg")) == ["rejected"]
        for number in range(6):
            assert until(lambda: at.diary.actions(f"{number}.jpg")) == ["made"]  # noqa: B023 - now
        manifest = (at.destination / "manifests" / "a.jpg.json").read_bytes()
        assert b"decoder-crashed" in manifest


@pytest.mark.usefixtures("_sabotaged")
def test_while_one_hangs_the_others_go_on_and_so_does_the_end(tmp_path: Path) -> None:
    with followed(tmp_path) as at:
        begun: list[str] = []
        at.diary.at_beginning = begun.append
        (at.source / "a.jpg").write_bytes(b"hang")
        assert until(lambda: "a.jpg" in begun)
        for number in range(6):
            (at.source / f"{number}.jpg").write_bytes(photo(seed=number))
        for number in range(6):
            assert until(lambda: at.diary.actions(f"{number}.jpg")) == ["made"]  # noqa: B023 - now
        assert at.diary.actions("a.jpg") == []


@pytest.mark.usefixtures("_sabotaged")
def test_a_hang_is_ended_and_costs_one_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "JOB_SECONDS", 2.0)
    with followed(tmp_path) as at:
        (at.source / "a.jpg").write_bytes(b"hang")
        (at.source / "b.jpg").write_bytes(photo())
        assert until(lambda: at.diary.actions("a.jpg")) == ["rejected"]
        assert until(lambda: at.diary.actions("b.jpg")) == ["made"]
