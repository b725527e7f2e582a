from pathlib import Path

import pytest
from tests.cli.command import Done, Run, in_process, jpeg

from pixmill import cli


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder, in which the commands are run."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def pixmill(here: Path) -> Run:
    """The command line as users have it: a process with streams, an environment and a status of its own."""
    return in_process(here)


@pytest.fixture
def quick(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same command line in this process, for rules that are not about processes; many times as fast."""
    monkeypatch.chdir(here)

    def run(*arguments: str | Path) -> Done:
        cli.terminal.console.cache_clear()
        capsys.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run


@pytest.fixture
def photos(here: Path) -> Path:
    """A folder with two pictures, one of them in a folder below, and a file that is none."""
    folder = here / "photos"
    (folder / "cats").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg())
    (folder / "cats" / "b.jpg").write_bytes(jpeg(colour="maroon"))
    (folder / "notes.txt").write_bytes(b"Not a picture at all.")
    return folder
