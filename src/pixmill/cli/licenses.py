"""`pixmill licenses`: what Pixmill depends on, under which licences, and what those ask for."""

from typing import Annotated

import typer
from rich.text import Text

from pixmill.cli.terminal import data, grid, json_line


def licenses(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list instead of a table.")] = False,
) -> None:
    """List what is passed on with Pixmill, its licences, and what they ask of whoever does so."""
    # Reading metadata is for this command alone.
    from pixmill.infra.bundle.licences import parts  # noqa: PLC0415

    found = list(parts("pixmill"))
    if as_json:
        json_line([{**each._asdict(), "duty": each.duty} for each in found])
        return
    table = grid("Package", "Version", "Licence", "Whoever passes it on has to")
    for each in found:
        name = Text(f"  {each.name}" if each.within else each.name, "" if each.within else "cyan")
        table.add_row(name, each.version, each.licence or "unknown", each.duty)
    data(table)
