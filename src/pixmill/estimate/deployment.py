"""What a deployed pipeline is taken to be, and what is assumed of it because it cannot be measured here."""

from fractions import Fraction
from math import ceil
from typing import Literal

import msgspec

Architecture = Literal["arm64", "x86_64"]

WHOLE_CORE_MB = 1769
"""From this much memory on a function has a whole core: "Configure Lambda function memory"."""

_CORES_OF_USE = 1  # one original is rendered at a time, so further cores have nothing to do
_GB_IN_MB = 1024


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline, and what goes through it. The defaults are those of `ImagePipelineArgs`, where it has them.

    Attributes:
        images: how many originals.
        memory_mb: of the function.
        architecture: its processor's.
        batch: how many originals an invocation is given.
        speed: how fast its core is, where this machine's is 1. An assumption.
        latency_ms: how long S3 takes for an answer, in milliseconds. An assumption.
        keep_months: for how long renditions are stored.
        views: how often a rendition of an original is delivered over CloudFront.
    """

    images: int = 1_000_000
    memory_mb: int = WHOLE_CORE_MB
    architecture: Architecture = "arm64"
    batch: int = 10
    speed: Fraction = Fraction(1)
    latency_ms: Fraction = Fraction(30)
    keep_months: Fraction = Fraction(1)
    views: int = 0

    def slowed(self, milliseconds: Fraction) -> Fraction:
        """CPU time of this machine as wall time of the function."""
        return milliseconds / self.speed / min(Fraction(self.memory_mb, WHOLE_CORE_MB), _CORES_OF_USE)


def gb_seconds(invocations: Fraction, milliseconds: int, memory_mb: int) -> Fraction:
    """What Lambda counts for invocations of that length.

    >>> gb_seconds(Fraction(1000), 100, 2048)
    Fraction(200, 1)
    """
    return invocations * Fraction(milliseconds, 1000) * Fraction(memory_mb, _GB_IN_MB)


def billed(milliseconds: Fraction) -> int:
    """Whole milliseconds, rounded up as Lambda does.

    >>> billed(Fraction(401, 4)), billed(Fraction(100))
    (101, 100)
    """
    return ceil(milliseconds)
