"""What a file's own bytes say about its structure, read without decoding anything.

Four questions that libvips does not answer: which variant of its format a file is (a lossless JPEG and
some TIFFs decode to wrong pictures without an error), whether it has more parts than any picture needs,
whether it ends before its structure does, and whether what a decoder warns of is a slip that every viewer
puts right.
"""

from collections.abc import Callable

from pixmill.engine.structure import av1, baseline, bmp, boxes, gif, icon, items, jpeg, png, riff, tiff

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


__all__ = ["av1", "baseline", "bmp", "boxes", "gif", "icon", "is_cut", "items", "jpeg", "png", "riff", "tiff"]
