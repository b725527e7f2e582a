"""`pixmill check`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.terminal import data, grid, shown
from pixmill.recipe import Limits, Recipe, Rendition


def check(
    recipe: Annotated[Path, typer.Argument(metavar="[RECIPE]", help="A recipe in TOML or JSON.")] = Path(
        "pixmill.toml"
    ),
) -> None:
    """Look for mistakes in a recipe, and show what it makes."""
    found = Recipe.load(recipe)
    data(
        f"{shown(str(recipe))} is a valid recipe: {words.count(len(found.renditions), 'rendition')}.",
        _table(found),
        f"Limits: {_limits(found.limits)}",
        f'Truncated originals: on_truncated = "{found.on_truncated}"',
        f"Fingerprint: {found.fingerprint}",
    )


def _box(rendition: Rendition) -> str:
    """A rendition's box in pixels; a side that is left out is "any"."""
    return words.pixels(rendition.width or "any", rendition.height or "any")


def _table(recipe: Recipe) -> Table:
    table = grid("Rendition", "Box", "Fit", "Formats and quality", "Enlarge")
    for rendition in recipe.renditions:
        fit = f"{rendition.fit}, {rendition.gravity}" if rendition.fit == "cover" else rendition.fit
        table.add_row(rendition.name, _box(rendition), fit, Text(_formats(rendition)), rendition.enlarge)
    return table


def _formats(rendition: Rendition) -> str:
    def quality(declared: str) -> str:
        if declared in {"original", "png"}:
            return ""
        return f" {rendition.quality_for(declared)}"  # type: ignore[arg-type]

    return ", ".join(declared + quality(declared) for declared in rendition.formats)


def _limits(limits: Limits) -> str:
    return ", ".join(
        (
            words.binary_size(limits.max_bytes),
            f"{limits.max_megapixels:g} megapixels",
            f"{limits.max_side} pixels a side",
            words.count(limits.max_frames, "frame"),
            f"{words.binary_size(limits.max_memory)} of memory",
        )
    )
