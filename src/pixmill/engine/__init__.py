"""The engine: bytes and a recipe in, renditions out. The only place that knows libvips and its friends.

It does no I/O. It reads formats by content, never by name, judges the header against the limits before any
pixel is decoded, and raises `Rejected` where the original is at fault.

Decoders are loaded with the first picture, or by `load`. A process that only hands pictures on has none of
them, and starts in two thirds of the time.
"""

from collections.abc import Collection

from pixmill.engine.admission import admit, admit_size
from pixmill.engine.formats import EXTENSIONS, FORMATS, ImageFormat
from pixmill.engine.header import Probe, describe
from pixmill.engine.libraries import versions
from pixmill.engine.rendered import Output, Rendered
from pixmill.recipe import Recipe

# ruff: noqa: PLC0415 - what is imported below is what is loaded late


def load() -> None:
    """Load what nearly every picture needs."""
    from pixmill.engine import rendering as _  # noqa: F401


def probe(data: bytes) -> Probe:
    """Read the header.

    Raises:
        Rejected: the bytes are no image, no supported one, or their header cannot be read or promises more
            than any recipe can allow.
    """
    from pixmill.engine import probing

    return probing.probe(data)


def render(data: bytes, recipe: Recipe, *, only: Collection[tuple[str, str]] | None = None) -> Rendered:
    """Make the renditions of one original.

    Args:
        data: the original's bytes.
        recipe: what to make.
        only: (rendition, declared format) pairs to make; all of the recipe's if left out.

    Raises:
        Rejected: the original is at fault; see `pixmill explain` for the codes.
    """
    from pixmill.engine import rendering

    return rendering.render(data, recipe, only=only)


__all__ = [
    "EXTENSIONS",
    "FORMATS",
    "ImageFormat",
    "Output",
    "Probe",
    "Rendered",
    "admit",
    "admit_size",
    "describe",
    "load",
    "probe",
    "render",
    "versions",
]
