"""Every rendition of every image your recipe declares, with a manifest that says so.

What is listed in `__all__` is the public API. Each name is imported when it is first asked for, so that
whoever needs only the errors or the recipe does not load libvips.

>>> from base64 import b64decode
>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from pixmill import Recipe, sync
>>> recipe = Recipe.parse('''
... [[rendition]]
... name = "thumbnail"
... width = 150
... formats = ["jpeg", "webp"]
... ''')
>>> pixel = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
>>> with TemporaryDirectory() as folder:
...     photos, renditions = Path(folder, "photos"), Path(folder, "renditions")
...     photos.mkdir()
...     _ = (photos / "pixel.gif").write_bytes(pixel)
...     first = sync(photos, renditions, recipe)
...     second = sync(photos, renditions, recipe)
>>> first.made, first.renditions
(1, 2)
>>> second.made, second.current
(0, 1)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pixmill.version import __version__

if TYPE_CHECKING:
    from pixmill.app import render
    from pixmill.engine import Rendered
    from pixmill.errors import Failed, PixmillError, Refused, Rejected
    from pixmill.recipe import Limits, Recipe, Rendition
    from pixmill.syncing import Progress, Summary, sync

__all__ = [
    "Failed",
    "Limits",
    "PixmillError",
    "Progress",
    "Recipe",
    "Refused",
    "Rejected",
    "Rendered",
    "Rendition",
    "Summary",
    "__version__",
    "render",
    "sync",
]

_HOMES = {
    "app": ("render",),
    "engine": ("Rendered",),
    "errors": ("Failed", "PixmillError", "Refused", "Rejected"),
    "recipe": ("Limits", "Recipe", "Rendition"),
    "syncing": ("Progress", "Summary", "sync"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
