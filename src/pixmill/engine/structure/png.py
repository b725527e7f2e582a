"""The chunks of a PNG (PNG specification, third edition, section 5)."""

from collections.abc import Iterator

_INTERLACE = 28
_SIGNATURE = 8
_AROUND = 12


def is_interlaced(data: bytes) -> bool:
    """Whether a PNG is Adam7 interlaced, so that it must be decoded whole."""
    return data[_INTERLACE : _INTERLACE + 1] == b"\x01"


def is_cut(data: bytes) -> bool:
    """Whether the chunks end without the one that says so."""
    return all(name != b"IEND" for name, _ in _chunks(data))


def exif(data: bytes) -> bytes:
    """Its EXIF block, empty if it has none. It may stand behind the picture, where libvips does not look."""
    return next((body for name, body in _chunks(data) if name == b"eXIf"), b"")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every whole chunk as (type, content), which is left empty for the picture itself."""
    position = _SIGNATURE
    while position + _AROUND <= len(data):
        end = position + _AROUND + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            return
        name = data[position + 4 : position + 8]
        yield name, b"" if name == b"IDAT" else data[position + 8 : end - 4]
        position = end
