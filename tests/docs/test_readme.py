"""The README cannot lie: what it shows is run, parsed, or compared with what was recorded."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pixmill.recipe import Recipe

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


# In the order of the table's columns; the record has more.
PEERS = ("sketch", "sharp clone", "sharp cascade")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def shape(text: str) -> list[str]:
    """Lines without what differs from run to run: numbers, and the space they take."""
    return [
        re.sub(r"\s+", " ", re.sub(r"[0-9]+([.,][0-9]+)*( (ms|s)\b)?", "#", line)).strip()
        for line in text.splitlines()
    ]


def test_the_demo_prints_what_the_readme_shows() -> None:
    done = subprocess.run(
        [sys.executable, "examples/demo.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    shown = next(block for block in blocks("console") if "pixmill sheet" in block)
    # What was rejected goes to stderr, and in a terminal stands between the others.
    printed = set(shape(done.stdout)) | set(shape(done.stderr))
    assert [line for line in shape(shown) if line not in printed] == []


@pytest.mark.parametrize("line", [line for block in blocks("console") for line in block.splitlines()])
def test_every_command_it_names_exists(line: str) -> None:
    found = re.match(r"\$ (?:\.venv/bin/)?pixmill (.*)", line)
    if not found:
        return
    command = shlex.split(found[1], comments=True)[0]
    done = subprocess.run(
        [sys.executable, "-m", "pixmill.cli", command, "--help"], capture_output=True, timeout=60, check=False
    )

    assert done.returncode == 0


def test_its_recipe_is_one() -> None:
    (text,) = blocks("toml")

    assert [rendition.name for rendition in Recipe.parse(text).renditions] == ["standard", "thumbnail"]


def test_its_python_runs(tmp_path: Path) -> None:
    code, _ = blocks("python")  # the other one is deployed: tests/deploy
    (tmp_path / "pixmill.toml").write_text(blocks("toml")[0], "utf-8")
    (tmp_path / "photos").mkdir()
    shutil.copy(ROOT / "examples/photos/travel/waterfall.heic", tmp_path / "photos/cat.heic")

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 Counter() []\n")


def test_its_figures_are_those_of_the_last_benchmark() -> None:
    recorded = json.loads((ROOT / "benchmarks/results/latest.json").read_text("utf-8"))
    rows: list[str] = []
    for case in recorded["cases"]:
        ratios = case["pixmill_cpu_ratio_to"]
        own = case["contenders"]["pixmill"]["cpu_ms"]
        cells = [case["name"], f"{own:.0f} ms", *(_ratio(ratios, peer) for peer in PEERS)]
        rows.append(f"| {' | '.join(cells)} |")
    mean = recorded["geometric_mean_of_cpu_ratios"]
    rows.append(
        f"| geometric mean of the baseline JPEGs | | {' | '.join(_ratio(mean, peer) for peer in PEERS)} |"
    )

    assert [row for row in rows if row not in README] == []


def _ratio(ratios: dict[str, float], peer: str) -> str:
    """Or a dash, for a peer that cannot read the format."""
    return f"{ratios[peer]:.2f}" if peer in ratios else "\N{EN DASH}"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_its_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
