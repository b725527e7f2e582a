"""A progressive JPEG without the scans that a small rendition cannot show (ITU-T T.81, annex G).

A progressive JPEG sends every coefficient coarsely first and then bit by bit, each time in a scan over the
whole picture. The last bits are most of the file and of the work, and many pixels that become one average
them away. So scans are left out whole, the last ones first. What remains is a progressive JPEG whose last
scans have not come yet, and decoders show such a one without a complaint.

Nothing is decoded here and nothing repaired: a file that is not in plain order stays as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pixmill.geometry import Size

TOLERANCE = (5, 2)
"""The coarsest step that may be left out, as a fraction of how many times smaller the rendition is.

Steps are in the units of quantization tables. An error of up to a step in each coefficient is noise, and
becomes weaker in proportion to the reduction. See docs/decisions/0012-engine-speed.md.
"""

# Where the data of a scan ends: the next marker that is no stuffing, restart or fill byte.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_EOI, _SOF2, _DQT, _SOS = 0xD9, 0xC2, 0xDB, 0xDA
# What may stand anywhere and leaves the scans as they are: Huffman tables, restart intervals, data of
# applications, comments.
_HARMLESS = frozenset((0xC4, 0xDD, *range(0xE0, 0xF0), 0xFE))
_MOST_SEGMENTS = 1000
_COEFFICIENTS, _BLOCK = 64, 8
_SCAN_PARAMETERS = 3

# A reduced picture is made of the lowest coefficients, so that the steps of these few count. And where
# nothing is sent of them at all, libjpeg guesses them from the averages, and blurs those.
_FINEST = 5
# The last coefficient in zigzag order of the lowest n x n, for each n that a shrinking decoder uses.
_LAST = {1: 0, 2: 4, 4: 24}


class _Segment(NamedTuple):
    """A marker, what it announces without its length, and where all of it lies, a scan's data included."""

    marker: int
    content: bytes
    start: int
    end: int


class _Component(NamedTuple):
    across: int
    down: int
    table: int


class _Scan(NamedTuple):
    """Which bits of which coefficients a scan sends (G.1.1.1), and where it is.

    Attributes:
        components: their identifiers; just one, unless it sends averages.
        low: the first coefficient in zigzag order; 0 for the averages.
        high: the last one.
        refines: whether coarser bits were sent before.
        bit: the lowest bit that it sends.
        start: of its header.
        end: of its data.
    """

    components: bytes
    low: int
    high: int
    refines: bool
    bit: int
    start: int
    end: int


class _Script(NamedTuple):
    """How a file sends its picture: the steps of its coefficients, its components, its scans in order."""

    steps: Mapping[int, Sequence[int]]
    components: Mapping[int, _Component]
    scans: Sequence[_Scan]


def trimmed(data: bytes, stored: Size, needed: Size, shrink: int) -> bytes:
    """Leave out the scans that a picture of the needed size cannot show.

    Args:
        data: a JPEG.
        stored: its size in pixels.
        needed: the size of the largest picture that is made from it, turned the same way.
        shrink: how far the decoder reduces it: 1, 2, 4 or 8.

    Returns:
        The file without them; `data` itself if there are none, or if its segments do not follow one another
        up to an end marker.
    """
    script = _script(data)
    if script is None or shrink == 1:
        return data
    # The weaker reduction of the two axes, at which the most is seen.
    across, down = zip(stored, needed, strict=True)
    have, need = min(across, down, key=lambda axis: axis[0] / axis[1])
    numerator, denominator = TOLERANCE
    parts: list[bytes] = []
    position = 0
    for scan in _left_out(script, shrink, have * numerator // (need * denominator)):
        parts.append(data[position : scan.start])
        position = scan.end
    return b"".join((*parts, data[position:])) if parts else data


def _left_out(script: _Script, shrink: int, tolerance: int) -> Sequence[_Scan]:
    """The scans that may go, in their order: nothing that is kept builds upon them."""
    found: list[_Scan] = []
    kept: list[_Scan] = []
    for scan in reversed(script.scans):
        missed = any(_builds_on(later, scan) for later in kept)
        (kept if missed or not _invisible(scan, script, shrink, tolerance) else found).append(scan)
    return found[::-1]


def _builds_on(later: _Scan, scan: _Scan) -> bool:
    return later.components == scan.components and later.low <= scan.high and scan.low <= later.high


def _invisible(scan: _Scan, script: _Script, shrink: int, tolerance: int) -> bool:
    """Whether a scan sends coefficients that the decoder does not use, or bits finer than the tolerance."""
    if scan.low == 0:
        return False
    component = script.components[scan.components[0]]
    used = _last_used(component, script.components, shrink)
    if scan.low > (used if scan.refines else max(used, _FINEST)):
        return True
    steps = script.steps[component.table][scan.low : max(scan.low, min(scan.high, _FINEST)) + 1]
    return scan.refines and max(steps) << (scan.bit + 1) <= tolerance


def _last_used(component: _Component, components: Mapping[int, _Component], shrink: int) -> int:
    """The last coefficient in zigzag order from which a shrinking decoder makes its pixels.

    Subsampled components are shrunk less, so that they need not be enlarged again; here by as little as
    there may be a decoder for.
    """
    across = max(each.across for each in components.values()) // component.across
    down = max(each.down for each in components.values()) // component.down
    return _LAST.get(_BLOCK // shrink * max(across, down), _COEFFICIENTS - 1)


def _script(data: bytes) -> _Script | None:
    """Read how a file sends its picture; None if it is not a progressive JPEG in plain order."""
    steps: dict[int, Sequence[int]] = {}
    components: dict[int, _Component] = {}
    scans: list[_Scan] = []
    for marker, content, start, end in _segments(data):
        if marker == _SOS and components and len(content) > _SCAN_PARAMETERS:
            low, high, bits = content[-_SCAN_PARAMETERS:]
            scans.append(
                _Scan(content[1:-_SCAN_PARAMETERS:2], low, high, bits >> 4 > 0, bits & 0xF, start, end)
            )
        elif marker == _DQT and not scans:
            steps.update(_tables(content))
        elif marker == _SOF2 and not components:
            fields = zip(content[6::3], content[7::3], content[8::3], strict=False)
            components = {name: _Component(size >> 4, size & 0xF, table) for name, size, table in fields}
        elif marker == _EOI:
            script = _Script(steps, components, scans)
            return script if _plain(script) else None
        elif marker not in _HARMLESS:
            return None
    return None


def _plain(script: _Script) -> bool:
    """Whether all that the scans refer to is there, and each sends averages or one band of one component."""
    steps, components, scans = script
    return all(
        min(each.across, each.down) > 0 and len(steps.get(each.table, ())) == _COEFFICIENTS
        for each in components.values()
    ) and all(
        0 < len(scan.components) <= (1 if scan.low else len(components))
        and set(scan.components) <= components.keys()
        and scan.low <= scan.high < _COEFFICIENTS
        for scan in scans
    )


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments, as long as each begins where the one before it ends."""
    start = 2
    for _ in range(_MOST_SEGMENTS):
        marker = data[start + 1] if data[start : start + 1] == b"\xff" and start + 1 < len(data) else 0
        if marker in {0, _EOI}:
            break
        after = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
        end = after
        if marker == _SOS:
            following = _MARKER.search(data, after)
            end = following.start() if following else len(data)
        yield _Segment(marker, data[start + 4 : after], start, end)
        start = end
    if data[start : start + 2] == b"\xff\xd9":
        yield _Segment(_EOI, b"", start, start + 2)


def _tables(content: bytes) -> Iterator[tuple[int, Sequence[int]]]:
    """The quantization tables of a segment, by number, in zigzag order (B.2.4.1)."""
    while content:
        wide = content[0] > 0xF  # noqa: PLR2004 - the precision stands in the upper half
        size = _COEFFICIENTS * (2 if wide else 1)
        values = content[1 : 1 + size]
        steps = (
            [high << 8 | low for high, low in zip(values[::2], values[1::2], strict=False)]
            if wide
            else values
        )
        yield content[0] & 0xF, steps
        content = content[1 + size :]
