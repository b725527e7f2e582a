"""`pixmill estimate`."""

import math
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.recipes import RecipeOption, chosen_recipe
from pixmill.cli.terminal import console, data, json_line, talk
from pixmill.errors import Refused
from pixmill.infra.bundle import Architecture

if TYPE_CHECKING:
    from rich.progress import Progress


def estimate(  # noqa: PLR0913 - one for each option
    sample: Annotated[
        list[str],
        typer.Argument(metavar="SAMPLE...", help="Pictures such as yours: files, folders, URLs of folders."),
    ],
    recipe: RecipeOption = None,
    *,
    images: Annotated[int, typer.Option(min=1, metavar="N", help="How many originals.")] = 1_000_000,
    memory: Annotated[
        int, typer.Option(min=128, max=10_240, metavar="MB", help="Memory of the function.")
    ] = 1769,
    architecture: Annotated[Architecture, typer.Option(help="Its processor.")] = "arm64",
    speed: Annotated[
        float,
        typer.Option(
            min=0.01, max=100, metavar="X", help="How fast its core is; this machine's is 1. Assumed."
        ),
    ] = 1.0,
    latency: Annotated[
        float, typer.Option(min=0, max=60_000, metavar="MS", help="How long S3 takes to answer. Assumed.")
    ] = 30.0,
    batch: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Originals for each invocation.")
    ] = 10,
    keep_months: Annotated[
        float, typer.Option(min=0, max=1200, metavar="N", help="How long renditions are stored.")
    ] = 1.0,
    views: Annotated[
        int, typer.Option(min=0, metavar="N", help="Deliveries over CloudFront for each original.")
    ] = 0,
    pictures: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many pictures of the sample to measure.")
    ] = 100,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Other prices than list prices of us-east-1.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the arithmetic.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of the table.")] = False,
) -> None:
    """Estimate what a million originals cost on AWS, from a sample of your pictures.

    The sample is rendered on this machine, in memory; nothing is written and nothing is asked of AWS.
    """
    # As the function has it; libvips looks at it once, when it is loaded.
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
    from pixmill.cli import quote  # noqa: PLC0415 - only this command needs it
    from pixmill.estimate import Deployment, Prices, price_first_sketch, price_pixmill  # noqa: PLC0415 - likewise
    from pixmill.estimate.measure import PASSES, measure  # noqa: PLC0415 - it loads libvips

    table = Prices.load(prices) if prices else Prices.load()
    deployment = Deployment(
        images=images,
        memory_mb=memory,
        architecture=architecture,
        batch=batch,
        speed=_exact(speed),
        latency_ms=_exact(latency),
        keep_months=_exact(keep_months),
        views=views,
    )
    chosen = chosen_recipe(recipe)
    talk(f"Measuring at most {words.count(pictures, 'picture')}, {PASSES} times each ...")
    with _bar() as bar:
        task = bar.add_task("Measuring", total=None)
        measured = measure(
            sample,
            chosen,
            most=pictures,
            on_picture=lambda done, of: bar.update(task, completed=done, total=of, refresh=True),
        )
    bills = tuple(way(measured, deployment, table) for way in (price_pixmill, price_first_sketch))
    if as_json:
        json_line(quote.as_plain(measured, deployment, table, bills))
        return
    data(*quote.report(measured, deployment, table, bills))
    if verbose:
        data(*map(Text, quote.arithmetic(bills)))


def _bar() -> "Progress":
    """A bar on a terminal that can show one, which leaves nothing behind."""
    from rich.progress import Progress  # noqa: PLC0415 - likewise

    screen = console(talk=True)
    able = screen.is_terminal and not screen.is_dumb_terminal
    # It is drawn between the pictures: a thread that drew it would be measured along with them.
    return Progress(console=screen, transient=True, disable=not able, auto_refresh=False)


def _exact(number: float) -> Fraction:
    """A number as it was written, so that 0.1 is a tenth."""
    # A range lets it pass, since it is neither below nor above anything.
    if math.isnan(number):
        raise Refused("invalid-option", "An option says nan where a number is needed.")
    return Fraction(str(number))
