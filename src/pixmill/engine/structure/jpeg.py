"""The markers of a JPEG up to its first scan (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pixmill.engine.structure.bounds import too_many
from pixmill.errors import Rejected

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _COM = 0xDA, 0xFE
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# The next marker that begins a segment or ends the file: no stuffing, fill byte, restart or second start.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")

# The processes of T.81 that the decoder gets right: baseline, extended and progressive Huffman, and the
# arithmetic-coded pair. Lossless (C3) would come out as its own top left corner, hierarchical not at all.
_READ = frozenset((0xC0, 0xC1, 0xC2, 0xC9, 0xCA))
_PROGRESSIVE = frozenset((0xC2, 0xCA))
_DEPTH = 8
_BLOCK, _COEFFICIENT = 8, 2
_LEAST_SOS = 10  # bytes of a scan header of one component, marker included
_ENDS_EARLY = "The JPEG ends before its picture begins."
_MOST_SEGMENTS, _MOST_SCANS, _MOST_BETWEEN = 4096, 100, 1 << 20


class Frame(NamedTuple):
    """What the frame header of a JPEG says.

    Attributes:
        progressive: every scan covers the whole picture, so it must be decoded whole.
        coefficients: bytes of all that libjpeg holds until the last scan; 0 if one scan has it all.
        comment: whether a comment stands before it.
        scan: the offset of the first scan's image data.
    """

    progressive: bool
    coefficients: int
    comment: bool
    scan: int


class _Sof(NamedTuple):
    marker: int
    components: int
    coefficients: int


class _Segment(NamedTuple):
    marker: int
    start: int
    end: int


def frame(data: bytes) -> Frame:
    """Read the frame header of a JPEG.

    Raises:
        Rejected: `unsupported-format` for lossless, hierarchical and 12-bit JPEG; `truncated` if the file
            ends in its headers; `corrupt` if no frame comes before the first scan; `too-many-parts`.
    """
    found: _Sof | None = None
    comment = False
    for segment in _segments(data):
        comment |= segment.marker == _COM
        if segment.marker in _SOF:
            found = _sof(data, segment)
        elif segment.marker == _SOS and found:
            if len(data) <= segment.start + 4:
                raise Rejected("truncated", _ENDS_EARLY)
            progressive = found.marker in _PROGRESSIVE
            several = progressive or data[segment.start + 4] < found.components
            if several:
                _count_scans(data, segment.end)
            return Frame(progressive, found.coefficients if several else 0, comment, segment.end)
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
        if segment.marker == _SOS and sequential and len(part) >= _LEAST_SOS:
            part = part[:-3] + b"\x00\x3f\x00"
        parts.append(part)
    header = b"".join(parts)
    return None if data.startswith(header) else header + data[end:]


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments up to and including the first scan's header, resynchronising as decoders do."""
    position = len(_SOI)
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, position, position + _MOST_BETWEEN)
        if found is None and position + _MOST_BETWEEN < len(data):
            raise too_many("bytes between its segments")
        if found is None or found.start() + 4 > len(data):
            raise Rejected("truncated", _ENDS_EARLY)
        position = found.start()
        marker = data[position + 1]
        if marker == _EOI[1]:
            raise Rejected("corrupt", "The JPEG has no picture in it.")
        # A length counts its own two bytes, which decoders have read whatever it says.
        end = position + 2 + max(2, int.from_bytes(data[position + 2 : position + 4], "big"))
        yield _Segment(marker, position, end)
        if marker == _SOS:
            return
        position = end
    raise too_many("segments")


def _count_scans(data: bytes, position: int) -> None:
    """Count the scans after the first: each is a pass over the whole picture, however few bytes it has."""
    scans = 1
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None or data[found.start() + 1] == _EOI[1]:
            return
        scans += data[found.start() + 1] == _SOS
        if scans > _MOST_SCANS:
            raise too_many("scans")
        position = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    raise too_many("segments")


def _sof(data: bytes, segment: _Segment) -> _Sof:
    if len(data) < segment.start + 10:
        raise Rejected("truncated", _ENDS_EARLY)
    precision, components = data[segment.start + 4], data[segment.start + 9]
    if segment.marker not in _READ or precision != _DEPTH:
        kind = f"{precision}-bit" if segment.marker in _READ else "lossless or hierarchical"
        raise Rejected("unsupported-format", f"This is a {kind} JPEG, which Pixmill does not read.")
    return _Sof(segment.marker, components, _coefficients(data[segment.start + 5 : segment.end]))


def _coefficients(frame: bytes) -> int:
    """Bytes of all coefficients of a frame: each component has its own size, in whole blocks (A.1.1)."""
    height, width = (int.from_bytes(frame[at : at + 2], "big") for at in (0, 2))
    factors = [(each >> 4, each & 15) for each in frame[6::3]]
    across, down = (max((each[way] for each in factors), default=0) for way in (0, 1))
    if not (across and down):
        return 0  # libjpeg refuses it
    blocks = sum(
        -(-width * own // (across * _BLOCK)) * -(-height * high // (down * _BLOCK)) for own, high in factors
    )
    return blocks * _BLOCK * _BLOCK * _COEFFICIENT
