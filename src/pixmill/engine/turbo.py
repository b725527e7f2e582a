"""libjpeg-turbo without libvips between: plain JPEGs, which nearly all uploads are, take less time so.

The library is the one that Pillow's wheel brings for its own use, called by hand. It gives the same pixels as
libvips does, and whatever is not plain sailing is left to libvips after all, down to a warning in the middle
of the picture: what is rejected, and why, is decided in one place only.

libjpeg leaves what it cannot go on with by a long jump out of its callers. Python has none to offer, but a
thread that never comes back does as well, and so pictures are decoded in threads of their own. Headers are
read by the letter before (`structure.baseline`), so that libjpeg has nothing to jump at but a lack of memory.
Should a thread get stuck all the same, libvips decodes that picture and all that come after it.
"""

import os
import threading
import time
from array import array
from collections.abc import Callable
from ctypes import (
    CDLL,
    CFUNCTYPE,
    Structure,
    addressof,
    c_char,
    c_char_p,
    c_double,
    c_int,
    c_long,
    c_size_t,
    c_uint,
    c_ulong,
    c_void_p,
    cast,
    sizeof,
)
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, NoReturn

from pixmill.engine import structure, vips
from pixmill.geometry import Size

_BANDS = 3
# Bytes of pixels from which on libvips, which reads row by row, saves more memory than this saves time.
_MOST = 16 << 20

_ABI, _LP64 = 62, 8
_YCBCR = 3
_POINTER = "Q"
_FOREVER = 86400.0


class _Errors(Structure):
    """`jpeg_error_mgr`: what is done about errors, what about warnings, and how many there were."""

    _fields_ = (
        ("error_exit", c_void_p),
        ("_emit_message", c_void_p),
        ("output_message", c_void_p),
        ("_format_message", c_void_p),
        ("_reset_error_mgr", c_void_p),
        ("_message", c_int),
        ("_parameters", c_char * 80),
        ("_trace_level", c_int),
        ("num_warnings", c_long),
        ("_rest", c_char * 32),
    )


class _Jpeg(Structure):
    """`jpeg_decompress_struct` as libjpeg 6.2 had it, and libjpeg-turbo has it still."""

    _fields_ = (
        ("err", c_void_p),
        ("_common", c_char * 32),
        ("_src", c_void_p),
        ("image_width", c_uint),
        ("image_height", c_uint),
        ("num_components", c_int),
        ("jpeg_color_space", c_int),
        ("_out_color_space", c_int),
        ("scale_num", c_uint),
        ("scale_denom", c_uint),
        ("_output_gamma", c_double),
        ("_parameters", c_int * 12),
        ("output_width", c_uint),
        ("output_height", c_uint),
        ("_out_color_components", c_int),
        ("output_components", c_int),
        ("_rest", c_char * 480),
    )


_Handler = CFUNCTYPE(None, c_void_p)

_PROTOTYPES = {
    "jpeg_std_error": (c_void_p, (c_void_p,)),
    "jpeg_CreateDecompress": (None, (c_void_p, c_int, c_size_t)),
    "jpeg_mem_src": (None, (c_void_p, c_char_p, c_ulong)),
    "jpeg_read_header": (c_int, (c_void_p, c_int)),
    "jpeg_start_decompress": (c_int, (c_void_p,)),
    "jpeg_read_scanlines": (c_uint, (c_void_p, c_void_p, c_uint)),
    "jpeg_destroy_decompress": (None, (c_void_p,)),
}


def pixels(data: bytes, stored: Size, shrink: int) -> vips.Image | None:
    """Decode a plain JPEG.

    Args:
        data: the file.
        stored: its width and height.
        shrink: 1, 2, 4 or 8, and no more than the shorter side: by what both are divided. As with libvips,
            the parts of pixels that are left over at the far ends are left out.

    Returns:
        8-bit sRGB in memory, the same that libvips would give; None if it is for libvips to decode.
    """
    size = Size(*(-(-side // shrink) for side in stored))
    stride = size.width * _BANDS
    if _library is None or is_stuck() or stride * size.height > _MOST:
        return None
    if not structure.baseline.is_plain(data):
        return None
    buffer = bytearray(stride * size.height)
    if not _done(_library, _Job(data, stored, shrink, size, buffer)):
        return None
    image = vips.Image.new_from_memory(buffer, size.width, size.height, _BANDS, "uchar")
    vips.hold(image, buffer)
    image = image.copy(interpretation="srgb")
    whole = Size(*(side // shrink for side in stored))
    return image if whole == size else image.crop(0, 0, *whole)


def is_stuck() -> bool:
    """Whether libjpeg met something, in this process, that it could not go on with."""
    return _Decoder.stuck


class _Job(NamedTuple):
    """A picture to decode, and where to: here both live on for the thread when its caller waits no more."""

    data: bytes
    stored: Size
    shrink: int
    size: Size
    buffer: bytearray


_Answers = SimpleQueue[bool | Exception]


class _Decoder:
    """A thread that decodes one picture after another, until it gets stuck."""

    stuck = False
    idle: "list[_Decoder]" = []  # noqa: RUF012 - one for all
    here = threading.local()

    def __init__(self, library: CDLL) -> None:
        self._library = library
        self._jobs: SimpleQueue[tuple[_Job, _Answers]] = SimpleQueue()
        self._answers: _Answers = SimpleQueue()
        threading.Thread(target=self._run, name="pixmill-jpeg", daemon=True).start()

    def done(self, job: _Job) -> bool:
        """Wait until a job is done; whether it was."""
        answers: _Answers = SimpleQueue()
        self._jobs.put((job, answers))
        answer = answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def give_up(self) -> NoReturn:
        """Leave libjpeg where it is. To be called by it."""
        _Decoder.stuck = True
        self._answers.put(False)  # noqa: FBT003
        while True:
            time.sleep(_FOREVER)

    def _run(self) -> None:
        self.here.decoder = self
        while True:
            job, self._answers = self._jobs.get()
            try:
                answer = _is_decoded(self._library, job)
            except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
                answer = error
            del job  # it would be held until the next one comes
            self._answers.put(answer)


def _done(library: CDLL, job: _Job) -> bool:
    """Have a decoder do a job: an idle one, or else a new one; whether it was done."""
    try:
        decoder = _Decoder.idle.pop()
    except IndexError:
        try:
            decoder = _Decoder(library)
        except RuntimeError:
            return False  # there is no thread to be had, and libvips has errors of its own for that
    done = decoder.done(job)
    if not is_stuck():
        _Decoder.idle.append(decoder)
    return done


def _is_decoded(library: CDLL, job: _Job) -> bool:
    """Decode a picture; whether all of it is there, and nothing about it was strange."""
    errors, jpeg = _Errors(), _Jpeg()
    this = addressof(jpeg)
    jpeg.err = library.jpeg_std_error(addressof(errors))
    errors.error_exit, errors.output_message = _address(_give_up), _address(_say_nothing)
    library.jpeg_CreateDecompress(this, _ABI, sizeof(jpeg))
    try:
        library.jpeg_mem_src(this, job.data, len(job.data))
        library.jpeg_read_header(this, True)  # noqa: FBT003 - the C API's own signature
        # That these are what they have to be also says that `_Jpeg` is laid out as the library has it.
        found = jpeg.image_width, jpeg.image_height, jpeg.num_components, jpeg.jpeg_color_space
        if found != (*job.stored, _BANDS, _YCBCR):
            return False
        jpeg.scale_num, jpeg.scale_denom = 1, job.shrink
        library.jpeg_start_decompress(this)
        if (jpeg.output_width, jpeg.output_height, jpeg.output_components) != (*job.size, _BANDS):
            return False
        return _are_read(library.jpeg_read_scanlines, this, job, errors)
    finally:
        library.jpeg_destroy_decompress(this)


def _are_read(read: Callable[[int, int, int], int], jpeg: int, job: _Job, errors: _Errors) -> bool:
    """Read all rows; whether there was nothing to warn of."""
    stride, height = job.size.width * _BANDS, job.size.height
    start = addressof(c_char.from_buffer(job.buffer))
    rows = array(_POINTER, range(start, start + stride * height, stride))
    first, _ = rows.buffer_info()
    row = 0
    while row < height and not errors.num_warnings:
        got = read(jpeg, first + row * rows.itemsize, height - row)
        if not got:
            return False
        row += got
    return not errors.num_warnings


@_Handler
def _give_up(_jpeg: int) -> None:
    _Decoder.here.decoder.give_up()


@_Handler
def _say_nothing(_jpeg: int) -> None:
    """Warnings are counted, and told by libvips."""


def _address(handler: object) -> int | None:
    return cast(handler, c_void_p).value  # pyright: ignore[reportArgumentType]


def _loaded() -> CDLL | None:
    """The libjpeg-turbo of Pillow's wheel; None where Pillow came otherwise, or has it for another ABI."""
    pillow = find_spec("PIL")
    if pillow is None or pillow.origin is None or {sizeof(c_void_p), sizeof(c_long)} != {_LP64}:
        return None
    folder = Path(pillow.origin).parent
    names = [*folder.parent.glob("pillow.libs/libjpeg-*.so.62.*"), *folder.glob(".dylibs/libjpeg.62.*")]
    if len(names) != 1:
        return None
    library = CDLL(str(names[0]))
    for name, (result, arguments) in _PROTOTYPES.items():
        function = library[name]
        function.restype, function.argtypes = result, arguments
        setattr(library, name, function)
    return library


# At once: a confined process can open nothing more by the time its first picture comes.
_library = _loaded()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Decoder.idle.clear)  # threads stay behind
