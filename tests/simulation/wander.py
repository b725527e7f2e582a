"""One schedule at random, the same one played again, and a failing one made shorter."""

from collections.abc import Iterable
from random import Random

from tests.simulation import laws, scenarios
from tests.simulation.schedule import Finding, read, written
from tests.simulation.worker import QUEUED, Program
from tests.simulation.world import World, parted

_LONGEST = 20_000


class Played:
    """A schedule that is being played: the steps so far, where they led to, and what they broke."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state = world.scenario.beginning()
        self.steps: list[str] = []
        self.problem: str | None = None

    def play(self, step: str) -> None:
        self.state, key = self.world.after(self.state, step)
        self.steps.append(step)
        self.problem = laws.broken(self.world.scenario, self.state, key)
        if len(self.steps) > _LONGEST:
            self.problem = "end: it goes on for ever"

    @property
    def over(self) -> bool:
        return self.problem is not None or self.state.finished

    @property
    def finding(self) -> Finding | None:
        if self.problem is None:
            return None
        return Finding(self.world.scenario.name, written(self.steps), self.problem)


def wander(world: World, seed: int) -> Played:
    """A schedule by dice. Some dice let a worker go on for long, some change at every call."""
    dice = Random(seed)  # noqa: S311 - it is for repeating, not for secrets
    steady = dice.choice((0.0, 0.5, 0.8, 0.9))
    trouble = dice.choice((0.02, 0.1, 0.3))
    eager = dice.choice((0.01, 0.04, 0.2))
    played, last = Played(world), ""
    while not played.over:
        steps = world.steps(played.state)
        same = [step for step in steps if last and step[0].isdigit() and parted(step)[1] == parted(last)[1]]
        if same and dice.random() < steady:
            played.play(dice.choice(same))
            continue
        wild = [step for step in steps if step[0] in "xrdlnyz"]
        sober = [step for step in steps if step[0] not in "xrdlnyz"]
        if wild and (not sober or dice.random() < trouble):
            played.play(dice.choice(wild))
        elif "c" in sober and (len(sober) == 1 or dice.random() < eager):
            played.play("c")
        else:
            step = dice.choice([step for step in sober if step != "c"])
            last = step if step[0].isdigit() else ""
            played.play(step)
    return played


def replay(name: str, schedule: str, program: Program = QUEUED) -> str | None:
    """Play a printed schedule again and say what it breaks, or None.

    Raises:
        ValueError: the schedule cannot be followed: it belongs to another state of the code.
    """
    scenario = scenarios.named(name)
    played = Played(World(scenario, program))
    for step in read(schedule):
        if step not in played.world.steps(played.state):
            raise ValueError(f"{step} cannot happen after {written(played.steps)!r}")
        played.play(step)
        if played.problem:
            return played.problem
    return None


def shrunk(world: World, finding: Finding) -> Finding:
    """A shorter schedule that breaks the same law, by leaving out what it can do without."""
    law = finding.problem.partition(":")[0]
    steps = list(read(finding.schedule))
    for worker in reversed(range(sum(step[0] == "s" for step in steps))):
        shorter = _followed(world, _without(steps, worker))
        found = shorter.finding
        if found and found.problem.startswith(law + ":") and len(shorter.steps) < len(steps):
            steps, finding = shorter.steps, found
    size = len(steps) // 2
    while size:
        place = 0
        while place < len(steps):
            shorter = _followed(world, steps[:place] + steps[place + size :])
            found = shorter.finding
            if found and found.problem.startswith(law + ":") and len(shorter.steps) < len(steps):
                steps, finding = shorter.steps, found
            else:
                place += size
        size //= 2
    return finding


def _without(steps: list[str], worker: int) -> list[str]:
    """The same steps as if a worker had never started; those after it get the numbers before theirs."""
    left: list[str] = []
    started = 0
    for step in steps:
        letter, number, which = parted(step)
        if letter == "s":
            if started != worker:
                left.append(step)
            started += 1
        elif letter in {"c", "d", "l", "n"}:
            left.append(step)
        elif number != worker:
            left.append(f"{letter}{number - (number > worker)}{which}")
    return left


def _followed(world: World, steps: Iterable[str]) -> Played:
    """What comes of steps of which some can no longer happen: those are left out. Then all comes to rest."""
    played = Played(world)
    for step in steps:
        if not played.over and step in world.steps(played.state):
            played.play(step)
    while not played.over:
        possible = world.steps(played.state)
        played.play(next((step for step in possible if step[0].isdigit()), None) or min(possible, key=_calm))
    return played


def _calm(step: str) -> tuple[int, str]:
    return "sc".find(step[0]) % 9, step
