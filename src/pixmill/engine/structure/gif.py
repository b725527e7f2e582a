"""The blocks of a GIF (GIF89a, section 13 and following)."""

_HEADER = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def is_cut(data: bytes) -> bool:
    """Whether the file ends within a block. A trailer is not missed: many writers forget it."""
    try:
        position = _HEADER + _table(data[10])
        while position < len(data):
            kind = data[position]
            if kind == _EXTENSION:
                position += 2
            elif kind == _IMAGE:
                position += 11 + _table(data[position + 9])
            else:  # the trailer, or something that no decoder reads on after
                return False
            while size := data[position]:
                position += size + 1
            position += 1
    except IndexError:
        return True
    return position > len(data)


def _table(flags: int) -> int:
    """The bytes of a colour table by the flags that announce it."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
