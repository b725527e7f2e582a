"""The parsers that read structure by hand: what follows a format's first bytes makes sense or is rejected."""

from contextlib import suppress

from fuzz import seeds
from fuzz.law import hold
from fuzz.target import Target
from fuzz.targets.tokens import PICTURES
from pixmill.engine import structure
from pixmill.engine.formats import sniff
from pixmill.errors import Rejected

# A guided run changes the first bytes more than any: so each parser sees its own before anything.
_STARTS = {
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF\x40\x00\x00\x00WEBP",
    "gif": b"GIF89a",
    "tiff": b"II*\x00",
    "avif": b"\x00\x00\x00\x18ftypavif",
    "heic": b"\x00\x00\x00\x18ftypheic",
    "bmp": b"BM",
    "ico": b"\x00\x00\x01\x00\x01\x00",
}


def one(data: bytes) -> None:
    """Only rejections come out, whichever parser gets it."""
    name = None
    with suppress(Rejected):
        name = sniff(data).name
    if name:
        _parse(data, name)
        return
    for each, start in _STARTS.items():
        _parse(start + data[len(start) :], each)


def _parse(data: bytes, name: str) -> None:
    with suppress(Rejected):
        structure.is_cut(data, name)
    with suppress(Rejected):
        _own(data, name)


def _own(data: bytes, name: str) -> None:
    match name:
        case "jpeg":
            _jpeg(data)
        case "png":
            hold(data.find(structure.png.exif(data)) >= 0, "what is read of a file is in the file")
            structure.png.is_interlaced(data)
        case "gif":
            seen = structure.gif.seen_through(data)
            hold(seen is data or not structure.gif.is_cut(seen), "a file that is seen through is whole")
        case "tiff":
            page = structure.tiff.page(data)
            hold(page.bits in {1, 2, 4, 8, 16} and page.missing >= 0, "samples have 1 to 16 bits")
        case "heic":
            structure.boxes.check(data)
        case "bmp":
            structure.bmp.check(data)
        case "ico":
            picture = structure.icon.largest(data)
            hold(picture.is_png is False or picture.data in data, "what is read of a file is in the file")
            hold(min(picture.size) >= 0 and picture.bits >= 0, "a size is not negative")
        case _:
            pass


def _jpeg(data: bytes) -> None:
    frame = structure.jpeg.frame(data)
    hold(frame.scan > 2, "a scan comes after its header")  # noqa: PLR2004 - the first marker
    mended = structure.jpeg.mended(data)
    if mended is not None:
        again = structure.jpeg.frame(mended)
        hold(again[:3] == frame[:3], "what is mended is the same picture")
        hold(structure.jpeg.mended(mended) is None, "what is mended needs no mending")


TARGET = Target("structure", one, seeds.pictures, PICTURES, share=2)
