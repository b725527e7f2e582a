"""`pixmill explain`: the catalogue of error codes, for people and for docs/errors.md."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.text import Text

from pixmill.cli.terminal import data, grid
from pixmill.errors import CODES, Code, Fault, Refused

FAULTS = {
    Fault.ORIGINAL: ("The original is at fault", "It is recorded once as rejected and not tried again."),
    Fault.WORLD: ("The world is at fault", "It failed; trying again may help."),
    Fault.REQUEST: ("The request is at fault", "It was refused; nothing was done."),
}
"""Each fault as a heading, and what follows from it."""


def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="Left out: all of them.")] = None,
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The whole catalogue in Markdown, as in docs/errors.md.")
    ] = False,
) -> None:
    """Say what an error code means and what to do."""
    if markdown:
        data(Text("\n".join(catalogue())))
    elif code is None:
        _list_all()
    else:
        _explain(_found(code))


def catalogue() -> Iterator[str]:
    """The lines of docs/errors.md."""
    yield from ("# Error codes", "", "Written by `pixmill explain --markdown`; one section for each code.")
    for fault, (title, consequence) in FAULTS.items():
        yield from ("", f"## {title}", "", consequence)
        for row in CODES.values():
            if row.fault is fault:
                yield from ("", f"### {row.name}", "", f"**What happened:** {row.meaning}")
                yield from ("", f"**What to do:** {row.hint}")


def _found(word: str) -> Code:
    if row := CODES.get(word.strip().lower()):
        return row
    near = get_close_matches(word[:40].lower(), CODES, n=1)
    hint = f"Did you mean {near[0]}? `pixmill explain` without a code lists them all." if near else None
    raise Refused("unknown-code", f"There is no error code {word}.", hint=hint)


def _explain(row: Code) -> None:
    title, consequence = FAULTS[row.fault]
    data(
        Text.assemble((row.name, "bold"), f": {row.meaning}"),
        f"{title}. {consequence}",
        f"What to do: {row.hint}",
    )


def _list_all() -> None:
    for index, (fault, (title, consequence)) in enumerate(FAULTS.items()):
        table = grid()
        for row in CODES.values():
            if row.fault is fault:
                table.add_row(Text(row.name, "cyan"), Text(row.meaning))
        gap = ("",) if index else ()
        data(*gap, Text.assemble((f"{title}. ", "bold"), consequence), table)
