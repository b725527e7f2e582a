"""What an original is, by its header alone: cheap enough to run on every upload before a decoder works."""

from pixmill.engine import foreign, native, vips
from pixmill.engine.formats import sniff
from pixmill.engine.header import Probe
from pixmill.errors import Rejected


def probe(data: bytes) -> Probe:
    """See `engine.probe`."""
    kind = sniff(data)
    reader = native if kind.reader == "vips" else foreign
    with vips.decoding(data, kind.name):
        found = reader.header(data, kind)
    if min(found.stored) < 1:
        raise Rejected("corrupt", "The picture has no pixels.")
    return found
