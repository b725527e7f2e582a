"""Building again gives the same bytes, whoever builds, wherever and whenever."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest

from pixmill.infra.bundle import Architecture, Target, build

from .built import built


@pytest.mark.parametrize("architecture", get_args(Architecture))
def test_the_command_in_other_surroundings_writes_the_same_bytes(
    architecture: Architecture, base: Path, tmp_path: Path
) -> None:
    bundle = built(Target(architecture), base)
    surroundings = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "TMPDIR": str(tmp_path),
        "SOURCE_DATE_EPOCH": "1",
        "PYTHONHASHSEED": "7",
        "PYTHONOPTIMIZE": "1",
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "copy",
    }

    with zipfile.ZipFile(tmp_path / "again.zip", "w") as older:  # is replaced without asking
        older.writestr("pixmill/__init__.py", "")

    done = subprocess.run(
        [sys.executable, "-m", "pixmill.cli", "bundle", "--architecture", architecture, "-o", "again.zip"],
        cwd=tmp_path,
        env={**os.environ, **surroundings},
        umask=0o077,
        capture_output=True,
        text=True,
        check=True,
    )

    assert (tmp_path / "again.zip").read_bytes() == bundle.path.read_bytes()
    said = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert said["sha256"] == bundle.sha256
    assert said["contents"] == bundle.contents
    assert said["size"].split(",")[0] == f"{bundle.compressed / 1e6:.0f} MB"
    assert said["bytecode"] == (f"by Python {bundle.compiler}" if bundle.compiler else "none")


def test_without_bytecode_it_is_the_same_but_for_the_bytecode(base: Path, tmp_path: Path) -> None:
    whole = built(Target(), base)
    if whole.compiler is None:
        pytest.skip(f"there is no Python {Target().python} here to write bytecode with")

    sources = build(tmp_path / "sources.zip", precompile="no")

    assert sources.compiler is None
    assert _names(sources.path) == [name for name in _names(whole.path) if not name.endswith(".pyc")]
    assert sources.contents != whole.contents


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()
