"""What deploy/README.md shows is what `pixmill estimate` prints, and its sums are right."""

import re
from pathlib import Path

import pytest
from tests.cli.command import Run

DEPLOY = Path(__file__).parents[2] / "deploy"
README = (DEPLOY / "README.md").read_text("utf-8")
OF_THIS_MACHINE = ("Lambda compute", "Storage", "Together")
"""Rows that times or encoders decide."""


def shown() -> list[str]:
    """The lines that follow the command in the README."""
    found = re.search(r"^\$ pixmill estimate .*\n((?:.*\n)*?)```$", README, re.MULTILINE)
    assert found, "deploy/README.md shows no estimate"
    return found[1].splitlines()


def settled(lines: list[str]) -> list[list[str]]:
    """The words of those lines that are the same on every machine."""
    return [
        line.split() for line in lines if not line.startswith(OF_THIS_MACHINE) and "ms of CPU" not in line
    ]


def test_the_readme_shows_what_is_printed(quick: Run) -> None:
    done = quick("estimate", DEPLOY.parent / "examples" / "photos", "--recipe", DEPLOY / "pixmill.toml")

    assert done.status == 0, done.err
    assert settled(shown()) == settled(done.out.splitlines())


@pytest.mark.parametrize("title", ["1,000,000 originals", "Each month besides"])
def test_its_sums_are_right(title: str) -> None:
    lines = shown()
    begun = next(number for number, line in enumerate(lines) if line.startswith(title))
    ended = next(
        number for number, line in enumerate(lines) if number > begun and line.startswith("Together")
    )
    # Its cells: name, quantity, dollars, and, where the sketch has it, quantity and dollars again.
    rows = [re.split("  +", line) for line in lines[begun + 1 : ended]]

    for way, total in enumerate(lines[ended].split()[1:]):
        cells = [row[2 + 2 * way] for row in rows if len(row) > 2 + 2 * way]
        assert sum(map(float, cells)) == pytest.approx(float(total), abs=0.05)
