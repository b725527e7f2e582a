"""Bombs in PNG, JPEG, GIF, BMP and ICO, made when they are needed."""

import struct
import zlib

from tests.engine.files import GREY, chunk, png

_END_OF_HEADER = 33
_ZEROS = 256 << 20
_DOT = b"\x2c" + bytes(4) + b"\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"


def png_of_zeros(side: int) -> bytes:
    """A square PNG of 4-bit grey that is all there: unlike a mere header, it would be decoded to its end."""
    header = struct.pack(">IIBBBBB", side, side, 4, GREY, 0, 0, 0)
    picture = _deflated(bytes(1 + side // 2), side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", picture) + chunk(b"IEND", b"")


def png_with_profile(unpacked: int = _ZEROS) -> bytes:
    """A PNG whose ICC profile is a zip bomb. Its first bytes say that it is as long as it is."""
    start = struct.pack(">I4sI4s4s4s12x4s", unpacked, b"lcms", 0x04000000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return _speck({b"iCCP": b"bomb\x00\x00" + _deflated(bytes(1 << 20), unpacked >> 20, start)})


def png_with_text(kind: bytes, unpacked: int = _ZEROS) -> bytes:
    """A PNG whose compressed text is a zip bomb."""
    head = {b"zTXt": b"Comment\x00\x00", b"iTXt": b"XML:com.adobe.xmp\x00\x01\x00\x00\x00"}[kind]
    return _speck({kind: head + _deflated(bytes(1 << 20), unpacked >> 20)})


def png_with_texts(number: int) -> bytes:
    """A PNG with ever so many short texts."""
    texts = b"".join(chunk(b"tEXt", b"k%d\x00v" % each) for each in range(1000))
    return _with_chunks(texts * (number // 1000))


def png_with_nothing(number: int) -> bytes:
    """A PNG whose picture is in pieces of no bytes."""
    return _with_chunks(chunk(b"IDAT", b"") * number)


def jpeg(width: int, height: int, *, marker: int = 0xC0) -> bytes:
    """A JPEG of any size that ends after the first bytes of its first scan."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes.fromhex("011100 021100 031100")
    scan = bytes.fromhex("03 0100 0200 0300 000000")
    return b"\xff\xd8" + b"".join(
        _segment(*each)
        for each in (
            (0xDB, b"\x00" + b"\x10" * 64),
            (marker, frame),
            (0xC4, b"\x00" + bytes((0, 1, *[0] * 14)) + b"\x00"),
            (0xC4, b"\x10" + bytes((0, 1, *[0] * 14)) + b"\x00"),
            (0xDA, scan),
        )
    ) + bytes(99) + b"\xff\xd9"  # fmt: skip


def jpeg_with_scans(number: int) -> bytes:
    """A progressive JPEG of many scans, each of which is a pass over the whole picture."""
    data = jpeg(4000, 4000, marker=0xC2)
    scan = data.index(b"\xff\xda")
    one = _segment(0xDA, b"\x03\x01\x00\x02\x00\x03\x00\x00\x00\x00") + bytes(9)
    return data[:scan] + one * number + b"\xff\xd9"


def jpeg_with_segments(segment: bytes, number: int) -> bytes:
    """A JPEG with ever so many segments, or bytes between them, before its picture."""
    data = jpeg(8, 8)
    return data[:2] + segment * number + data[2:]


def gif(blocks: bytes, width: int = 1, height: int = 1) -> bytes:
    """A GIF of these blocks, after a screen of that size."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + blocks + b";"


def gif_frames(number: int, width: int = 1, height: int = 1) -> bytes:
    """A GIF of many frames of one pixel, on a screen of a size."""
    return gif((b"\x21\xf9\x04\x00\x0a\x00\x00\x00" + _DOT) * number, width, height)


def gif_stretched() -> bytes:
    """A GIF whose screen is one pixel, and whose frame lies far outside."""
    return gif(b"\x2c" + struct.pack("<HHHHB", 60000, 60000, 5000, 5000, 0) + b"\x02\x02\x44\x01\x00")


def gif_crumbs(size: int) -> bytes:
    """A GIF whose data is in pieces of one byte."""
    return gif(_DOT[:11] + b"\x01\x00" * (size // 2) + b"\x00")


def bmp(width: int, height: int, *, runs: bool = True) -> bytes:
    """A BMP of runs: each pair of bytes is up to 255 pixels."""
    data = b"\x00\x01" if runs else bytes(99)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, runs, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 1024 + len(data), 0, 0, 54 + 1024) + header + bytes(1024) + data


def ico(entries: int, picture: bytes) -> bytes:
    """An icon whose directory leads to one picture again and again."""
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(picture), 6 + 16 * entries)
    return struct.pack("<HHH", 0, 1, entries) + entry * entries + picture


def ico_of_bitmaps(entries: int, side: int, size: int) -> bytes:
    """An icon with many entries for one bitmap of a side, of which so many bytes are there."""
    header = struct.pack("<IiiHHIIiiII", 40, side, 2 * side, 1, 32, 0, 0, 0, 0, 0, 0)
    return ico(entries, header + bytes(size))


def _speck(chunks: dict[bytes, bytes] | None = None) -> bytes:
    return png((2, 2), 8, GREY, [[0, 0]] * 2, chunks)


def _with_chunks(chunks: bytes) -> bytes:
    """A PNG with more chunks behind its header."""
    whole = _speck()
    return whole[:_END_OF_HEADER] + chunks + whole[_END_OF_HEADER:]


def _deflated(block: bytes, times: int, start: bytes = b"") -> bytes:
    """Many times the same, compressed without ever being held unpacked."""
    packer = zlib.compressobj(9)
    return packer.compress(start) + b"".join(packer.compress(block) for _ in range(times)) + packer.flush()


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
