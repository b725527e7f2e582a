"""How many parts a file may have, whatever the recipe: what no program writes, and what keeps decoders busy.

libvips, libtiff and their like take whatever a file lists. A JPEG of empty segments, a TIFF of empty pages
or a table that promises millions of frames costs them minutes or gigabytes before there is any pixel.
"""

import zlib

from pixmill.errors import Rejected

MOST_UNPACKED = 16 << 20
"""Bytes of all of a file's compressed metadata. The largest profiles of printers have four million."""


def too_many(what: str) -> Rejected:
    """The rejection of a file that has too many of something."""
    return Rejected("too-many-parts", f"The file has more {what} than any picture needs.")


class Unpacking:
    """Compressed metadata, unpacked as far as that is needed to know that it is not too much."""

    def __init__(self) -> None:
        self._left = MOST_UNPACKED

    def take(self, packed: bytes) -> None:
        """Count one block. One that is broken counts as far as it goes: decoders ignore it.

        Raises:
            Rejected: `too-much-metadata`.
        """
        unpacker = zlib.decompressobj()
        try:
            # Behind its end, zlib may hand the same input back for ever.
            while packed and self._left >= 0 and not unpacker.eof:
                self._left -= len(unpacker.decompress(packed, _STEP))
                packed = unpacker.unconsumed_tail
        except zlib.error:
            return
        if self._left < 0:
            raise Rejected("too-much-metadata", f"Its metadata unpacks to more than {MOST_UNPACKED:,} bytes.")


_STEP = 1 << 16
