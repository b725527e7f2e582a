"""Bytes over quality, read between the measured points."""

from collections.abc import Sequence
from math import exp, log

Point = tuple[float, int]
"""A score, and the bytes of a file that has it."""


def bytes_at(score: float, curve: Sequence[Point]) -> float:
    """The bytes that a curve has at a score: the logarithm of bytes is taken as linear between points.

    Beyond its ends the outermost piece of the curve is drawn out. At least two points, of different scores.
    """
    rising = sorted(curve)
    index = next((i for i, (at, _) in enumerate(rising[1:-1], 1) if at >= score), len(rising) - 1)
    (low, few), (high, many) = rising[index - 1], rising[index]
    share = (score - low) / (high - low)
    return exp(log(few) + share * (log(many) - log(few)))
