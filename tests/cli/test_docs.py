"""The documents say what the command line does: they cannot fall behind it."""

import re
from pathlib import Path

import pytest
import typer.main

from pixmill.cli import app
from pixmill.cli.commands import SUMMARIES, command
from pixmill.cli.exits import Exit
from pixmill.cli.explain import catalogue
from pixmill.errors import CODES

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text("utf-8")
COMMANDS = {name: command(name) for name in SUMMARIES}


def section(name: str) -> str:
    found = re.search(rf"^## pixmill {name}\n(.*?)(?=^## |\Z)", CLI, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section for pixmill {name}"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_is_described(name: str) -> None:
    described = section(name)

    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            for spelling in parameter.opts:
                assert f"`{spelling}" in described, spelling


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_described_that_is_not_there(name: str) -> None:
    known = {spelling for parameter in COMMANDS[name].params for spelling in parameter.opts}

    assert set(re.findall(r"^\| `(--[a-z-]+)", section(name), re.MULTILINE)) <= known


def test_no_command_is_described_that_is_not_there() -> None:
    assert set(re.findall(r"^## pixmill (\w+)$", CLI, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_is_the_first_line_of_the_help(name: str) -> None:
    assert COMMANDS[name].help.splitlines()[0] == SUMMARIES[name]


def test_every_option_of_pixmill_itself_is_described() -> None:
    for parameter in typer.main.get_command(app).params:
        assert f"{parameter.opts[0]}`" in CLI, parameter.opts


def test_every_exit_status_is_described() -> None:
    assert re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE) == [str(int(status)) for status in Exit]


def test_the_catalogue_of_errors_is_up_to_date() -> None:
    """If not: pixmill explain --markdown > docs/errors.md."""
    written = (DOCS / "errors.md").read_text("utf-8")

    assert written == "\n".join(catalogue()) + "\n"
    assert re.findall(r"^### (.+)$", written, re.MULTILINE) == list(CODES)
