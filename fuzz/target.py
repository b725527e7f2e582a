"""What a target is."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from fuzz.anatomy import Anatomy


class Seed(NamedTuple):
    """One input to start from.

    Attributes:
        data: its bytes.
        anatomy: how to take it apart; seeds of the same are crossed with each other.
    """

    data: bytes
    anatomy: Anatomy


class Target(NamedTuple):
    """One entrance for foreign bytes.

    Attributes:
        name: as on the command line.
        one: gives it one input. It returns, or raises what is a finding.
        seeds: inputs to start from.
        tokens: words that mean something to it.
        share: of a campaign's time, beside those of the others.
        is_guided: whether it is plain Python, whose coverage can lead the way.
    """

    name: str
    one: Callable[[bytes], None]
    seeds: Callable[[], Sequence[Seed]]
    tokens: Sequence[bytes] = ()
    share: int = 1
    is_guided: bool = True
