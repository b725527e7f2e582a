"""The commands: shown by name and summary, and each imported when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperGroup

SUMMARIES: Mapping[str, str] = {
    "init": "Write a commented recipe to start from.",
    "check": "Look for mistakes in a recipe, and show what it makes.",
    "sync": "Bring a destination in line with its source.",
    "watch": "Keep a destination in line with its source, until Ctrl-C.",
    "serve": "Watch, and show it on a page: drop a picture, see it become renditions.",
    "sheet": "Write a page that shows every original and its renditions.",
    "show": "Show what a picture is, and what each rendition would be.",
    "render": "Make all renditions of one picture, into a folder.",
    "estimate": "Estimate what a million originals cost on AWS, from a sample of your pictures.",
    "bundle": "Build the Lambda worker as one zip, the same each time.",
    "licenses": "List what is passed on with Pixmill, its licences, and what they ask of whoever does so.",
    "explain": "Say what an error code means and what to do.",
}
"""Each command, and the first line of its help, in the order of `pixmill --help`.

The command NAME is the function of that name in `pixmill.cli.NAME`.
"""


class Commands(TyperGroup):
    """A group of placeholders, of which the one that is called gives way to the command itself."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - typer names no type
        """Find what is called, also for completing its options; a name that there is not is an error."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, command(name) if name and found else None, rest


def add_to(app: typer.Typer) -> None:
    """Add all placeholders."""
    for name, summary in SUMMARIES.items():
        app.command(name, help=summary)(_placeholder)


def command(name: str) -> Any:  # noqa: ANN401 - likewise
    """A command, imported."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(getattr(import_module(f"pixmill.cli.{name}"), name))
    return typer.main.get_command(alone)


def _placeholder() -> None:
    """Nobody calls it."""
