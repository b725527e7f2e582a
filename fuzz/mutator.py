"""From a number to an input: the same target, seed and number give the same input on every machine."""

import random
from itertools import groupby

from fuzz.edits import EDITS, Stuff
from fuzz.target import Target

_LARGEST = 1 << 20
_HOW_MANY = (0, 1, 1, 1, 1, 2, 2, 3, 4, 8)


class Mutator:
    """Makes the inputs of one campaign for one target.

    Args:
        target: for which.
        seed: of the campaign.
    """

    def __init__(self, target: Target, seed: int) -> None:
        self._name = f"{seed}/{target.name}"
        self._tokens = target.tokens
        ordered = sorted(target.seeds(), key=lambda each: (each.anatomy.name, each.data))
        self._kinds = [list(group) for _, group in groupby(ordered, key=lambda each: each.anatomy.name)]

    def input(self, number: int) -> bytes:
        """The input of a number."""
        dice = random.Random(f"{self._name}/{number}")  # noqa: S311 - it must repeat itself
        # By kind first: there are a hundred times more PNGs than AVIFs about.
        seeds = dice.choice(self._kinds)
        seed, other = dice.choice(seeds), dice.choice(seeds).data
        return edited(dice, seed.data, Stuff(seed.anatomy, other, self._tokens))


def edited(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Some bytes after some edits, or after none; never very many."""
    for _ in range(dice.choice(_HOW_MANY)):
        data = dice.choice(EDITS)(dice, data or b"\0", stuff)[:_LARGEST]
    return data
