"""`pixmill show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.exits import Exit
from pixmill.cli.problems import problem
from pixmill.cli.recipes import RecipeOption, chosen_recipe
from pixmill.cli.terminal import data, grid, json_line, shown
from pixmill.errors import Rejected
from pixmill.recipe import Recipe

if TYPE_CHECKING:
    from pixmill.cli.forecast import Forecast
    from pixmill.engine import Probe

_COLOURS = {"srgb": "sRGB", "rgb": "RGB with a profile of its own", "cmyk": "CMYK", "grey": "grey"}
_TURNS = {
    1: "upright",
    2: "mirrored",
    3: "upside down",
    4: "upside down, mirrored",
    5: "on its left side, mirrored",
    6: "on its left side",
    7: "on its right side, mirrored",
    8: "on its right side",
}


def show(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture.")],
    recipe: RecipeOption = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> int:
    """Show what a picture is, and what each rendition would be.

    Only the header is read: whether all of the picture can be decoded is seen when it is rendered.
    """
    chosen = chosen_recipe(recipe)
    found, expected, rejection = _look(image, chosen)
    if as_json:
        json_line(_as_json(image, found, expected, rejection))
    else:
        if found:
            data(_facts(image, found), "")
        if rejection:
            data(*problem("rejected", image.name, rejection.code, rejection.message, rejection.hint))
        else:
            data(_table(expected))
    return Exit.FAILED if rejection else Exit.WELL


def _look(image: Path, recipe: Recipe) -> tuple["Probe | None", list["Forecast"], Rejected | None]:
    # Only the commands that need it load libvips.
    from pixmill import engine  # noqa: PLC0415
    from pixmill.app import read_image  # noqa: PLC0415
    from pixmill.cli.forecast import forecasts, moving_bytes  # noqa: PLC0415

    found = None
    try:
        found = engine.probe(read_image(image, recipe.limits))
        expected = forecasts(found, recipe)
        engine.admit(found, recipe.limits, results=moving_bytes(found, expected))
    except Rejected as rejection:
        return found, [], rejection
    return found, expected, None


def _facts(image: Path, found: "Probe") -> Table:
    table = grid()
    stored = "" if found.stored == found.size else f", stored {words.pixels(*found.stored)}"
    mebibytes = found.memory >> 20
    memory = f"about {mebibytes + 1:,} MiB to decode" if found.memory else "a few lines at a time"
    facts = {
        "File": f"{shown(image.name)}, {words.size(image.stat().st_size)}",
        "Format": found.format.name + (", progressive" if found.progressive else ""),
        "Size": f"{words.pixels(*found.size)}{stored}",
        "Orientation": f"{found.orientation}, {_TURNS[found.orientation]}",
        "Frames": str(found.frames),
        "Colour": f"{_COLOURS[found.colour_space]}, {found.bits} bits{', transparency' * found.has_alpha}",
        "Metadata": ", ".join(found.metadata) or "none",
        "Memory": memory,
    }
    for label, text in facts.items():
        table.add_row(Text(label, "bold"), Text(text))
    return table


def _table(expected: list["Forecast"]) -> Table:
    table = grid("Rendition", "Format", "Size", "How")
    for each in expected:
        size = words.pixels(*each.size) if each.size else "not made"
        table.add_row(each.rendition, each.format.name, size, "; ".join(each.notes))
    return table


def _as_json(
    image: Path, found: "Probe | None", expected: list["Forecast"], rejection: Rejected | None
) -> dict[str, object]:
    from pixmill import engine  # noqa: PLC0415

    reason = None
    if rejection:
        reason = {"code": rejection.code, "message": rejection.message, "hint": rejection.hint}
    return {
        "image": str(image),
        "bytes": image.stat().st_size,
        "original": engine.describe(found) if found else None,
        "rejected": reason,
        "renditions": [_plain(each) for each in expected],
    }


def _plain(expected: "Forecast") -> dict[str, object]:
    size = {"width": expected.size.width, "height": expected.size.height} if expected.size else {}
    return {
        "rendition": expected.rendition,
        "declared": expected.declared,
        "format": expected.format.name,
        "made": expected.size is not None,
        **size,
        "notes": list(expected.notes),
    }
