"""Lanczos3 in C, for the two ways that nearly all pixels take: JPEG to RGB, and RGB to less RGB.

libvips does the rest, and all of it where there is no library for the processor. The library is compiled with
the package (`hatch_build.py`); it holds no state, and writes nowhere but into the memory that it is given.
"""

import os
import sys
from collections.abc import Callable, Sequence
from ctypes import CDLL, Structure, addressof, c_char, c_double, c_int, c_int32, c_size_t, c_void_p, sizeof
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pixmill.geometry import Size

MOST = 12
"""By how much a picture can be reduced at most on each axis; beyond, averaging first costs less."""

_BANDS, _LP64 = 3, 8
# Of scratch: far more than a photo needs, and what a strip of 65,500 pixels' width may not take.
_MOST_BYTES = 16 << 20


class Part(Structure):
    """A component of a JPEG as libjpeg gives it raw, `struct part` in C.

    Attributes:
        width: samples of a row.
        height: rows.
        rows: how many of them each call gives.
        room: how many samples libjpeg may write of a row, at least `width`.
        across: samples for each pixel of the result.
        down: rows for each row of it.
    """

    _fields_ = (
        ("width", c_int32),
        ("height", c_int32),
        ("rows", c_int32),
        ("room", c_int32),
        ("across", c_double),
        ("down", c_double),
    )


class Raw(NamedTuple):
    """Addresses of what libjpeg gives raw data by.

    Attributes:
        reader: `jpeg_read_raw_data`.
        jpeg: its first argument.
        warnings: libjpeg's count of them.
    """

    reader: int
    jpeg: int
    warnings: int


_SIZES = (c_int32, c_int32)
_PROTOTYPES = {
    "pixmill_reduce_rgb": (c_void_p, *_SIZES, *_SIZES, c_void_p, c_void_p, c_int),
    "pixmill_reduce_jpeg": (c_void_p, c_void_p, c_void_p, c_void_p, *_SIZES, c_void_p, c_void_p),
}


def serves(size: Size, result: Size) -> bool:
    """Whether there is a library, and it reduces pictures of one size to the other."""
    reductions = [have / want for have, want in zip(size, result, strict=True)]
    return _library is not None and min(reductions) >= 1 and 1 < max(reductions) <= MOST


def reduced(pixels: memoryview, size: Size, result: Size, *, plainly: bool = False) -> bytearray | None:
    """Reduce 8-bit RGB, row by row and without gaps.

    Args:
        pixels: writable, though nothing is written.
        size: theirs.
        result: the size that is wanted.
        plainly: use nothing that not all processors of the kind have.

    Returns:
        RGB in the same order; None if it would take too much memory.
    """
    source = (c_char * len(pixels)).from_buffer(pixels)
    if len(source) != size.width * size.height * _BANDS:
        raise ValueError(len(source), size)
    made = bytearray(result.width * result.height * _BANDS)
    reduce = partial(_found().pixmill_reduce_rgb, addressof(source), *size, *result, _address(made))
    return made if _is_made(lambda scratch: reduce(scratch, plainly)) else None


def is_reduced(source: Raw, parts: Sequence[Part], size: Size, made: bytearray) -> bool:
    """Reduce a JPEG while libjpeg decodes it.

    Args:
        source: where its raw data comes from.
        parts: luminance and both chroma, in this order.
        size: of the result.
        made: takes its RGB.

    Returns:
        Whether all of it came, without a warning.
    """
    told = (Part * len(parts))(*parts)
    reduce = partial(_found().pixmill_reduce_jpeg, *source, addressof(told), *size, _address(made))
    return _is_made(reduce)


def _is_made(reduce: Callable[[int | None], int]) -> bool:
    """Call the library twice: for what scratch it needs, and with it."""
    needed = reduce(None)
    if not 0 < needed <= _MOST_BYTES:
        return False
    scratch = bytearray(needed)
    return bool(reduce(_address(scratch)))


def _address(buffer: bytearray) -> int:
    return addressof(c_char.from_buffer(buffer))


def _found() -> CDLL:
    if _library is None:
        raise LookupError("there is no library for this processor")
    return _library


def _loaded() -> CDLL | None:
    """The library for this processor; None where there is none, or the source tree was never built."""
    if sys.platform != "linux" or sizeof(c_void_p) != _LP64:  # the kernel may be of more bits than we are
        return None
    path = Path(__file__).with_name("lib") / f"{os.uname().machine}.so"
    if not path.is_file():
        return None
    library = CDLL(str(path))
    for name, arguments in _PROTOTYPES.items():
        function = library[name]
        function.restype, function.argtypes = c_size_t, arguments
        setattr(library, name, function)
    return library


# At once: a confined process can open nothing more by the time its first picture comes.
_library = _loaded()
