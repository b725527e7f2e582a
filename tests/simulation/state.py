"""The world of the simulation at one moment, and where it starts from."""

from typing import NamedTuple

from tests.simulation.bucket import Contents
from tests.simulation.worker import Node, Task


class Change(NamedTuple):
    """Something that happens to the source: an upload or an overwrite, or a delete if there are no bytes."""

    key: str
    data: bytes | None


class Trouble(NamedTuple):
    """How often each of these may still happen."""

    crashes: int = 0
    repeats: int = 0
    copies: int = 0
    losses: int = 0
    syncs: int = 0
    clocks: int = 0
    overlaps: int = 0


class Worker(NamedTuple):
    """A worker at work.

    Attributes:
        name: its number, in order of starting.
        task: what it is about.
        node: where it is in it.
        wrote: whether any of its writes took effect.
        owed: whether its message comes back if it dies.
        believes: whether it has read a manifest and goes by it.
    """

    name: int
    task: Task
    node: Node
    wrote: bool = False
    owed: bool = True
    believes: bool = False

    @property
    def looks(self) -> bool:
        """Whether it looks at every object before it leaves the manifest that stands, or comes again."""
        return self.task.looks and not self.believes


class Away(NamedTuple):
    """A message that comes again when some workers, by name, have ended."""

    task: Task
    awaited: frozenset[int]


class State(NamedTuple):
    """The world at one moment.

    Attributes:
        source: what is there.
        destination: likewise.
        todo: the changes to come.
        queue: the messages that may be taken.
        workers: who is at work.
        trouble: what may still go wrong.
        started: how many workers ever were.
        away: the messages that are hidden.
        witnesses: the workers who were at work already when their key's manifest was written.
    """

    source: Contents
    destination: Contents
    todo: tuple[Change, ...]
    queue: tuple[Task, ...]
    workers: tuple[Worker, ...]
    trouble: Trouble
    started: int = 0
    away: tuple[Away, ...] = ()
    witnesses: frozenset[int] = frozenset()

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Equal for states from which the same can happen."""
        alike = {
            each.name: (
                each.node.number,
                each.wrote,
                each.owed,
                each.believes,
                each.task.overwritten,
                each.name in self.witnesses,
            )
            for each in self.workers
        }
        hidden = sorted((task, sorted(alike[name] for name in awaited)) for task, awaited in self.away)
        return (
            frozenset(self.source.items()),
            frozenset(self.destination.items()),
            len(self.todo),
            self.queue,
            tuple(sorted((*alike[name], self._awaiting(name)) for name in alike)),
            tuple((task, tuple(awaited)) for task, awaited in hidden),
            self.trouble,
        )

    def _awaiting(self, name: int) -> tuple[Task, ...]:
        """What waits for a worker to end: it tells apart two that are otherwise alike."""
        return tuple(sorted(task for task, awaited in self.away if name in awaited))

    @property
    def finished(self) -> bool:
        """Whether everything has happened: no change to come, the queue drained, nobody at work."""
        return not (self.todo or self.queue or self.workers or self.away)


class Scenario(NamedTuple):
    """What a simulation starts from.

    Attributes:
        name: what it is called in a printed schedule.
        changes: what happens to the source, in this order, at any time.
        recipes: fingerprints: any worker may have any of them; the last one is to prevail.
        trouble: how often things go wrong.
        workers: how many are at work at once, at most.
        source: what is there at the beginning.
        destination: likewise.
        before: fingerprints of recipes that no worker has any more.
    """

    name: str
    changes: tuple[Change, ...]
    recipes: tuple[str, ...]
    trouble: Trouble = Trouble()
    workers: int = 2
    source: tuple[tuple[str, bytes], ...] = ()
    destination: tuple[tuple[str, bytes], ...] = ()
    before: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """The keys that something happens to."""
        return sorted({change.key for change in self.changes})

    def beginning(self) -> State:
        return State(dict(self.source), dict(self.destination), self.changes, (), (), self.trouble)
