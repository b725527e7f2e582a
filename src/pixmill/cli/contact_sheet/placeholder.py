"""A manifest's placeholder as something that a page can show without a request: a tiny PNG in its URL."""

import struct
import zlib
from base64 import b64decode, b64encode

from pixmill.engine.placeholder import decode


def data_url(thumbhash: str) -> str:
    """The picture of a ThumbHash in base64, as a `data:` URL; empty if it is none."""
    try:
        picture = decode(b64decode(thumbhash))
    except ValueError:
        return ""
    png = _png(picture.width, picture.height, picture.rgba)
    return "data:image/png;base64," + b64encode(png).decode()


def _png(width: int, height: int, rgba: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    # Each row begins with the number of its filter; 0 is none.
    rows = b"".join(b"\0" + rgba[row * 4 * width : (row + 1) * 4 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
