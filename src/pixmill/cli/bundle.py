"""`pixmill bundle`: the Lambda worker as one zip."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.files import refuse_existing
from pixmill.cli.terminal import data, grid, shown, talk
from pixmill.infra.bundle import Architecture, Bundle, Precompile, Python, Target, build, is_bundle


def bundle(  # noqa: PLR0913 - one for each option
    *,
    architecture: Annotated[Architecture, typer.Option(help="The function's processor.")] = "arm64",
    python: Annotated[Python, typer.Option(help="The function's Python.")] = "3.13",
    precompile: Annotated[
        Precompile,
        typer.Option(help="Ship bytecode: if a Python of that version is here, or refuse, or never."),
    ] = "auto",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write it. Left out: pixmill-arm64-python3.13.zip.",
        ),
    ] = None,
    sbom: Annotated[
        Path | None,
        typer.Option("--sbom", metavar="FILE", help="Write what is in it there, as CycloneDX 1.6."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a file that is no bundle, and an SBOM.")
    ] = False,
) -> None:
    """Build the Lambda worker as one zip, the same each time."""
    path = output or Path(f"pixmill-{architecture}-python{python}.zip")
    if not (force or is_bundle(path)):
        refuse_existing(path)
    if sbom and not force:
        refuse_existing(sbom)
    built = build(path, Target(architecture, python), precompile=precompile, sbom=sbom)
    if built.compiler is None and precompile == "auto":
        talk(
            f"Without bytecode: there is no Python {python} here to write it. The worker starts later for it."
        )
    _show(built)


def _show(built: Bundle) -> None:
    table = grid()
    for label, value in (
        ("bundle", shown(str(built.path))),
        ("for", f"{built.target.architecture}, Python {built.target.python}"),
        ("bytecode", f"by Python {built.compiler}" if built.compiler else "none"),
        ("size", f"{words.size(built.compressed)}, {words.size(built.unzipped)} unzipped"),
        ("files", f"{built.files:,}"),
        ("sha256", built.sha256),
        ("contents", built.contents),
    ):
        table.add_row(label, Text(value))
    data(table)
