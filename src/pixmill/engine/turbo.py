"""libjpeg-turbo without libvips between: plain JPEGs, which nearly all uploads are, take less time so.

The library is the one that Pillow's wheel brings for its own use, called by hand. As they are stored,
pictures have the same pixels as with libvips; reduced on the way, nearly so (decision 14). Whatever is not
plain sailing is left to libvips after all, down to a warning in the middle of the picture: what is rejected,
and why, is decided in one place only.

libjpeg leaves what it cannot go on with by a long jump out of its callers. Python has none to offer, but a
thread that never comes back does as well, and so pictures are decoded in threads of their own. Headers are
read by the letter before (`structure.baseline`), so that libjpeg has nothing to jump at but a lack of memory.
Should a thread get stuck all the same, libvips decodes that picture and all that come after it.
"""

import os
import threading
import time
from array import array
from ctypes import CDLL, addressof, c_char, sizeof
from fractions import Fraction
from math import ceil
from queue import SimpleQueue
from typing import NamedTuple, NoReturn

from pixmill.engine import lanczos, libjpeg, structure, vips
from pixmill.engine.libjpeg import Component, Errors, Jpeg
from pixmill.geometry import Size

_BANDS = 3
# Bytes of pixels from which on libvips, which reads row by row, saves more memory than this saves time.
_MOST = 16 << 20

_BLOCK = 8
_POINTER = "Q"
_FOREVER = 86400.0


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
    size = _shrunk(stored, shrink)
    if size.width * size.height * _BANDS > _MOST:
        return None
    image = _image(data, stored, shrink, None)
    whole = Size(*(side // shrink for side in stored))
    return image if image is None or whole == size else image.crop(0, 0, *whole)


def reduced(data: bytes, stored: Size, shrink: int, result: Size) -> vips.Image | None:
    """Decode a plain JPEG and reduce it by Lanczos3 at once, in little more memory than the result takes.

    Args:
        data: the file.
        stored: its width and height.
        shrink: 1, 2, 4 or 8: what the decoder does of the reduction.
        result: the size that is wanted.

    Returns:
        8-bit sRGB in memory; None if that is for others to do.
    """
    if not lanczos.serves(_shrunk(stored, shrink), result):
        return None
    return _image(data, stored, shrink, result)


def is_stuck() -> bool:
    """Whether libjpeg met something, in this process, that it could not go on with."""
    return _Decoder.stuck


class _Job(NamedTuple):
    """A picture to decode, and where to: here both live on for the thread when its caller waits no more.

    Attributes:
        data: the file.
        stored: its width and height.
        shrink: by what the decoder divides them.
        result: what to reduce it to then, if so.
        buffer: takes the pixels.
    """

    data: bytes
    stored: Size
    shrink: int
    result: Size | None
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


def _shrunk(stored: Size, shrink: int) -> Size:
    """What libjpeg gives: parts of pixels at the far ends are whole ones."""
    return Size(*(-(-side // shrink) for side in stored))


def _image(data: bytes, stored: Size, shrink: int, result: Size | None) -> vips.Image | None:
    library = libjpeg.LIBRARY
    if library is None or is_stuck() or not structure.baseline.is_plain(data):
        return None
    size = result or _shrunk(stored, shrink)
    buffer = bytearray(size.width * size.height * _BANDS)
    if not _done(library, _Job(data, stored, shrink, result, buffer)):
        return None
    return vips.rgb(buffer, size.width, size.height)


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
    errors, jpeg = Errors(), Jpeg()
    this = addressof(jpeg)
    jpeg.err = library.jpeg_std_error(addressof(errors))
    errors.error_exit, errors.output_message = libjpeg.address(_give_up), libjpeg.address(_say_nothing)
    library.jpeg_CreateDecompress(this, libjpeg.ABI, sizeof(jpeg))
    try:
        library.jpeg_mem_src(this, job.data, len(job.data))
        library.jpeg_read_header(this, True)  # noqa: FBT003 - the C API's own signature
        # That these are what they have to be also says that `Jpeg` is laid out as the library has it.
        found = jpeg.image_width, jpeg.image_height, jpeg.num_components, jpeg.jpeg_color_space
        if found != (*job.stored, _BANDS, libjpeg.YCBCR):
            return False
        jpeg.scale_num, jpeg.scale_denom = 1, job.shrink
        jpeg.raw_data_out = job.result is not None
        library.jpeg_start_decompress(this)
        size = _shrunk(job.stored, job.shrink)
        if (jpeg.output_width, jpeg.output_height, jpeg.output_components) != (*size, _BANDS):
            return False
        read = _are_read if job.result is None else _are_reduced
        return read(library, jpeg, errors, job)
    finally:
        library.jpeg_destroy_decompress(this)


def _are_read(library: CDLL, jpeg: Jpeg, errors: Errors, job: _Job) -> bool:
    """Read all rows; whether there was nothing to warn of."""
    stride, height = jpeg.output_width * _BANDS, jpeg.output_height
    start = addressof(c_char.from_buffer(job.buffer))
    rows = array(_POINTER, range(start, start + stride * height, stride))
    first, _ = rows.buffer_info()
    row = 0
    while row < height and not errors.num_warnings:
        got = library.jpeg_read_scanlines(addressof(jpeg), first + row * rows.itemsize, height - row)
        if not got:
            return False
        row += got
    return not errors.num_warnings


def _are_reduced(library: CDLL, jpeg: Jpeg, errors: Errors, job: _Job) -> bool:
    """Read luminance and chroma as they are, and reduce them on the way; the same."""
    assert job.result is not None  # noqa: S101 - for the types: that is why this was called
    components = (Component * _BANDS).from_address(jpeg.comp_info)
    parts = [_part(component, components[0], job.stored, job.result) for component in components]
    known = [part for part in parts if part is not None]
    source = lanczos.Raw(
        libjpeg.address(library.jpeg_read_raw_data),
        addressof(jpeg),
        addressof(errors) + Errors.num_warnings.offset,
    )
    return known == parts and lanczos.is_reduced(source, known, job.result, job.buffer)


def _part(component: Component, luminance: Component, stored: Size, result: Size) -> lanczos.Part | None:
    """How a component comes; None if `Component` is not laid out as the library has it."""
    # Of plain JPEGs luminance has the most samples on both axes (T.81, A.1.1).
    across = Fraction(component.h_samp_factor * component.dct_scaled_size, luminance.h_samp_factor * _BLOCK)
    down = Fraction(component.v_samp_factor * component.dct_scaled_size, luminance.v_samp_factor * _BLOCK)
    width, height = stored.width * across, stored.height * down
    room = component.width_in_blocks * component.dct_scaled_size
    if (component.downsampled_width, component.downsampled_height) != (ceil(width), ceil(height)):
        return None
    if room < width:
        return None
    return lanczos.Part(
        width=ceil(width),
        height=ceil(height),
        rows=component.v_samp_factor * component.dct_scaled_size,
        room=room,
        across=width / result.width,
        down=height / result.height,
    )


@libjpeg.Handler
def _give_up(_jpeg: int) -> None:
    _Decoder.here.decoder.give_up()


@libjpeg.Handler
def _say_nothing(_jpeg: int) -> None:
    """Warnings are counted, and told by libvips."""


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Decoder.idle.clear)  # threads stay behind
