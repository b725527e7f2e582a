"""The chunks of a PNG (PNG specification, third edition, section 5)."""

import zlib
from collections.abc import Iterator

from pixmill.engine.structure.bounds import Unpacking, too_many
from pixmill.errors import Rejected
from pixmill.recipe.limits import MOST_SIDE

_HEADER, _SIZE, _INTERLACE, _CHECKSUM = 12, 16, 28, 29
_LONGEST = (1 << 31) - 1
_SIGNATURE = 8
_AROUND = 12
_MOST_CHUNKS, _MOST_BESIDES = 250_000, 10_000
_COMPRESSED = b"\x01"


def check(data: bytes) -> None:
    """Refuse what no PNG needs.

    Raises:
        Rejected: `too-long-a-side`, `too-many-parts` or `too-much-metadata`.
    """
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (_SIZE, _SIZE + 4))
    # libpng calls such sides broken; they are where the header's checksum is wrong as well.
    if MOST_SIDE < max(width, height) <= _LONGEST and _has_true_header(data):
        raise Rejected(
            "too-long-a-side",
            f"The picture is {width} x {height} pixels; Pixmill reads {MOST_SIDE} a side.",
            hint="Upload a smaller picture.",
        )
    unpacking, besides = Unpacking(), 0
    for name, body in _chunks(data):
        besides += name != b"IDAT"
        if besides > _MOST_BESIDES:
            raise too_many("chunks")
        if packed := _packed(name, body):
            unpacking.take(packed)


def is_interlaced(data: bytes) -> bool:
    """Whether a PNG is Adam7 interlaced, so that it must be decoded whole."""
    return data[_INTERLACE : _INTERLACE + 1] == b"\x01"


def is_cut(data: bytes) -> bool:
    """Whether the chunks end without the one that says so."""
    return all(name != b"IEND" for name, _ in _chunks(data))


def exif(data: bytes) -> bytes:
    """Its EXIF block, empty if it has none. It may stand behind the picture, where libvips does not look."""
    return next((body for name, body in _chunks(data) if name == b"eXIf"), b"")


def _has_true_header(data: bytes) -> bool:
    checksum = int.from_bytes(data[_CHECKSUM : _CHECKSUM + 4], "big")
    return zlib.crc32(data[_HEADER:_CHECKSUM]) == checksum


def _packed(name: bytes, body: bytes) -> bytes:
    """What is compressed in a chunk of metadata: a profile or a text. Empty if nothing is."""
    after_keyword = body.partition(b"\x00")[2]
    if name in {b"iCCP", b"zTXt"}:
        return after_keyword[1:]
    if name == b"iTXt" and after_keyword.startswith(_COMPRESSED):
        # Behind two bytes come a language and a translated keyword.
        return after_keyword[2:].split(b"\x00", 2)[-1]
    return b""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every whole chunk as (type, content), which is left empty for the picture itself.

    Raises:
        Rejected: `too-many-parts`.
    """
    position, left = _SIGNATURE, _MOST_CHUNKS
    while position + _AROUND <= len(data):
        end = position + _AROUND + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            return
        name = data[position + 4 : position + 8]
        yield name, b"" if name == b"IDAT" else data[position + 8 : end - 4]
        position, left = end, left - 1
        if not left:
            raise too_many("chunks")
