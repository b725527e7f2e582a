"""Bombs in TIFF, WebP, AVIF and HEIC, made when they are needed."""

import struct
import zlib

from tests.engine.files import tiff
from tests.engine.pictures import encoded, scene

_DEFLATE, _RGB = 8, 2
_DOT = {256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 1}


def tiff_strip(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A TIFF of zeros in one deflated strip: a decoder has to unpack all of it to have one row."""
    packer = zlib.compressobj(1)
    row = bytes(3 * width)
    strip = b"".join(packer.compress(row) for _ in range(rows or height)) + packer.flush()
    return tiff(_tags(width, height, rows or height), strip)


def tiff_promise(width: int, height: int, *, tile: int = 0) -> bytes:
    """A TIFF of a size with hardly any data, in a strip or in tiles of a side."""
    tiles = {322: [tile], 323: [tile]} if tile else {}
    return tiff({**_tags(width, height, height), **tiles}, zlib.compress(bytes(999)), tiled=bool(tile))


def tiff_fields(count: int, size: int) -> bytes:
    """A TIFF whose directory has many fields that all lie over the same bytes."""
    at = 8 + size
    fields = b"".join(struct.pack("<HHII", 700 + each, 1, size, 8) for each in range(count))
    whole = struct.pack("<H", count) + fields + bytes(4)
    return b"II*\x00" + struct.pack("<I", at) + bytes(size) + whole


def tiff_strips(number: int) -> bytes:
    """A TIFF that lists millions of strips for a picture of eight rows."""
    lists = bytes(4 * number)
    body = _entries({**_DOT, 256: 8, 257: 8}, {273: (number, 8), 279: (number, 8)})
    return b"II*\x00" + struct.pack("<I", 8 + len(lists)) + lists + body + bytes(4)


def tiff_pages(number: int, *, loop: bool = False) -> bytes:
    """A TIFF of many pages, all of one pixel; the last may be followed by the first."""
    body = _entries(_DOT)
    size = len(body) + 4
    following = [9 + size * (each + 1) for each in range(number - 1)] + [9 if loop else 0]
    return (
        b"II*\x00"
        + struct.pack("<I", 9)
        + b"\x00"
        + b"".join(body + struct.pack("<I", at) for at in following)
    )


def webp(width: int, height: int, frames: int) -> bytes:
    """An animated WebP: a canvas of a size, and frames of one pixel."""
    still = encoded(scene(1, 1), "webp")
    picture = still[12:]
    frame = _chunk(b"ANMF", bytes(12) + b"\x01\x00\x00" + b"\x00" + picture)
    canvas = b"\x02\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + _chunk(b"VP8X", canvas) + _chunk(b"ANIM", bytes(6)) + frame * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def of_size(name: str, width: int, height: int) -> bytes:
    """An AVIF or HEIC whose property says another size than its picture has."""
    data = bytearray(encoded(scene(64, 64), name))
    at = data.index(b"ispe")
    struct.pack_into(">II", data, at + 8, width, height)
    return bytes(data)


def avif_within(side: int) -> bytes:
    """An AVIF that says 64 x 64, with a sequence header inside that says much more."""
    data = encoded(scene(64, 64), "avif")
    start = data.index(b"mdat") + 4
    delimiter, mark, size = data[start : start + 2], data[start + 2], data[start + 3]
    assert (delimiter, mark) == (b"\x12\x00", 0x0A)
    body = data[start + 4 : start + 4 + size]
    bits = f"{int.from_bytes(body, 'big'):0{8 * size}b}"
    # Profile, still, reduced and level; how many bits the sides have; the sides; the rest as it is.
    number = (side - 1).bit_length()
    bits = bits[:10] + 2 * f"{number - 1:04b}" + 2 * f"{side - 1:0{number}b}" + bits[10 + 8 + 2 * 6 :]
    bits += "0" * (-len(bits) % 8)
    longer = int(bits, 2).to_bytes(len(bits) // 8, "big")
    more, item = len(longer) - size, len(data) - start
    head = data[: start - 8].replace(struct.pack(">I", item), struct.pack(">I", item + more))
    picture = delimiter + bytes((mark, len(longer))) + longer + data[start + 4 + size :]
    return head + struct.pack(">I", len(picture) + 8) + b"mdat" + picture


def sequence(brand: bytes, samples: int) -> bytes:
    """A sequence whose table says of millions of frames that they are all of one size."""
    table = _box(
        b"stbl",
        _box(b"stts", bytes(4), struct.pack(">III", 1, samples, 1)),
        _box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, samples, 1)),
        _box(b"stsz", bytes(4), struct.pack(">II", 1, samples)),
        _box(b"stco", bytes(4), struct.pack(">II", 1, 40)),
    )
    handler = _box(b"hdlr", bytes(8), b"pict", bytes(13))
    header = _box(b"mdhd", bytes(12), struct.pack(">IIHH", 1000, 1000, 0, 0))
    media = _box(b"mdia", header, handler, _box(b"minf", _box(b"vmhd", bytes(12)), table))
    place = struct.pack(">I", 1) + bytes(60) + struct.pack(">II", 8 << 16, 8 << 16)
    track = _box(b"trak", _box(b"tkhd", bytes(12), place), media)
    whole = _box(b"mvhd", bytes(12), struct.pack(">II", 1000, 1000), bytes(76), struct.pack(">I", 2))
    start = _box(b"ftyp", brand, bytes(4), brand, b"msf1", b"miaf", b"iso8")
    return start + _box(b"moov", whole, track) + _box(b"mdat", bytes(99))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _entries(values: dict[int, int], lists: dict[int, tuple[int, int]] | None = None) -> bytes:
    """A directory of fields with one number each, or with many numbers (how many, and where)."""
    fields = {**{tag: (1, value) for tag, value in values.items()}, **(lists or {})}
    return struct.pack("<H", len(fields)) + b"".join(
        struct.pack("<HHII", tag, 4, *fields[tag]) for tag in sorted(fields)
    )


def _tags(width: int, height: int, rows: int) -> dict[int, list[int]]:
    return {
        256: [width],
        257: [height],
        258: [8, 8, 8],
        259: [_DEFLATE],
        262: [_RGB],
        277: [3],
        278: [min(rows, 65535)],
    }


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
