"""Probing: any bytes are a picture of a certain kind, or are rejected; and the header is judged by limits."""

import msgspec

from fuzz import seeds
from fuzz.law import hold
from fuzz.target import Target
from fuzz.targets.tokens import PICTURES
from pixmill import engine
from pixmill.engine import FORMATS, Probe
from pixmill.errors import Rejected
from pixmill.recipe import Limits

_LIMITS = Limits()
_KINDS = frozenset(("exif", "gps", "xmp", "iptc", "icc", "comment"))
_SPACES = frozenset(("srgb", "rgb", "cmyk", "grey"))


def one(data: bytes) -> None:
    """A probe says only what can be, and says it again."""
    found = _probed(data)
    hold(found == _probed(data), "a file is the same twice")
    if isinstance(found, str):
        return
    hold(FORMATS.get(found.format.name) == found.format, "a format is one of the table")
    hold(min(found.stored) > 0 and found.frames > 0, "a picture has pixels")
    hold(found.orientation in range(1, 9), "an orientation is 1-8")
    hold(8 <= found.bits <= 16, "a channel has 8 to 16 bits")  # noqa: PLR2004 - HEVC may have any of these
    hold(found.colour_space in _SPACES and found.memory >= 0, "a colour space is one of four")
    hold(_KINDS.issuperset(found.metadata), "kinds of metadata are known ones")
    hold(all(text and text.isprintable() for _, text in found.copyright), "a notice can be printed")
    msgspec.json.encode(engine.describe(found))
    try:
        engine.admit(found, _LIMITS)
    except Rejected as error:
        hold(error.code.startswith("too-"), "a limit that is passed is told by its own code")


def _probed(data: bytes) -> Probe | str:
    try:
        return engine.probe(data)
    except Rejected as error:
        return error.code


TARGET = Target("probe", one, seeds.pictures, PICTURES, share=4, is_guided=False)
