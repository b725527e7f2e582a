"""The table of accepted verdicts, verdicts.tsv: one line for each file, with a note where one is owed."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tests.corpora.judge import Finding
from tests.corpora.sources import HERE

PATH = HERE / "verdicts.tsv"
OWING = frozenset(("differs", "read"))
"""The agreements that are none, and need an explanation."""

_HEAD = "file\tverdict\tagreement\tnote"


class Row(NamedTuple):
    """What was accepted of one file.

    Attributes:
        verdict: see `tests.corpora.judge.Finding`.
        agreement: see there.
        note: why engine and reference differ; written by hand.
    """

    verdict: str
    agreement: str
    note: str = ""


_NEW = Row("unknown", "unknown")


def accepted() -> dict[str, Row]:
    """The table as it is."""
    lines = PATH.read_text().splitlines()[1:] if PATH.exists() else []
    rows = (line.split("\t") for line in lines)
    return {name: Row(*rest) for name, *rest in rows}


def line(found: Finding) -> str:
    """What was found of a file, in a line for people."""
    detail = f" ({found.detail})" if found.detail else ""
    return f"{found.name}: {found.verdict}, {found.agreement}{detail}"


def changes(found: Iterable[Finding], table: Mapping[str, Row]) -> list[str]:
    """What is not as it was accepted, one line for each file."""
    lines: list[str] = []
    for each in found:
        row = table.get(each.name, _NEW)
        if row[:2] != (each.verdict, each.agreement):
            lines.append(f"{line(each)}; was {row.verdict}, {row.agreement}")
    return lines


def accept(found: Iterable[Finding], table: Mapping[str, Row]) -> None:
    """Write what was found of whole corpora into the table; a note stays as long as there is need of one."""
    found = list(found)
    judged = {each.name.partition("/")[0] for each in found}
    rows = {name: row for name, row in table.items() if name.partition("/")[0] not in judged}
    for each in found:
        note = table.get(each.name, _NEW).note if each.agreement in OWING else ""
        rows[each.name] = Row(each.verdict, each.agreement, note)
    lines = (f"{name}\t" + "\t".join(row) for name, row in sorted(rows.items()))
    PATH.write_text("\n".join((_HEAD, *lines)) + "\n")
