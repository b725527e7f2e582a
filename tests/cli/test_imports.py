"""What a command imports is what its user waits for, so there is a budget: by names, not by time."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import jpeg

# To draw with, to look at pictures with, and to reach stores with.
HEAVY = {"rich", "pyvips", "PIL", "pi_heif", "pyjpegli", "obstore", "pixmill.engine", "pixmill.storage"}
OTHERS = {"pixmill.infra", "pixmill.local", "pixmill.estimate", "starlette", "uvicorn", "watchfiles"}
SCRIPT = """
import sys
from pixmill.cli import run
run(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
"""


def imported_by(*arguments: str | Path) -> set[str]:
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], [], ["sync", "--help"]])
def test_who_asks_how_to_call_it_waits_for_no_command(arguments: list[str]) -> None:
    assert not imported_by(*arguments) & {*HEAVY, *OTHERS}


def test_a_command_does_not_wait_for_another(tmp_path: Path) -> None:
    assert not imported_by("init", tmp_path / "a.toml") & {*HEAVY, *OTHERS}


def test_a_sync_that_finds_nothing_to_do_draws_nothing_and_starts_nobody(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(jpeg())
    arguments = ("sync", tmp_path / "in", tmp_path / "out")
    assert "rich" in imported_by(*arguments)

    assert not imported_by(*arguments) & {"rich", "pyvips", *OTHERS}
