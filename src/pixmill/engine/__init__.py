"""The engine: bytes and a recipe in, renditions out. The only place that knows libvips and its friends.

It does no I/O. It reads formats by content, never by name, judges the header against the limits before any
pixel is decoded, and raises `Rejected` where the original is at fault.
"""

from pixmill.engine import loaders
from pixmill.engine.formats import EXTENSIONS, FORMATS, ImageFormat
from pixmill.engine.header import Probe
from pixmill.engine.probe import admit, admit_size, describe, probe
from pixmill.engine.render import Output, Rendered, render
from pixmill.engine.vips import versions

loaders.shut()

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
    "probe",
    "render",
    "versions",
]
