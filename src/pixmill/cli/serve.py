"""`pixmill serve`."""

from pathlib import Path
from typing import Annotated

import typer

from pixmill.cli.recipes import USUAL, RecipeOption, chosen_recipe
from pixmill.cli.terminal import data, talk
from pixmill.cli.watch import DestinationArgument, JobsOption, PollOption, SourceArgument
from pixmill.local import POLL, PORT, require


def serve(  # noqa: PLR0913 - one for each option
    source: SourceArgument,
    destination: DestinationArgument,
    recipe: RecipeOption = None,
    *,
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, metavar="N", help="0 takes any that is free.")
    ] = PORT,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen. Left out: this machine alone.")
    ] = "127.0.0.1",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines come, with a token that is printed.")
    ] = False,
    writable: Annotated[bool, typer.Option("--writable", help="Let the page delete originals.")] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    jobs: JobsOption = None,
    poll: PollOption = POLL,
) -> None:
    """Watch, and show it on a page: drop a picture, see it become renditions.

    The page is for this machine alone, and reaches nothing but the two places. Ctrl-C ends it.
    """
    require("starlette", "uvicorn", "watchfiles")
    # Only the commands that need it load libvips.
    from pixmill.local.lightbox import Lightbox  # noqa: PLC0415
    from pixmill.local.server import listen  # noqa: PLC0415
    from pixmill.local.server import serve as serve_until_ended  # noqa: PLC0415
    from pixmill.storage import open_store  # noqa: PLC0415

    chosen_recipe(recipe)
    file = recipe or next((Path(name) for name in USUAL if Path(name).exists()), None)
    ends = open_store(source), open_store(destination, create=True)
    box = Lightbox(*ends, file, writable=writable, jobs=jobs, every=poll)
    address = listen(host, port, allow_remote=allow_remote)

    def opened(url: str) -> None:
        talk("The lightbox is open. Ctrl-C ends it.")
        data(url)
        if open_browser:
            typer.launch(url)

    serve_until_ended(box, address, opened)
