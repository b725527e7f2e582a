"""Placeholders: what to show of a picture while it loads. Pure Python, for pictures of a few hundred pixels.

A ThumbHash (the format is Evan Wallace's) holds the lowest frequencies of a picture in 21 to 25 bytes, fewer
if it is far from square: of its luminance L, of yellow against blue P, of red against green Q, and of its
alpha A if it has any. It is one stream of little-endian bit fields:

    L mean 6, P mean 6, Q mean 6, L scale 5, has alpha 1,
    frequencies along the shorter side 3, P scale 6, Q scale 6, landscape 1,
    A mean 4, A scale 4 (with alpha only),
    the terms of L, P, Q and A, 4 each, as fractions of their scale: the upper left triangle, row by row
"""

import math
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add, mul
from typing import NamedTuple

if sys.version_info >= (3, 12):
    from math import sumprod
else:

    def sumprod(p: Iterable[float], q: Iterable[float], /) -> float:
        """The sum of the products of the elements of two sequences."""
        return sum(map(mul, p, q))


SIDE = 24
"""Pixels along the longer side that are enough for both a hash and a dominant colour.

A hash keeps seven frequencies at most; with more pixels it takes longer and says the same.
"""

_MOST = 100
_OPAQUE = 255
_DECODED_SIDE = 32
_COLOUR_FREQUENCIES = 3
_ALPHA_FREQUENCIES = 5
_BOOST = 1.25  # colour is decoded a little stronger, to make up for what its coarse steps lose
_NOISE = 1e-9
"""Terms below this are rounding errors. Without a threshold they would fill the hash of a flat picture."""

_COARSE = bytes(value >> 5 for value in range(256))


class Picture(NamedTuple):
    """A decoded placeholder.

    Attributes:
        width: 1 to 32 pixels.
        height: 1 to 32 pixels.
        rgba: four bytes a pixel, row by row; colours are not multiplied by alpha.
    """

    width: int
    height: int
    rgba: bytes


class _Channel(NamedTuple):
    """Frequencies of one channel: the mean in its own unit, the terms as fractions (-1 to 1) of the scale."""

    mean: float
    scale: float
    terms: Sequence[float]


def thumbhash(width: int, height: int, rgba: bytes) -> bytes:
    """The ThumbHash of a small picture.

    For pictures of at least 7 pixels a side it is byte for byte that of the author's encoder, but for terms
    that are zero in exact arithmetic: there the author stores rounding errors, and this one no difference.

    Args:
        width: 1 to 100 pixels; `SIDE` is enough for the longer side.
        height: 1 to 100 pixels.
        rgba: four bytes a pixel, row by row, upright, in sRGB; colours not multiplied by alpha.

    Raises:
        ValueError: a side is out of range, or `rgba` is not four bytes a pixel.
    """
    if not (1 <= width <= _MOST and 1 <= height <= _MOST and len(rgba) == 4 * width * height):
        raise ValueError(
            f"expected 4 bytes for each of {width}x{height} pixels, sides 1-{_MOST}, got {len(rgba)}"
        )
    colours = [rgba[0::4], rgba[1::4], rgba[2::4]]
    alpha = rgba[3::4]
    has_alpha = min(alpha) < _OPAQUE
    red, green, blue = (_over_mean(colour, alpha) for colour in colours) if has_alpha else colours
    # Whole numbers as long as possible: the sums of a grey picture's P and Q are then exactly 0.
    luminance = list(map(add, map(add, red, green), blue))
    yellow = [light - 3 * b for light, b in zip(luminance, blue, strict=True)]
    crimson = [r - g for r, g in zip(red, green, strict=True)]

    def analysed(plane: Sequence[float], unit: int, across: int, down: int) -> _Channel:
        return _analysed([plane[at : at + width] for at in range(0, len(plane), width)], unit, across, down)

    most = _luminance_frequencies(has_alpha)
    across, down = (_nearest(most * side, max(width, height)) for side in (width, height))
    light = analysed(luminance, 3 * _OPAQUE, max(across, _COLOUR_FREQUENCIES), max(down, _COLOUR_FREQUENCIES))
    p = analysed(yellow, 2 * _OPAQUE, _COLOUR_FREQUENCIES, _COLOUR_FREQUENCIES)
    q = analysed(crimson, _OPAQUE, _COLOUR_FREQUENCIES, _COLOUR_FREQUENCIES)
    channels = [light, p, q]
    fields = [
        (_step(light.mean, 63), 6),
        (_step(0.5 + 0.5 * p.mean, 63), 6),
        (_step(0.5 + 0.5 * q.mean, 63), 6),
        (_step(light.scale, 31), 5),
        (int(has_alpha), 1),
        (max(1, min(across, down)), 3),
        (_step(p.scale, 63), 6),
        (_step(q.scale, 63), 6),
        (int(width > height), 1),
    ]
    if has_alpha:
        a = analysed(alpha, _OPAQUE, _ALPHA_FREQUENCIES, _ALPHA_FREQUENCIES)
        channels.append(a)
        fields += [(_step(a.mean, 15), 4), (_step(a.scale, 15), 4)]
    fields += [(_step(0.5 + 0.5 * term, 15), 4) for channel in channels for term in channel.terms]
    return _packed(fields)


def decode(placeholder: bytes) -> Picture:
    """The picture that a ThumbHash stands for, in 32 pixels along its longer side.

    Raises:
        ValueError: the bytes are not a ThumbHash.
    """
    take = _Fields(placeholder).take
    means = take(6) / 63, take(6) / 31.5 - 1, take(6) / 31.5 - 1
    light_scale, has_alpha = take(5) / 31, take(1) == 1
    shorter, p_scale, q_scale, landscape = take(3), take(6) / 63, take(6) / 63, take(1) == 1
    alpha_mean, alpha_scale = (take(4) / 15, take(4) / 15) if has_alpha else (1, 0)
    longer = _luminance_frequencies(has_alpha)
    if not 1 <= shorter <= longer:
        raise ValueError(f"expected 1-{longer} frequencies along the shorter side, got {shorter}")
    small = _nearest(_DECODED_SIDE * shorter, longer)
    width, height = (_DECODED_SIDE, small) if landscape else (small, _DECODED_SIDE)
    across, down = (longer, shorter) if landscape else (shorter, longer)

    def plane(mean: float, scale: float, across: int, down: int) -> list[float]:
        terms = [take(4) / 7.5 - 1 for _ in _terms(across, down)]
        return _synthesised(_Channel(mean, scale, terms), across, down, width, height)

    light = plane(means[0], light_scale, max(across, _COLOUR_FREQUENCIES), max(down, _COLOUR_FREQUENCIES))
    yellow = plane(means[1], _BOOST * p_scale, _COLOUR_FREQUENCIES, _COLOUR_FREQUENCIES)
    crimson = plane(means[2], _BOOST * q_scale, _COLOUR_FREQUENCIES, _COLOUR_FREQUENCIES)
    alpha = [1.0] * len(light)
    if has_alpha:
        alpha = plane(alpha_mean, alpha_scale, _ALPHA_FREQUENCIES, _ALPHA_FREQUENCIES)
    rgba = bytearray()
    for luminance, p, q, a in zip(light, yellow, crimson, alpha, strict=True):
        blue = luminance - 2 * p / 3
        red = (3 * luminance - blue + q) / 2
        rgba += bytes(_step(min(max(value, 0), 1), _OPAQUE) for value in (red, red - q, blue, a))
    return Picture(width, height, bytes(rgba))


def dominant_colour(rgba: bytes) -> str:
    """The colour that most of a picture shows, as "#rrggbb".

    Colours are counted in 512 coarse groups, weighted by their alpha; the answer is the mean of the largest
    group, so it is a colour of the picture's own. Of equal groups the one met first wins. A picture that is
    transparent everywhere has no colour and gives "#ffffff".

    Args:
        rgba: four bytes a pixel, in any order of pixels; colours not multiplied by alpha.
    """
    planes = [rgba[0::4], rgba[1::4], rgba[2::4]]
    alpha = rgba[3::4]
    groups = list(zip(*(plane.translate(_COARSE) for plane in planes), strict=True))
    weights: dict[tuple[int, ...], int] = {}
    for group, weight in zip(groups, alpha, strict=True):
        weights[group] = weights.get(group, 0) + weight
    if not any(weights.values()):
        return "#ffffff"
    largest = max(weights, key=weights.__getitem__)
    inside = [weight if group == largest else 0 for group, weight in zip(groups, alpha, strict=True)]
    red, green, blue = (_nearest(sum(map(mul, plane, inside)), weights[largest]) for plane in planes)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _over_mean(colour: Sequence[int], alpha: Sequence[int]) -> list[float]:
    """A colour channel laid over its own mean, so that what nobody sees adds no detail."""
    mean = sumprod(colour, alpha) / (sum(alpha) or 1)
    return [mean + (value - mean) * a / _OPAQUE for value, a in zip(colour, alpha, strict=True)]


def _analysed(rows: Sequence[Sequence[float]], unit: int, across: int, down: int) -> _Channel:
    """Cosine transform, the low corner of it only. One axis after the other costs a tenth of both at once."""
    width, height = len(rows[0]), len(rows)
    columns = [[sumprod(row, wave) for row in rows] for wave in _waves(width, across)]
    downwards = _waves(height, down)
    pixels = unit * width * height
    terms = [sumprod(columns[x], downwards[y]) / pixels for x, y in _terms(across, down)]
    scale = max(map(abs, terms))
    if scale < _NOISE:
        # By the format's own rule the terms of a silent channel are stored as 0, which stands for -1.
        return _Channel(sum(columns[0]) / pixels, 0, [-1] * len(terms))
    return _Channel(sum(columns[0]) / pixels, scale, [t / scale if abs(t) > _NOISE else 0 for t in terms])


def _synthesised(channel: _Channel, across: int, down: int, width: int, height: int) -> list[float]:
    columns = list(zip(*_waves(width, across), strict=True))
    plane: list[float] = []
    for heights in zip(*_waves(height, down), strict=True):
        row = [channel.mean, *([0.0] * (across - 1))]
        for (x, y), term in zip(_terms(across, down), channel.terms, strict=True):
            row[x] += 2 * channel.scale * term * heights[y]
        plane += [sumprod(row, column) for column in columns]
    return plane


@lru_cache(64)
def _waves(side: int, count: int) -> list[list[float]]:
    """The first `count` cosine waves along a side, sampled in the middle of each pixel.

    Waves of more than one half-turn a pixel are left silent: sampled, they would pass for slower ones, and
    the hash of a single pixel would be all ripples.
    """
    return [
        [math.cos(math.pi * wave * (pixel + 0.5) / side) if wave < side else 0.0 for pixel in range(side)]
        for wave in range(count)
    ]


@lru_cache(64)
def _terms(across: int, down: int) -> list[tuple[int, int]]:
    """The (x, y) frequencies that are kept, without the mean, in the order of the hash."""
    corner = [(x, y) for y in range(down) for x in range(across) if x * down < across * (down - y)]
    return corner[1:]


def _luminance_frequencies(has_alpha: bool) -> int:  # noqa: FBT001
    return 5 if has_alpha else 7


def _packed(fields: Iterable[tuple[int, int]]) -> bytes:
    stream = length = 0
    for value, bits in fields:
        stream |= value << length
        length += bits
    return stream.to_bytes((length + 7) // 8, "little")


class _Fields:
    """Reads what `_packed` wrote."""

    def __init__(self, packed: bytes) -> None:
        self._stream = int.from_bytes(packed, "little")
        self._left = 8 * len(packed)

    def take(self, bits: int) -> int:
        if bits > self._left:
            raise ValueError("the ThumbHash ends too early")
        value = self._stream & ((1 << bits) - 1)
        self._stream >>= bits
        self._left -= bits
        return value


def _step(fraction: float, steps: int) -> int:
    """0 to 1 as a whole number of steps, halves up."""
    return math.floor(steps * fraction + 0.5)


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
