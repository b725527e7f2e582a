"""No file that others keep for testing harms a process, and each has the verdict that was accepted for it."""

import pytest
from tests.corpora import table
from tests.corpora.contained import MEMORY
from tests.corpora.fetch import Unavailable, fetch
from tests.corpora.findings import findings
from tests.corpora.judge import Finding
from tests.corpora.sources import Source, listed

SOURCES = listed()


@pytest.fixture(scope="module")
def missing() -> dict[str, str]:
    """Why a source cannot be had, by its name."""
    reasons: dict[str, str] = {}
    for source in SOURCES:
        try:
            fetch(source)
        except Unavailable as error:
            reasons[source.name] = str(error)
    return reasons


@pytest.fixture(scope="module")
def found(missing: dict[str, str]) -> list[Finding]:
    """All files that can be had, judged at once: the cores are busy to the end."""
    pictures = [source.pictures() for source in SOURCES if source.name not in missing]
    return findings({name: path for each in pictures for name, path in each.items()})


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_verdicts_are_the_accepted_ones(
    source: Source, missing: dict[str, str], found: list[Finding]
) -> None:
    """`python -m tests.corpora` shows the changes, and with `--accept` writes them down."""
    if source.name in missing:
        pytest.skip(f"{source.name}: {missing[source.name]}")
    own = [each for each in found if each.name.startswith(f"{source.name}/")]
    accepted = {name for name in table.accepted() if name.startswith(f"{source.name}/")}

    assert table.changes(own, table.accepted()) == []
    assert {each.name for each in own} == accepted


def test_no_file_harms_its_process(found: list[Finding]) -> None:
    """None crashes it, hangs it, has more than its memory, or brings out an error that is no rejection."""
    assert [table.line(each) for each in found if each.fault] == []
    assert max((each.memory for each in found), default=0) < MEMORY


def test_the_table_has_an_explanation_for_every_disagreement() -> None:
    rows = table.accepted().items()

    assert [name for name, row in rows if bool(row.note) != (row.agreement in table.OWING)] == []


def test_the_table_accepts_no_harm() -> None:
    assert {row.verdict.split()[0] for row in table.accepted().values()} == {"made", "rejected"}
