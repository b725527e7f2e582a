"""Files that Pillow does not write: made byte by byte, after the formats' specifications."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
"""PNG's colour types."""


def png(
    size: tuple[int, int],
    depth: int,
    kind: int,
    rows: Iterable[Sequence[int]],
    chunks: Mapping[bytes, bytes] | None = None,
) -> bytes:
    """A PNG.

    Args:
        size: in pixels.
        depth: bits of a sample.
        kind: its colour type.
        rows: of samples, whole numbers of `depth` bits.
        chunks: what stands between its header and its picture, such as PLTE and tRNS.
    """
    packed = b"".join(b"\x00" + _packed(row, depth) for row in rows)
    header = struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, 0)
    body = [(b"IHDR", header), *(chunks or {}).items(), (b"IDAT", zlib.compress(packed)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in body)


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_header(
    width: int, height: int, *, depth: int = 8, kind: int = COLOUR, interlaced: bool = False
) -> bytes:
    """A PNG of any size with hardly any data: what it promises, it does not hold."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(64)))
        + chunk(b"IEND", b"")
    )


def tiff(
    tags: Mapping[int, Sequence[int]],
    *strips: bytes,
    order: str = "<",
    big: bool = False,
    tiled: bool = False,
    directory_first: bool = False,
) -> bytes:
    """A TIFF with one directory.

    Args:
        tags: numbers of 16 bits each; where the strips are and how long need not be said.
        strips: or tiles, as they stand in the file.
        order: of bytes, "<" or ">".
        big: whether it is a BigTIFF.
        tiled: whether the strips are tiles.
        directory_first: whether the strips follow the directory, not the other way round.
    """
    data = b"".join(strips)
    data += bytes(len(data) % 2)
    head = 16 if big else 8

    def directory(at: int, start: int) -> bytes:
        starts = [start + sum(map(len, strips[:i])) for i in range(len(strips))]
        fields = {tag: ("H", 3, list(map(int, values))) for tag, values in tags.items()}
        fields[324 if tiled else 273] = ("I", 4, starts)
        fields[325 if tiled else 279] = ("I", 4, [len(part) for part in strips])
        return _directory(fields, at, order, big=big)

    at = head if directory_first else head + len(data)
    start = head + len(directory(at, 0)) if directory_first else head
    parts = (directory(at, start), data) if directory_first else (data, directory(at, start))
    mark = b"II" if order == "<" else b"MM"
    first = struct.pack(order + "HHHQ", 43, 8, 0, at) if big else struct.pack(order + "HI", 42, at)
    return mark + first + b"".join(parts)


def _directory(fields: Mapping[int, tuple[str, int, list[int]]], at: int, order: str, *, big: bool) -> bytes:
    word, inline, entry_bytes = ("Q", 8, 20) if big else ("I", 4, 12)
    values_at = at + (8 if big else 2) + entry_bytes * len(fields) + inline
    entries, values = struct.pack(order + ("Q" if big else "H"), len(fields)), b""
    for tag, (code, kind, numbers) in sorted(fields.items()):
        value = struct.pack(f"{order}{len(numbers)}{code}", *numbers)
        entries += struct.pack(order + "HH" + word, tag, kind, len(numbers))
        if len(value) <= inline:
            entries += value.ljust(inline, b"\x00")
        else:
            entries += struct.pack(order + word, values_at + len(values))
            values += value
    return entries + bytes(inline) + values


def _packed(row: Sequence[int], depth: int) -> bytes:
    if depth == 16:
        return struct.pack(f">{len(row)}H", *row)
    per_byte = 8 // depth
    padded = [*row, *[0] * (-len(row) % per_byte)]
    return bytes(
        sum(value << (8 - depth * (place + 1)) for place, value in enumerate(padded[i : i + per_byte]))
        for i in range(0, len(padded), per_byte)
    )
