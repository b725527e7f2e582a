"""`pixmill init`."""

from pathlib import Path
from typing import Annotated

import typer

from pixmill.cli.files import refuse_existing, written_whole
from pixmill.cli.terminal import shown, talk
from pixmill.errors import Refused
from pixmill.recipe import template


def init(
    path: Annotated[Path, typer.Argument(metavar="[PATH]", help="Where to write it.")] = Path("pixmill.toml"),
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write a commented recipe to start from."""
    if path.is_dir():
        raise Refused("invalid-option", f"{path} is a folder.", hint=f"Name a file: {path / 'pixmill.toml'}")
    if path.suffix.lower() != ".toml":
        raise Refused("invalid-option", f"{path} does not end in .toml, but the recipe is written in TOML.")
    if not force:
        refuse_existing(path)
    with written_whole(path) as file:
        file.write(template().encode())
    name = shown(str(path))
    talk(f"Wrote {name}. Change what you like; `pixmill check {name}` looks for mistakes.")
