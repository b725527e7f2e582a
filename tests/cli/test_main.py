"""What holds for every command: streams, exit statuses, and no surprises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import COMMAND, Run

from pixmill import __version__


def test_version_is_data(pixmill: Run) -> None:
    done = pixmill("--version")

    assert (0, f"pixmill {__version__}\n", "") == (done.status, done.out, done.err)


def test_without_a_command_it_says_how_to_call_it_and_refuses(pixmill: Run) -> None:
    done = pixmill()

    assert (done.status, done.out) == (2, "")
    assert "Usage: pixmill" in done.err
    assert "sync" in done.err


def test_help_is_data_and_names_every_command(pixmill: Run) -> None:
    done = pixmill("--help")

    assert (done.status, done.err) == (0, "")
    assert all(name in done.out for name in ("init", "check", "sync", "sheet", "show", "render", "explain"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sycn"], "Did you mean 'sync'?"),
        (["sync", "--dry-rnu", "a", "b"], "--dry-run"),
        (["sync", "a"], "'DESTINATION'"),
        (["sync", "a", "b", "--jobs", "0"], "--jobs"),
        (["sync", "a", "b", "--jobs", "many"], "--jobs"),
        (["render", "a.jpg"], "--output"),
        (["init", "a.toml", "b.toml"], "b.toml"),
    ],
)
def test_a_usage_error_names_what_is_wrong_and_where_to_look(
    quick: Run, arguments: list[str], expected: str
) -> None:
    done = quick(*arguments)

    assert (done.status, done.out) == (2, "")
    first, hint, more = done.err.splitlines()
    assert first.startswith("error[invalid-option]: ")
    assert expected in first
    assert "--help" in hint
    assert more == "  more: pixmill explain invalid-option"


def test_help_and_recipes_do_not_load_libvips(tmp_path: Path) -> None:
    """Whoever asks for help, an error code or a recipe's mistakes does not wait for an image library."""
    code = (
        "import sys\n"
        "from pixmill.cli import run\n"
        "run(['--help']), run(['explain', 'corrupt']), run(['init', 'x.toml']), run(['check', 'x.toml'])\n"
        "print(sorted({'pyvips', 'PIL', 'pi_heif', 'obstore', 'pixmill.engine'} & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert done.stdout.endswith("[]\n")


COMPLETE = {"_PIXMILL_COMPLETE": "complete_bash", "COMP_CWORD": "1"}


def test_completion_knows_every_command_and_its_options(pixmill: Run) -> None:
    commands = pixmill(**COMPLETE, COMP_WORDS="pixmill s")
    options = pixmill(**{**COMPLETE, "COMP_CWORD": "2"}, COMP_WORDS="pixmill sync --d")

    assert commands.out.split() == ["sync", "serve", "sheet", "show"]
    assert options.out.split() == ["--dry-run"]


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as stdout:
        done = subprocess.run([*COMMAND, "explain"], stdout=stdout, stderr=subprocess.PIPE, check=False)

    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_streams_are_no_problem() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&- 2>&-', "sh", *COMMAND, "explain", "corrupt"], check=False
    )

    assert done.returncode == 0
