"""`pixmill render`: one picture, no store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

import pixmill
from pixmill.cli import words
from pixmill.cli.files import refuse_existing, written_whole
from pixmill.cli.recipes import RecipeOption, chosen_recipe
from pixmill.cli.terminal import data, grid, shown

if TYPE_CHECKING:
    from pixmill.engine import Output


def render(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture.")],
    folder: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write to.")],
    recipe: RecipeOption = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files of the same names.")] = False,
) -> None:
    """Make all renditions of one picture, into a folder.

    A file is named after the picture's whole name, its rendition and its format, such as
    cat.png.thumbnail.webp, so that neither a cat.jpg nor another rendition can claim the same name.
    """
    outputs = pixmill.render(image, chosen_recipe(recipe)).outputs
    if not force:
        for output in outputs:
            if output.format:
                refuse_existing(_place(folder, image, output))
    table = grid()
    for output in outputs:
        if output.format is None:
            table.add_row(f"{output.rendition} {output.declared}", "", "", f"not made: {output.reason}")
            continue
        place = _place(folder, image, output)
        with written_whole(place) as file:
            file.write(output.data)
        size = words.size(len(output.data))
        table.add_row(
            Text(shown(str(place))),
            f"{words.pixels(output.width, output.height)}",
            size,
            ", ".join(output.notes),
        )
    data(table)


def _place(folder: Path, image: Path, output: "Output") -> Path:
    # Neither the rendition's name nor the extension can hold a dot, so no two names come out alike.
    extension = output.format.extension if output.format else ""
    return folder / f"{image.name}.{output.rendition}.{extension}"
