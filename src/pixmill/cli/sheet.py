"""`pixmill sheet`."""

from pathlib import Path
from typing import Annotated

import typer

from pixmill.cli import words
from pixmill.cli.files import refuse_existing
from pixmill.cli.terminal import data, shown, talk
from pixmill.errors import Refused


def sheet(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Where the originals are.")],
    destination: Annotated[
        str, typer.Argument(metavar="DESTINATION", help="The folder of their renditions.")
    ],
    page: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page. Left out: index.html in the destination."
        ),
    ] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a file that is no contact sheet.")
    ] = False,
) -> None:
    """Write a page that shows every original and its renditions.

    It opens from the disk, without a server; the pictures are linked, not copied.
    """
    # Only the commands that need it load libvips.
    from pixmill.cli import contact_sheet  # noqa: PLC0415
    from pixmill.storage import open_store  # noqa: PLC0415
    from pixmill.storage.folder import FolderStore  # noqa: PLC0415

    originals, renditions = open_store(source), open_store(destination)
    if not isinstance(renditions, FolderStore):
        raise Refused("invalid-location", f"{destination} is not a folder; a page can only link to files.")
    folder = renditions.location if "://" in destination else destination
    path = page or Path(folder) / "index.html"
    if not force and not contact_sheet.is_contact_sheet(path):
        refuse_existing(path)
    totals = contact_sheet.write(originals, renditions, path)
    talk(f"A contact sheet of {words.count(totals.shown, 'original')}:")
    data(shown(str(path)))
