"""Files made to cost far more than they weigh are turned away, with the right reason, before they cost it.

`python -m tests.engine.bombs` prints what each takes.
"""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.engine.bombs import nested
from tests.engine.bombs.collection import BOMBS
from tests.engine.bombs.gauge import Reading

from pixmill import engine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 50
FRUGAL = {"VIPS_CONCURRENCY": "1", "MALLOC_ARENA_MAX": "1"}


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """What each bomb took, in a child of its own that ends after two seconds of CPU."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.bombs", "--json"],
        cwd=ROOT,
        env={**os.environ, **FRUGAL},
        stdout=subprocess.PIPE,
        check=False,
        timeout=300,
    )
    found = [msgspec.json.decode(line, type=Reading) for line in done.stdout.splitlines()]
    return {each.name: each for each in found}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_rejected_before_they_cost_anything(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]

    assert reading.code == BOMBS[name].code
    assert reading.megabytes <= MOST_MEGABYTES


@pytest.mark.parametrize("name", ["png 13,000 x 13,000", "gif, 30,000 frames", "png, profile"])
def test_bombs_are_small(name: str) -> None:
    """No limit on bytes keeps them out."""
    assert len(BOMBS[name].make()) < (92_000 if name.startswith("png 13") else 700_000)


def test_a_directory_that_is_followed_by_itself_has_an_end() -> None:
    found = engine.probe(nested.tiff_pages(3, loop=True))

    assert found.stored == (1, 1)
