"""Pulumi is imported by whoever asks for the component, and by nobody else."""

import subprocess
import sys

import pytest

MISSING = """
import sys
sys.modules[{missing!r}] = None
from pixmill.errors import Refused
try:
    from pixmill.infra import ImagePipeline
except Refused as error:
    print(error.code, "|", error.message, "|", error.hint)
"""


def python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "module", ["pixmill.infra", "pixmill.infra.bundle", "pixmill.cli", "pixmill.infra.policies"]
)
def test_nothing_else_imports_pulumi(module: str) -> None:
    assert (
        python(f"import {module}, sys; print(sorted(each for each in sys.modules if 'pulumi' in each))")
        == "[]\n"
    )


def test_the_component_needs_neither_pixels_nor_stores() -> None:
    heavy = {"pyvips", "obstore", "PIL", "pi_heif", "pyjpegli"}
    found = python("import sys; from pixmill.infra import ImagePipeline; print(*sys.modules)")

    assert heavy & set(found.split()) == set()
    assert "pulumi_aws" in found


@pytest.mark.parametrize("missing", ["pulumi", "pulumi_aws"])
def test_without_pulumi_it_says_what_to_install(missing: str) -> None:
    told = python(MISSING.format(missing=missing))

    assert told.startswith("package-missing | ImagePipeline needs Pulumi")
    assert f"{missing} is not installed" in told
    assert "pip install 'pixmill[infra]'" in told


def test_there_is_nothing_else_in_it() -> None:
    import pixmill.infra  # noqa: PLC0415 - late, since the others are about when it is imported

    with pytest.raises(AttributeError, match="no attribute 'Pipeline'"):
        _ = pixmill.infra.Pipeline  # type: ignore[attr-defined]
    assert {name for name in pixmill.infra.__all__ if getattr(pixmill.infra, name)} == set(
        pixmill.infra.__all__
    )
