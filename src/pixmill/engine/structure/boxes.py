"""The boxes of an AVIF or HEIC (ISO/IEC 14496-12, 4.2)."""

_HEADER = 8


def is_cut(data: bytes) -> bool:
    """Whether the last top-level box ends beyond the end of the file."""
    position = 0
    while position + _HEADER <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size == 0:
            return False
        if size < _HEADER:
            break
        position += size
    return position > len(data)
