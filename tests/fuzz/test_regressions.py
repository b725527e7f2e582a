"""What fuzzing has found goes well ever after. fuzz/README.md tells how a finding becomes one of these."""

from pathlib import Path

import pytest
from fuzz.finding import Finding, read, write
from fuzz.targets import TARGETS
from fuzz.trial import tried

# The children of these tests are children of pytest, which other tests may have given threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

KEPT = sorted((Path(__file__).parent / "regressions").glob("*.txt"))
_LARGEST = 8 << 10


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_was_found_goes_well(path: Path) -> None:
    found = read(path)

    assert tried(TARGETS[found.target], found.data) is None


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_regression_is_small_and_says_why_it_is_there(path: Path) -> None:
    found = read(path)

    assert found.why
    assert not found.told
    assert 0 < len(found.data) <= _LARGEST
    assert path.stem.startswith(f"{found.target}-")


def test_a_finding_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = Finding("keys", "wrong, a law: two of them", bytes(range(256)), "one\n\ntwo\n")

    assert read(write(found, tmp_path / "new", "name"))._replace(told="") == found._replace(told="")
    assert read(tmp_path / "new" / "keys-name.txt").told.strip() == "one\n\ntwo"
