"""What stands at the head of the contact sheet."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from pixmill.cli import words
from pixmill.cli.contact_sheet.card import name_of
from pixmill.keys import is_litter
from pixmill.manifest import Manifest
from pixmill.storage import Meta

MOST = 5000
"""Originals on one page; a browser can bear no more."""


@dataclass(slots=True)
class Tally:
    """The files of one rendition in one format.

    Attributes:
        files: how many.
        before: bytes of the originals that they were made of.
        after: their own bytes.
    """

    files: int = 0
    before: int = 0
    after: int = 0


@dataclass(slots=True)
class Totals:
    """The page in numbers.

    Attributes:
        originals: in the source.
        shown: of them on the page.
        complete: with their renditions.
        rejected: with a reason instead.
        before: bytes of the complete ones.
        tallies: by rendition and format.
    """

    originals: int = 0
    shown: int = 0
    complete: int = 0
    rejected: int = 0
    before: int = 0
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict[tuple[str, str], Tally])

    def first(self, listing: Iterator[Meta]) -> Iterator[Meta]:
        """The first originals by name, as many as a page can hold, while all of them are counted."""

        def counted() -> Iterator[Meta]:
            for meta in listing:
                if not is_litter(meta.key):
                    self.originals += 1
                    yield meta

        for meta in heapq.nsmallest(MOST, counted(), key=lambda meta: (meta.key.casefold(), meta.key)):
            self.shown += 1
            yield meta

    def add(self, manifest: Manifest | None) -> None:
        """Take in one original."""
        if manifest is None:
            return
        if manifest.status == "rejected":
            self.rejected += 1
            return
        self.complete += 1
        self.before += manifest.source.bytes
        for entry in manifest.renditions:
            if entry.key:
                tally = self.tallies.setdefault((entry.rendition, entry.format), Tally())
                tally.files += 1
                tally.before += manifest.source.bytes
                tally.after += entry.bytes or 0

    def figures(self) -> str:
        """The great numbers, as HTML."""
        files = sum(tally.files for tally in self.tallies.values())
        size = words.size(sum(tally.after for tally in self.tallies.values()))
        rows = [("Originals", self.originals, words.size(self.before)), ("Renditions", files, size)]
        if self.rejected:
            rows.append(("Rejected", self.rejected, "with their reasons"))
        if waiting := self.shown - self.complete - self.rejected:
            rows.append(("Not synced", waiting, "so far"))
        return "\n".join(
            f"<div><dt>{label}</dt><dd><b>{number:,}</b> <span>{remark}</span></dd></div>"
            for label, number, remark in rows
        )

    def rows(self) -> str:
        """The table of renditions and formats, as HTML."""
        return "\n".join(_row(name, tally) for name, tally in self.tallies.items())

    def cut(self) -> str:
        """A sentence if not all originals are on the page, as HTML."""
        if self.shown == self.originals:
            return ""
        return f"<p>These are the first {self.shown:,} of {self.originals:,} originals, by name.</p>"


def _row(name: tuple[str, str], tally: Tally) -> str:
    rendition, declared = name
    cells = (
        name_of(declared),
        f"{tally.files:,}",
        words.size(tally.after // tally.files),
        words.size(tally.after),
        words.saving(tally.before, tally.after),
    )
    return f"<tr><th scope=row>{rendition}</th>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
