"""The markers of a JPEG up to its first scan (ITU-T T.81, annex B)."""

from collections.abc import Iterator
from typing import NamedTuple

from pixmill.errors import Rejected

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _COM = 0xDA, 0xFE
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset((0x00, 0x01, *range(0xD0, 0xD9)))

# The processes of T.81 that the decoder gets right: baseline, extended and progressive Huffman, and the
# arithmetic-coded pair. Lossless (C3) would come out as its own top left corner, hierarchical not at all.
_READ = frozenset((0xC0, 0xC1, 0xC2, 0xC9, 0xCA))
_PROGRESSIVE = frozenset((0xC2, 0xCA))
_DEPTH = 8


class Frame(NamedTuple):
    """What the frame header of a JPEG says.

    Attributes:
        progressive: every scan covers the whole picture, so it must be decoded whole.
        components: 1 grey, 3 colour, 4 CMYK or YCCK.
        comment: whether a comment stands before it.
        scan: the offset of the first scan's image data.
    """

    progressive: bool
    components: int
    comment: bool
    scan: int


class _Segment(NamedTuple):
    marker: int
    start: int
    end: int


def frame(data: bytes) -> Frame:
    """Read the frame header of a JPEG.

    Raises:
        Rejected: `unsupported-format` for lossless, hierarchical and 12-bit JPEG; `truncated` if the file
            ends in its headers; `corrupt` if no frame comes before the first scan.
    """
    found: tuple[int, int] | None = None
    comment = False
    for segment in _segments(data):
        comment |= segment.marker == _COM
        if segment.marker in _SOF:
            found = _sof(data, segment)
        elif segment.marker == _SOS and found:
            return Frame(found[0] in _PROGRESSIVE, found[1], comment, segment.end)
    raise Rejected("corrupt", "The JPEG has a scan but no frame header.")


def is_cut(data: bytes) -> bool:
    """Whether no end marker follows the first scan."""
    return data.rfind(_EOI, frame(data).scan) < 0


def mended(data: bytes) -> bytes | None:
    """The same picture without the slips in its headers that decoders warn of and every viewer ignores.

    These are bytes between two segments, and scan parameters that mean nothing in a sequential JPEG
    (Samsung's cameras write zeros there).

    Returns:
        The whole file anew; None if there was nothing to mend.
    """
    sequential = not frame(data).progressive
    parts, end = [_SOI], len(_SOI)
    for segment in _segments(data):
        part, end = data[segment.start : segment.end], segment.end
        if segment.marker == _SOS and sequential:
            part = part[:-3] + b"\x00\x3f\x00"
        parts.append(part)
    header = b"".join(parts)
    return None if data.startswith(header) else header + data[end:]


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments up to and including the first scan's header, resynchronising as decoders do."""
    position = len(_SOI)
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 4 > len(data):
            raise Rejected("truncated", "The JPEG ends before its picture begins.")
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:  # noqa: PLR2004 - a fill byte
            position += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if marker == _EOI[1]:
            raise Rejected("corrupt", "The JPEG has no picture in it.")
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        yield _Segment(marker, position, end)
        if marker == _SOS:
            return
        position = end


def _sof(data: bytes, segment: _Segment) -> tuple[int, int]:
    if len(data) < segment.start + 10:
        raise Rejected("truncated", "The JPEG ends before its picture begins.")
    precision, components = data[segment.start + 4], data[segment.start + 9]
    if segment.marker not in _READ or precision != _DEPTH:
        kind = f"{precision}-bit" if segment.marker in _READ else "lossless or hierarchical"
        raise Rejected("unsupported-format", f"This is a {kind} JPEG, which Pixmill does not read.")
    return segment.marker, components
