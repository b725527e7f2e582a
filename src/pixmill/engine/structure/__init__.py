"""What a file's own bytes say about its structure, read without decoding anything.

Three questions that libvips does not answer: which variant of its format a file is (a lossless JPEG and
some TIFFs decode to wrong pictures without an error), whether the file ends before its structure does, and
whether what a decoder warns of is a slip that every viewer puts right.
"""

from collections.abc import Callable

from pixmill.engine.structure import bmp, boxes, gif, icon, jpeg, png, riff, tiff

_CUT: dict[str, Callable[[bytes], bool]] = {
    "jpeg": jpeg.is_cut,
    "png": png.is_cut,
    "webp": riff.is_cut,
    "gif": gif.is_cut,
    "tiff": tiff.is_cut,
    "avif": boxes.is_cut,
    "heic": boxes.is_cut,
    "bmp": bmp.is_cut,
    "ico": icon.is_cut,
}


def is_cut(data: bytes, name: str) -> bool:
    """Whether a file of the named format ends before its own structure says it does."""
    return _CUT[name](data)


__all__ = ["bmp", "boxes", "gif", "icon", "is_cut", "jpeg", "png", "riff", "tiff"]
