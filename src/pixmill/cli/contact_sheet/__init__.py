"""The contact sheet: a page that shows every original with all that was made of it.

One HTML file that opens from the disk and needs nothing but the renditions beside it. Manifests are read one
at a time and their cards go to a spare file, so that the totals, known last, can stand at the top.
"""

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from string import Template

from pixmill import engine
from pixmill.cli.contact_sheet.card import Shelf, card
from pixmill.cli.contact_sheet.totals import Totals
from pixmill.cli.files import written_whole
from pixmill.keys import manifest_key
from pixmill.manifest import Manifest, Unreadable
from pixmill.storage import Meta, Store
from pixmill.version import __version__

__all__ = ["is_contact_sheet", "write"]

_CARDS = "<!-- cards -->"
_GENERATOR = b'name="generator" content="Pixmill'


def write(source: Store, destination: Store, path: Path) -> Totals:
    """Write the page.

    Args:
        source: where the originals are; each gets a card, whether it was synced or not.
        destination: the folder that holds their renditions and manifests.
        path: the page's own file; its links are relative to it.

    Returns:
        What it shows, in numbers.
    """
    shelf = Shelf(path, source, destination)
    totals = Totals()
    with tempfile.TemporaryFile() as cards:
        for original in totals.first(source.list()):
            manifest = _manifest(destination, original)
            totals.add(manifest)
            cards.write(card(original, manifest, shelf).encode())
        cards.seek(0)
        head, tail = _page(totals).split(_CARDS)
        with written_whole(path) as file:
            file.write(head.encode())
            shutil.copyfileobj(cards, file)
            file.write(tail.encode())
    return totals


def is_contact_sheet(path: Path) -> bool:
    """Whether a file is a page that we wrote, and may write again."""
    try:
        with path.open("rb") as file:
            return _GENERATOR in file.read(1000)
    except OSError:
        return False


def _manifest(destination: Store, original: Meta) -> Manifest | None:
    found = destination.get(manifest_key(original.key))
    try:
        return Manifest.from_json(found[1]) if found else None
    except Unreadable:
        return None


def _page(totals: Totals) -> str:
    template = Template(files("pixmill.cli.contact_sheet").joinpath("page.html").read_text("utf-8"))
    return template.substitute(
        version=__version__,
        libvips=engine.versions().get("libvips", ""),
        figures=totals.figures(),
        rows=totals.rows(),
        cut=totals.cut(),
    )
