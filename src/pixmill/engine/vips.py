"""libvips, made safe before anybody uses it: the one place that imports pyvips.

Every loader is blocked but the few that the engine names, and those are given bytes in memory, never a file
name: with libvips' own defaults a text file called `x.jpg` loads as a matrix, and an SVG may read other
files. The operation cache is off, since no two originals are alike and it would only hold memory.

Setting `VIPS_CONCURRENCY=1` and `MALLOC_ARENA_MAX=1` before Python starts saves threads and memory; the
worker processes do so. Here it would be too late for the second.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal, cast

import pyvips

from pixmill.engine import loaders, structure
from pixmill.errors import Rejected

__all__ = [
    "INT",
    "INTS",
    "Image",
    "Undecodable",
    "VipsError",
    "bare",
    "blob",
    "call",
    "decoding",
    "fields",
    "hold",
    "load",
    "pixels",
    "rgb",
    "versions",
]

Image = pyvips.Image
VipsError = pyvips.Error
INT, INTS = pyvips.GValue.gint_type, pyvips.GValue.array_int_type


class Undecodable(Exception):  # noqa: N818 - a state of the file, translated before anybody sees it
    """A decoder other than libvips could not make sense of a file."""


_SMALL = 1 << 20  # pixels

_FIELDS = (
    "exif-data",
    "icc-profile-data",
    "iptc-data",
    "n-pages",
    "orientation",
    "page-height",
    "xmp-data",
)

pyvips.cache_set_max(0)
loaders.shut()

# What libvips warns of is in the rejection, or of no interest: Python would print it on every terminal.
logging.getLogger("pyvips").setLevel(logging.ERROR)


def _hear_no_chatter() -> None:
    """Take from libvips only what is serious: it tells of each step, and pyvips calls Python for every word.

    The threads of libvips would have to wait for the interpreter several times a picture.
    """
    binding = cast("Any", pyvips)
    levels = binding.GLogLevelFlags
    serious = levels.LEVEL_ERROR | levels.LEVEL_CRITICAL | levels.LEVEL_WARNING | levels.LEVEL_MESSAGE
    flags = serious | levels.FLAG_FATAL | levels.FLAG_RECURSION
    # In the place of pyvips' own handler, so that pyvips still removes it when Python ends.
    binding._remove_log_handler()  # noqa: SLF001
    handler = binding.glib_lib.g_log_set_handler(b"VIPS", flags, binding._log_handler_cb, binding.ffi.NULL)  # noqa: SLF001
    binding._log_handler_id = handler  # noqa: SLF001


def _bear_any_words() -> None:
    """Take what libvips says of an error for text, whatever it is: it may repeat bytes of the file.

    pyvips would raise an error of Python's instead, and leave the words for whoever asks next.
    """

    def text(words: Any) -> str:  # noqa: ANN401 - a pointer of C's
        return "" if words == binding.ffi.NULL else binding.ffi.string(words).decode("utf-8", "replace")

    binding = cast("Any", pyvips)
    binding.error._to_string = text  # noqa: SLF001


_hear_no_chatter()
_bear_any_words()


def call(operation: str, *arguments: object, **options: object) -> Any:  # noqa: ANN401 - libvips decides
    """Run a libvips operation by name."""
    return pyvips.Operation.call(operation, *arguments, **options)


def pixels(image: "pyvips.Image") -> memoryview:
    """The pixels, row by row."""
    if image.width * image.height > _SMALL:
        return memoryview(image.write_to_memory())
    # In this thread: to wake another one takes longer. But it holds everything twice.
    return memoryview(pyvips.Region.new(image).fetch(0, 0, image.width, image.height))


def bare(image: "pyvips.Image") -> "pyvips.Image":
    """The same 8-bit pixels without any metadata."""
    raw = image.write_to_memory()
    copy = Image.new_from_memory(raw, image.width, image.height, image.bands, "uchar")
    return copy.copy(interpretation=image.interpretation)


def rgb(pixels: bytearray, width: int, height: int) -> "pyvips.Image":
    """An image of 8-bit sRGB in memory, which it shares."""
    image = Image.new_from_memory(pixels, width, height, 3, "uchar")
    hold(image, pixels)
    return image.copy(interpretation="srgb")


def fields(image: "pyvips.Image") -> set[str]:
    """The names of an image's metadata; of an image with a name that is no text, those that matter to us."""
    try:
        return set(image.get_fields())
    except UnicodeDecodeError:
        return {name for name in _FIELDS if image.get_typeof(name)}


def load(data: bytes, name: str, **options: float | str) -> "pyvips.Image":
    """Open bytes with the one loader for a format; pixels are decoded only when they are asked for.

    The bytes are not copied.
    """
    source = pyvips.Source.new_from_memory(data)
    image = cast("pyvips.Image", call(loaders.BY_FORMAT[name], source, **options))
    hold(image, source)  # as pyvips' own new_from_source does
    return image


def hold(image: "pyvips.Image", owner: object) -> None:
    """Keep the owner of the memory that an image reads for as long as it, or what is made from it, lives."""
    cast("Any", image)._references.append(owner)  # noqa: SLF001


def blob(image: "pyvips.Image", field: str, data: bytes) -> None:
    """Give an image a metadata field of bytes."""
    image.set_type(pyvips.GValue.blob_type, field, cast("Any", data))  # the stubs forget blobs


@contextmanager
def decoding(data: bytes, name: str) -> Generator[None]:
    """Whatever a decoder says inside this block is the original's fault.

    The messages of libvips and libheif are for people, may be empty, and change; the place where they are
    raised says all that is needed. Memory errors stay what they are: those are ours.

    Raises:
        Rejected: `truncated` if the file ends before its structure does, else `corrupt`.
    """
    try:
        yield
    except (VipsError, Undecodable) as error:
        raise _fault_of(data, name, error) from error


def _fault_of(data: bytes, name: str, error: Exception) -> Rejected:
    """The rejection that a decoder's error amounts to."""
    # Decoders repeat what stands in the file, and a log is no place for control characters.
    printable = "".join(letter if letter.isprintable() else " " for letter in str(error))
    detail = " ".join(printable.split())[:200]
    code: Literal["truncated", "corrupt"] = "truncated" if structure.is_cut(data, name) else "corrupt"
    meaning = {
        "truncated": "The file ends before its picture does",
        "corrupt": f"The file begins like {name.upper()}, but cannot be decoded",
    }[code]
    return Rejected(code, f"{meaning}: {detail}" if detail else f"{meaning}.")


def versions() -> dict[str, str]:
    """The version of libvips."""
    return {"libvips": ".".join(str(pyvips.version(part)) for part in range(3))}
