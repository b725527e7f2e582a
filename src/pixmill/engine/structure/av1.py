"""The sizes that AV1's own headers have (AV1 bitstream specification, 5.3 to 5.5).

A decoder makes room for what they say. What the container says may be any smaller size: libavif then scales.
"""

from collections.abc import Iterator

_SEQUENCE = 1
_EXTENDED, _SIZED = 0b100, 0b10
_MOST_UNITS = 10_000
_LONGEST_SIZE = 8
_TIERED = 7
_LONGEST_CODE = 32


def pixels(units: bytes | memoryview) -> int:
    """The most pixels of any sequence header among some units; 0 if there is none."""
    return max((_of_sequence(each) for each in _sequences(units)), default=0)


def _sequences(units: bytes | memoryview) -> Iterator[bytes]:
    """The bodies of all sequence headers, as far as the units make sense."""
    position = 0
    for _ in range(_MOST_UNITS):
        if position >= len(units) or units[position] & 0x80:
            return
        head = units[position]
        position += 2 if head & _EXTENDED else 1
        size = len(units) - position
        if head & _SIZED:
            size = 0
            for place, byte in enumerate(units[position : position + _LONGEST_SIZE]):
                size |= (byte & 0x7F) << (7 * place)
                if byte < 0x80:  # noqa: PLR2004 - no more of them (LEB128)
                    position += place + 1
                    break
        if head >> 3 & 15 == _SEQUENCE:
            yield bytes(units[position : position + min(size, 256)])
        position += size


def _of_sequence(body: bytes) -> int:
    bits = _Bits(body)
    bits.take(4)
    if bits.take(1):  # a still picture with a reduced header
        bits.take(5)
    else:
        _skip_timing(bits)
    across, down = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(across) + 1) * (bits.take(down) + 1)


def _skip_timing(bits: "_Bits") -> None:
    """What stands before the size of a picture that moves, or could."""
    delay = 0
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            bits.skip_code()
        if bits.take(1):
            delay = bits.take(5) + 1
            bits.take(42)
    delayed = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > _TIERED:
            bits.take(1)
        if delay and bits.take(1):
            bits.take(2 * delay + 1)
        if delayed and bits.take(1):
            bits.take(4)


class _Bits:
    """Numbers of some bits, one after the other; zeros after the end."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        self._left -= count
        shifted = self._number >> self._left if self._left >= 0 else self._number << -self._left
        return shifted & ((1 << count) - 1)

    def skip_code(self) -> None:
        """A number of variable length (4.10.3)."""
        zeros = 0
        while zeros < _LONGEST_CODE and not self.take(1):
            zeros += 1
        self.take(zeros)
