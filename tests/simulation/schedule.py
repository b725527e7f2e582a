"""A schedule in writing: `c s0 0*5 c s0 1*9 x0`. See `tests.simulation.world` for the letters."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple


class Finding(NamedTuple):
    """A schedule that breaks a law.

    Attributes:
        scenario: its name.
        schedule: the steps, in writing.
        problem: what is broken after the last one.
    """

    scenario: str
    schedule: str
    problem: str

    def __str__(self) -> str:
        return f"{self.problem}\nreplay({self.scenario!r}, {self.schedule!r})"


def written(steps: Iterable[str]) -> str:
    """
    >>> written(["c", "s0", "0", "0", "0"])
    'c s0 0*3'
    """
    runs = ((step, len(list(group))) for step, group in groupby(steps))
    return " ".join(step if times == 1 else f"{step}*{times}" for step, times in runs)


def read(schedule: str) -> Iterator[str]:
    """
    >>> list(read("c s0 0*3"))
    ['c', 's0', '0', '0', '0']
    """
    for each in schedule.split():
        step, _, times = each.partition("*")
        yield from [step] * int(times or 1)
