"""No target breaks its law on a few hundred inputs. `make fuzz` gives each many more."""

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.campaign import ROOT
from fuzz.targets import TARGETS

_INPUTS = {"decode": 150, "colour": 60}
_OTHERWISE = 400
_SECONDS = 300


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_gets_more_than_a_right_result_or_a_typed_error(name: str, tmp_path: Path) -> None:
    inputs = _INPUTS.get(name, _OTHERWISE)
    done = campaign(name, "--unguided", "--inputs", str(inputs), "--findings", str(tmp_path))

    assert done.returncode == 0, done.stdout
    assert f"all: {inputs:,} inputs, " in done.stdout
    assert not list(tmp_path.iterdir())


def test_coverage_leads_the_way_where_it_can(tmp_path: Path) -> None:
    done = campaign("manifest", "--inputs", "5000", "--findings", str(tmp_path))

    if "not guided: " in done.stdout:
        pytest.skip(done.stdout.splitlines()[0])
    assert done.returncode == 0, done.stdout
    assert "all: 5,000 inputs, " in done.stdout


def campaign(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fuzz", "--only", name, "--seed", "7", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
