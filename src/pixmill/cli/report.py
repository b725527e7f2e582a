"""What a sync did, for people."""

from rich.table import Table
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.terminal import grid
from pixmill.syncing import Summary


def table(summary: Summary, *, dry_run: bool) -> Table:
    """A summary for people."""
    made = grid()
    for label, number, remark in _rows(summary, dry_run=dry_run):
        made.add_row(Text(label, "bold", no_wrap=True), Text(number, no_wrap=True), Text(remark))
    return made


def _rows(summary: Summary, *, dry_run: bool) -> list[tuple[str, str, str]]:
    def number(label: str, value: int, remark: str = "") -> list[tuple[str, str, str]]:
        return [(label, f"{value:,}", remark)] if value else []

    by_code = ", ".join(f"{count:,} {code}" for code, count in summary.rejected.most_common())
    worked = summary.made + summary.rejected.total()
    rate = f"{worked / summary.seconds:,.1f} originals a second" if worked and not dry_run else ""
    rows = [("Originals", f"{summary.originals:,}", "")]
    rows += number("Ignored", summary.ignored, "files that systems leave among pictures")
    rows += number("Current", summary.current)
    rows += number("To make" if dry_run else "Made", summary.made, _of(summary))
    rows += number("Rejected", summary.rejected.total(), by_code)
    rows += number("To remove" if dry_run else "Removed", summary.removed, "originals that are gone")
    rows += number("Orphans", summary.orphans, "kept")
    rows += number("Failed", len(summary.failures), "run again to retry")
    if summary.bytes_in:
        saved = words.saving(summary.bytes_in, summary.bytes_out)
        rows.append(("Bytes", saved, words.change(summary.bytes_in, summary.bytes_out)))
    rows.append(("Time", words.duration(summary.seconds), rate))
    return rows


def _of(summary: Summary) -> str:
    return words.count(summary.renditions, "rendition") if summary.renditions else ""
