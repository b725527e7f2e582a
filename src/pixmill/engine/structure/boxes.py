"""The boxes of an AVIF or HEIC (ISO/IEC 14496-12, 4.2; items: 8.11)."""

from collections.abc import Iterator

from pixmill.engine.structure.bounds import too_many
from pixmill.errors import Rejected
from pixmill.recipe.limits import MOST_FRAMES

_HEADER, _FLAGS = 8, 4
_NEEDED = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"moof"))
_HOLDING = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"meta", b"iprp", b"ipco"))
_SAMPLES = frozenset((b"stsz", b"stz2"))
_MOST_BOXES, _MOST_PIXELS = 100_000, 1 << 28


def check(data: bytes) -> None:
    """Refuse what ends a decoder's process, and what has it reserve memory for what is not there.

    Items whose types are no text: libheif hands them on, and pi-heif ends the process on them. Sequences of
    millions of frames: libheif makes a table of them that a file of 700 bytes promises.

    Raises:
        Rejected: `corrupt`, `too-many-frames`, `too-many-pixels` or `too-many-parts`.
    """
    for kind, start, end in every(data):
        match kind:
            case b"meta":
                if any(not _is_text(item) for item in _items(data, start + _FLAGS, end)):
                    raise Rejected("corrupt", "The file lists an item of a type that is none.")
            case b"ispe":
                _check_size(_word(data, start + 4), _word(data, start + 8))
            case _ if kind in _SAMPLES and _word(data, start + 8) > MOST_FRAMES:
                raise Rejected("too-many-frames", f"The animation has more than {MOST_FRAMES:,} frames.")
            case _:
                pass


def is_cut(data: bytes) -> bool:
    """Whether a top-level box that a picture needs ends beyond the end of the file."""
    return any(kind in _NEEDED and end > len(data) for kind, _, end in _boxes(data, 0, len(data)))


def every(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Every box, and those inside of what only holds others, as (type, start of its body, its end).

    Raises:
        Rejected: `too-many-parts`.
    """
    inner = [_boxes(data, 0, len(data))]
    for _ in range(_MOST_BOXES):
        box = next(inner[-1], None)
        if box is None:
            inner.pop()
            if not inner:
                return
            continue
        yield box
        kind, start, end = box
        if kind in _HOLDING:
            inner.append(_boxes(data, start + _FLAGS * (kind == b"meta"), min(end, len(data))))
    raise too_many("boxes")


def _check_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise Rejected(
            "too-many-pixels",
            f"The picture is {width} x {height} pixels; no decoder here reads more than {_MOST_PIXELS:,}.",
            hint="Upload a smaller picture.",
        )


def _items(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """Type, name and content type of every item in the body of a `meta` box."""
    for kind, list_start, list_end in _boxes(data, start, end):
        if kind == b"iinf":
            wide = data[list_start : list_start + 1] != b"\x00"
            for _, item, item_end in _boxes(data, list_start + (8 if wide else 6), list_end):
                version = data[item : item + 1]
                yield data[item + (10 if version == b"\x03" else 8) : item_end]


def _is_text(item: bytes) -> bool:
    try:
        item.decode()
    except UnicodeDecodeError:
        return False
    return True


def _boxes(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Every box between two offsets as (type, start of its body, its end)."""
    for _ in range(_MOST_BOXES):
        if position + _HEADER > end:
            return
        size, body = _word(data, position), position + _HEADER
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        if size == 0:
            size = end - position
        if size < _HEADER:
            return
        yield data[position + 4 : position + 8], body, position + size
        position += size
    raise too_many("boxes")


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
