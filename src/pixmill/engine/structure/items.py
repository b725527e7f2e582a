"""Where the items and samples of an AVIF are (ISO/IEC 14496-12: 8.7.5, 8.11.3)."""

from collections.abc import Iterator

from pixmill.engine.structure import boxes

_PLACES = frozenset((b"iloc", b"idat", b"stco", b"co64"))
_MOST_PLACES = 1000
_IN_IDAT = 1


def contents(data: bytes) -> Iterator[bytes | memoryview]:
    """The bytes of every item, put together, and what stands where each chunk of a track begins."""
    view = memoryview(data)
    found = [(kind, view[start:end]) for kind, start, end in boxes.every(data) if kind in _PLACES]
    idat = next((body for kind, body in found if kind == b"idat"), view[:0])
    for kind, body in found:
        if kind == b"iloc":
            yield from _items(view, idat, body)
        elif kind in {b"stco", b"co64"}:
            width = 4 if kind == b"stco" else 8
            for place in range(8, min(len(body), 8 + width * _MOST_PLACES), width):
                yield view[int.from_bytes(body[place : place + width], "big") :]


def _items(file: memoryview, idat: memoryview, body: memoryview) -> Iterator[bytes | memoryview]:
    fields = _Fields(body)
    version = fields.take(1)
    fields.take(3)
    sizes, more = fields.take(1), fields.take(1)
    offset_bytes, length_bytes, base_bytes, index_bytes = sizes >> 4, sizes & 15, more >> 4, more & 15
    wide = 4 if version > 1 else 2
    for _ in range(min(fields.take(wide), _MOST_PLACES)):
        fields.take(wide)
        within = idat if version and fields.take(2) & 15 == _IN_IDAT else file
        fields.take(2)
        base = fields.take(base_bytes)
        parts: list[memoryview] = []
        for _ in range(min(fields.take(2), _MOST_PLACES)):
            fields.take(index_bytes if version else 0)
            at, length = base + fields.take(offset_bytes), fields.take(length_bytes)
            parts.append(within[at : at + length] if length else within[at:])
        yield parts[0] if len(parts) == 1 else _together(parts, len(file))


def _together(parts: list[memoryview], most: int) -> bytes:
    """Parts may overlap, so that they are more than the file; no picture is."""
    whole = bytearray()
    for part in parts:
        whole += part[: max(0, most - len(whole))]
    return bytes(whole)


class _Fields:
    """Whole numbers of some bytes, one after the other; zeros after the end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._position = 0

    def take(self, count: int) -> int:
        self._position += count
        return int.from_bytes(self._data[self._position - count : self._position], "big")
