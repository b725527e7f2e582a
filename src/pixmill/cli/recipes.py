"""Which recipe a command works with, and the option that names one."""

from pathlib import Path
from typing import Annotated

import typer

from pixmill.cli.terminal import shown, talk
from pixmill.recipe import Recipe

USUAL = ("pixmill.toml", "pixmill.json")
"""Where a recipe is looked for if none is named, in this order."""

RecipeOption = Annotated[
    Path | None,
    typer.Option(
        "--recipe",
        metavar="FILE",
        help="The recipe. Left out: pixmill.toml or pixmill.json in this folder, else the default recipe.",
    ),
]


def chosen_recipe(named: Path | None, *, quiet: bool = False) -> Recipe:
    """The recipe that was named, else the one in this folder, else the default; and say which.

    Raises:
        Refused: `recipe-not-found`, or `invalid-recipe` with every mistake.
    """
    found = named or next((Path(name) for name in USUAL if Path(name).exists()), None)
    recipe = Recipe.load(found) if found else Recipe.default()
    if not quiet:
        talk(
            "Recipe: " + (shown(str(found)) if found else "the default (`pixmill init` writes one to change)")
        )
    return recipe
