"""Whether a JPEG is as plain as nearly all of them are (ITU-T T.81, annexes B, C and F).

Who calls libjpeg by hand must know that it will not stop at anything in the headers. So they are read here
by the letter: whatever is unusual, though it may be fine, is answered with no.
"""

_START = b"\xff\xd8"
_DQT, _DHT, _DRI, _SOS = 0xDB, 0xC4, 0xDD, 0xDA
_SEQUENTIAL = frozenset((0xC0, 0xC1))
_HARMLESS = frozenset((*range(0xE0, 0xF0), 0xFE))
_MOST_SEGMENTS = 1000

_DEPTH, _COMPONENTS, _LONGEST_SIDE = 8, 3, 65500  # libjpeg's own limit is the last
# Chroma as fine as luminance, or half as fine across, down, or both ways.
_LUMINANCE, _CHROMINANCE = frozenset((0x11, 0x21, 0x12, 0x22)), 0x11
_COEFFICIENTS, _LENGTHS, _MOST_SYMBOLS, _LARGEST_DIFFERENCE = 64, 16, 256, 15
_AC = 0x10
_WHOLE = b"\x00\x3f\x00"  # all coefficients, all bits

_Component = tuple[int, int]
"""Its identifier and its quantization table."""


def is_plain(data: bytes) -> bool:
    """Whether a JPEG has three components of 8 bits, in one sequential scan, and headers without a slip.

    What follows the scan's header is not looked at: libjpeg warns of what it finds there, and goes on.
    """
    if not data.startswith(_START):
        return False
    quantization: set[int] = set()
    huffman: set[int] = set()
    components: list[_Component] = []
    position = len(_START)
    for _ in range(_MOST_SEGMENTS):
        head = data[position : position + 4]
        end = position + 2 + int.from_bytes(head[2:], "big")
        if len(head) < 4 or head[0] != 0xFF or not position + 4 <= end <= len(data):  # noqa: PLR2004
            return False
        marker, content = head[1], data[position + 4 : end]
        if marker == _SOS:
            return bool(components) and _is_whole_scan(content, components, quantization, huffman)
        if marker == _DQT:
            fine = _takes_quantization(content, quantization)
        elif marker == _DHT:
            fine = _takes_huffman(content, huffman)
        elif marker in _SEQUENTIAL:
            fine = not components and _takes_components(content, components)
        else:
            fine = marker in _HARMLESS or (marker == _DRI and len(content) == 2)  # noqa: PLR2004
        if not fine:
            return False
        position = end
    return False


def _takes_quantization(content: bytes, tables: set[int]) -> bool:
    """Take note of the tables of a segment (B.2.4.1); whether they are well formed and fill it."""
    at = 0
    while at < len(content):
        wide, table = divmod(content[at], 16)
        if wide > 1 or table > 3:  # noqa: PLR2004
            return False
        tables.add(table)
        at += 1 + _COEFFICIENTS * (1 + wide)
    return at == len(content)


def _takes_huffman(content: bytes, tables: set[int]) -> bool:
    """The same for Huffman tables (B.2.4.2)."""
    at = 0
    while at < len(content):
        table, counts = content[at], content[at + 1 : at + 1 + _LENGTHS]
        symbols = content[at + 1 + _LENGTHS : at + 1 + _LENGTHS + sum(counts)]
        if table & ~_AC > 3 or not _are_codes(counts):  # noqa: PLR2004
            return False
        if not table & _AC and max(symbols, default=0) > _LARGEST_DIFFERENCE:
            return False
        tables.add(table)
        at += 1 + _LENGTHS + sum(counts)
    return at == len(content)


def _are_codes(counts: bytes) -> bool:
    """Whether there are so many codes of each length, and one to spare that is all ones (C.2)."""
    code = 0
    for length, count in enumerate(counts, 1):
        code += count
        if code >= 1 << length:
            return False
        code <<= 1
    return len(counts) == _LENGTHS and sum(counts) <= _MOST_SYMBOLS


def _takes_components(content: bytes, components: list[_Component]) -> bool:
    """The same for a frame header (B.2.2)."""
    if len(content) != 6 + 3 * _COMPONENTS or (content[0], content[5]) != (_DEPTH, _COMPONENTS):
        return False
    if not all(1 <= int.from_bytes(content[at : at + 2], "big") <= _LONGEST_SIDE for at in (1, 3)):
        return False
    identifiers, factors, tables = content[6::3], content[7::3], content[8::3]
    components += zip(identifiers, tables, strict=True)
    return (
        len(set(identifiers)) == _COMPONENTS
        and factors[0] in _LUMINANCE
        and all(factor == _CHROMINANCE for factor in factors[1:])
    )


def _is_whole_scan(
    content: bytes, components: list[_Component], quantization: set[int], huffman: set[int]
) -> bool:
    """Whether a scan header (B.2.3) announces all components at once, with tables that there are."""
    if len(content) != 4 + 2 * _COMPONENTS or content[0] != _COMPONENTS:
        return False
    identifiers, tables = content[1:-3:2], content[2:-3:2]
    return (
        content[-3:] == _WHOLE
        and identifiers == bytes(identifier for identifier, _ in components)
        and all(table in quantization for _, table in components)
        and all({table >> 4, _AC | table & 15} <= huffman for table in tables)
    )
