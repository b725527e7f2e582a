"""Many random schedules, one for each seed."""

from collections.abc import Iterable
from typing import NamedTuple

from tests.simulation.scenarios import large
from tests.simulation.schedule import Finding
from tests.simulation.wander import shrunk, wander
from tests.simulation.worker import QUEUED, Program, Workshop
from tests.simulation.world import World

_CROWDED = 200_000


class Campaign(NamedTuple):
    """What random schedules came to.

    Attributes:
        schedules: how many were played.
        steps: how many they had together.
        finding: the first one that broke a law, made short.
    """

    schedules: int
    steps: int
    finding: Finding | None


def at_random(seeds: Iterable[int], program: Program = QUEUED) -> Campaign:
    """Play one schedule for each seed until one breaks a law."""
    workshops: dict[tuple[str, ...], Workshop] = {}
    schedules = steps = 0
    for seed in seeds:
        scenario = large(seed)
        workshop = workshops.get(scenario.recipes)
        if workshop is None or workshop.nodes > _CROWDED:  # memory is for what is likely to be met again
            workshop = workshops[scenario.recipes] = Workshop(program, scenario.recipes)
        world = World(scenario, workshop=workshop)
        played = wander(world, seed)
        schedules, steps = schedules + 1, steps + len(played.steps)
        if played.finding:
            return Campaign(schedules, steps, shrunk(world, played.finding))
    return Campaign(schedules, steps, None)
