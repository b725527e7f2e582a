"""One picture, no store: what `from pixmill import render` and the command line do with a single file."""

import errno
import os
import stat
from pathlib import Path

from pixmill import engine
from pixmill.engine import Rendered
from pixmill.errors import Failed, PixmillError, Refused, code_of
from pixmill.recipe import Limits, Recipe

_ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP))


def render(image: bytes | str | os.PathLike[str], recipe: Recipe | None = None) -> Rendered:
    """Make all renditions of one picture, in memory.

    Args:
        image: the file's bytes, or its path.
        recipe: what to make; the default recipe if left out.

    Returns:
        What the picture is (`probe`), and in `outputs` one encoded file for each rendition and format of the
        recipe, in its order: `data` in bytes, `width` and `height` in pixels. An output that was not made has
        no `data` and says why in `reason`.

    Raises:
        Rejected: the picture is at fault: no image, broken, or more than the recipe's limits allow.
        Refused: `source-not-found`: there is no such file.
        Failed: the file cannot be read.

    >>> from base64 import b64decode
    >>> pixel = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    >>> for output in render(pixel).outputs:
    ...     print(output.rendition, output.format.name, output.width, output.height)
    standard jpeg 1 1
    thumbnail jpeg 1 1
    """
    recipe = recipe or Recipe.default()
    data = image if isinstance(image, bytes) else read_image(image, recipe.limits)
    return engine.render(data, recipe)


def read_image(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """Read a picture's file, after a look at its size.

    Raises:
        Rejected: `too-many-bytes`.
        Refused: `source-not-found`.
        Failed: it cannot be read.
    """
    place = Path(path)
    try:
        status = place.stat()
        if stat.S_ISDIR(status.st_mode):
            raise Refused(
                "source-not-found",
                f"{place} is a folder.",
                hint="Name one picture; `pixmill sync` takes folders.",
            )
        # Opening a FIFO would wait for its writer.
        if not stat.S_ISREG(status.st_mode):
            raise Refused("source-not-found", f"{place} is not a file.", hint="Name one picture.")
        engine.admit_size(status.st_size, limits)
        return place.read_bytes()
    except OSError as error:
        raise _translated(error, place) from error


def _translated(error: OSError, place: Path) -> PixmillError:
    if error.errno in _ABSENT:
        return Refused("source-not-found", f"There is no file {place}.", hint="Check the spelling.")
    if code_of(error) == "permission-denied":
        return Failed("permission-denied", f"{place} must not be read.", hint="Check the file's permissions.")
    return Failed("storage-unavailable", f"{place} cannot be read: {error.strerror}.")
