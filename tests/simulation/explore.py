"""Every schedule of a scenario, by going through every state that any schedule leads to."""

from collections import deque
from typing import NamedTuple

from tests.simulation import laws
from tests.simulation.schedule import Finding, written
from tests.simulation.state import State
from tests.simulation.world import World


class Explored(NamedTuple):
    """What an exploration came to.

    Attributes:
        states: how many different ones there are, up to the finding if there is one.
        schedules: how many schedules lead from the beginning to an end; 0 if they were not all followed.
        finding: a shortest schedule that breaks a law, if one does.
        whole: whether nothing was left out.
    """

    states: int
    schedules: int
    finding: Finding | None
    whole: bool


def explore(world: World, *, most: int = 1_000_000, ends: list[State] | None = None) -> Explored:
    """Follow every schedule, shorter ones first, until one breaks a law.

    Two schedules that lead to the same state have the same future, so it is looked at once. The states thus
    found make a graph; a schedule is a path through it, and paths are counted, not walked. That the graph
    has no cycle is checked as well: it means that every schedule comes to an end.

    Args:
        world: where to look.
        most: give up after this many states.
        ends: takes every state in which a schedule ends.
    """
    beginning = world.scenario.beginning()
    numbers = {beginning.fingerprint: 0}
    came: list[tuple[int, str]] = [(-1, "")]
    ways: list[tuple[int, ...]] = []
    waiting: deque[State] = deque([beginning])
    while waiting:
        state = waiting.popleft()
        if ends is not None and state.finished:
            ends.append(state)
        here = len(ways)
        next_ones: list[int] = []
        for step in world.steps(state):
            then, key = world.after(state, step)
            fingerprint = then.fingerprint
            number = numbers.get(fingerprint)
            if number is None:
                number = numbers[fingerprint] = len(came)
                came.append((here, step))
                waiting.append(then)
                problem = laws.broken(world.scenario, then, key)
                if problem:
                    return Explored(
                        len(came), 0, Finding(world.scenario.name, _path(came, number), problem), whole=False
                    )
            next_ones.append(number)
        ways.append(tuple(next_ones))
        if len(came) > most:
            return Explored(len(came), 0, None, whole=False)
    schedules, stuck = _paths(ways)
    finding = None
    if stuck is not None:
        finding = Finding(
            world.scenario.name, _path(came, stuck), "end: from here it may go round in circles"
        )
    return Explored(len(came), schedules, finding, whole=finding is None)


def _path(came: list[tuple[int, str]], number: int) -> str:
    steps: list[str] = []
    while number:
        number, step = came[number]
        steps.append(step)
    return written(reversed(steps))


def _paths(ways: list[tuple[int, ...]]) -> tuple[int, int | None]:
    """How many paths lead from the first state to one that has no next, and a state on a circle, if any."""
    entries = [0] * len(ways)
    for next_ones in ways:
        for each in next_ones:
            entries[each] += 1
    counts = [0] * len(ways)
    counts[0], ready, total = 1, [0], 0
    while ready:
        here = ready.pop()
        if not ways[here]:
            total += counts[here]
        for each in ways[here]:
            counts[each] += counts[here]
            entries[each] -= 1
            if not entries[each]:
                ready.append(each)
    stuck = next((number for number, left in enumerate(entries) if left), None)
    return total, stuck
