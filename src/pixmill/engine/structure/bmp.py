"""The headers of a BMP."""

import struct

from pixmill.errors import Rejected

_DEPTHS = frozenset((1, 4, 8, 16, 24, 32))
_OLD, _WITH_MASKS = 12, 40
_PLAIN, _RUNS_8, _RUNS_4, _MASKS = range(4)

# The masks that Pillow knows, red, green and blue.
_LAYOUTS = {
    16: {(0xF800, 0x7E0, 0x1F), (0x7C00, 0x3E0, 0x1F)},
    24: {(0xFF0000, 0xFF00, 0xFF)},
    32: {
        (0xFF0000, 0xFF00, 0xFF),
        (0xFF000000, 0xFF0000, 0xFF00),
        (0xFF000000, 0xFF00, 0xFF),
        (0xFF, 0xFF00, 0xFF0000),
        (0, 0, 0),
    },
}


def check(data: bytes) -> None:
    """Refuse what Pillow does not read.

    Raises:
        Rejected: `unsupported-format` for rare depths, compressions and layouts; `truncated`.
    """
    try:
        header = struct.unpack_from("<I", data, 14)[0]
        if header == _OLD:
            depth, compression = struct.unpack_from("<H", data, 24)[0], _PLAIN
        else:
            depth, compression = struct.unpack_from("<HI", data, 28)
        masks = struct.unpack_from("<3I", data, 54) if compression == _MASKS else None
    except struct.error:
        raise Rejected("truncated", "The BMP ends before its header does.") from None
    if (
        depth not in _DEPTHS
        or compression not in {_PLAIN, _RUNS_8, _RUNS_4, _MASKS}
        or _OLD < header < _WITH_MASKS
        or (masks and masks not in _LAYOUTS.get(depth, ()))
    ):
        raise Rejected(
            "unsupported-format",
            f"This BMP has {depth} bits a pixel in a layout or compression ({compression}) that Pixmill "
            "does not read.",
        )


def is_cut(data: bytes) -> bool:
    """Whether the file is shorter than it says."""
    return int.from_bytes(data[2:6], "little") > len(data)
