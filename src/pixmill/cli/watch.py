"""`pixmill watch`."""

import signal
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from pixmill.cli.exits import Exit
from pixmill.cli.recipes import RecipeOption, chosen_recipe
from pixmill.local import POLL, require

if TYPE_CHECKING:
    from pixmill.local.follow import Following

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A folder, or a URL such as s3://bucket/prefix.")
]
DestinationArgument = Annotated[
    str, typer.Argument(metavar="DESTINATION", help="Likewise; a folder is made if it is missing.")
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, metavar="N", help="Originals to work on at a time. Left out: the cores."
    ),
]
PollOption = Annotated[
    float,
    typer.Option(
        "--poll", min=0.1, metavar="SECONDS", help="How often a bucket is listed; folders tell by themselves."
    ),
]


def watch(  # noqa: PLR0913 - one for each option
    source: SourceArgument,
    destination: DestinationArgument,
    recipe: RecipeOption = None,
    *,
    jobs: JobsOption = None,
    keep_orphans: Annotated[
        bool, typer.Option("--keep-orphans", help="Keep renditions whose original is gone.")
    ] = False,
    poll: PollOption = POLL,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but what was rejected or failed.")
    ] = False,
) -> int:
    """Keep a destination in line with its source, until Ctrl-C.

    Syncs once, then follows every change; each original that was made, rejected or removed is a line.
    """
    require("watchfiles")
    # Only the commands that need it load libvips.
    from pixmill.cli.following import Lines  # noqa: PLC0415
    from pixmill.local.follow import Following  # noqa: PLC0415
    from pixmill.storage import open_store  # noqa: PLC0415

    chosen = chosen_recipe(recipe, quiet=quiet)
    ends = open_store(source), open_store(destination, create=True)
    lines = Lines(as_json=as_json, quiet=quiet)
    following = Following(*ends, chosen, lines, jobs=jobs, every=poll, keep_orphans=keep_orphans)
    _until_ended(following)
    return Exit.WELL


def _until_ended(following: "Following") -> None:
    """Follow until SIGINT or SIGTERM: that is how it is meant to end, so nothing is amiss then."""

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        following.stop()

    before = [(number, signal.signal(number, end)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        following.run()
    finally:
        for number, handler in before:
            signal.signal(number, handler)
