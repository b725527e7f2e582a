"""Workers: the real reconcile, put aside at every storage call.

What a worker does next is a function of its task and of the answers it has had. So a worker is a place in a
graph: each node is a round of calls that wait for their answers, one or several at once, and each answer
leads to another node. A node is found by running the real code from its beginning with the answers so far,
once; from then on it is a look into the graph. That makes a worker as small as a number, and lets a search go
back to any moment without threads.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from tests.simulation import pictures
from tests.simulation.bucket import PENDING, Answer, Bucket, Call, Refusal, Round, Stop, Tape

from pixmill.errors import Failed
from pixmill.keys import manifest_key
from pixmill.reconcile import Together, reconcile
from pixmill.storage import Store

Kind = Literal["event", "again", "sync"]
"""How a worker came to its task: by an event, by one that was delivered before, or by a sync."""


class Task(NamedTuple):
    """One call of reconcile: for which key, told by whom, with which recipe."""

    key: str
    kind: Kind
    recipe: str


Program: TypeAlias = Callable[[Task, Store, Store, Together], object]
"""What a worker runs, given its task, the source, the destination and how to make calls together."""


def as_designed(task: Task, source: Store, destination: Store, together: Together) -> None:
    """A redelivery looks at every object; a sync has listed them, one after the other, some time before."""
    seen = None
    if task.kind == "sync":
        keys = sorted(pictures.keys_of(task.key, tuple(pictures.RECIPES)))
        seen = {meta.key: meta.etag for meta in map(destination.head, keys) if meta}
    reconcile(
        task.key,
        source=source,
        destination=destination,
        recipe=pictures.RECIPES[task.recipe],
        seen=seen,
        verify=task.kind == "again",
        render=pictures.render,
        together=together,
    )


class Node:
    """A worker that waits for answers, or has come to its end.

    Attributes:
        number: one for each node of a program.
        calls: what it waits for, by its place in the round; empty at the end.
        failed: at the end, whether it gave up.
        at_risk: whether it may die here. Between two writes it makes no difference to anybody when a worker
            dies, only when its message comes back, and that may take any time; so it dies right after a write
            that took effect, or before its first call.
    """

    __slots__ = ("_children", "_rounds", "_run", "_size", "_task", "at_risk", "calls", "failed", "number")

    def __init__(self, run: "Workshop", task: Task, rounds: tuple[Round, ...], *, at_risk: bool) -> None:
        self.number = run.count()
        self._run, self._task, self._rounds = run, task, rounds
        self._children: dict[tuple[int, Answer], Node] = {}
        self.calls: dict[int, Call] = {}
        self._size = 0
        self.failed = False
        self.at_risk = at_risk
        tape = Tape(rounds, run.reachable(task.key))
        try:
            run.program(task, Bucket("source", tape), Bucket("destination", tape), tape.together)
        except Stop as stop:
            self.calls, self._size = stop.calls, stop.size
        except Failed:
            self.failed = True

    def answered(self, place: int, answer: Answer) -> "Node":
        """The same worker after one of its calls was answered."""
        child = self._children.get((place, answer))
        if child is None:
            wrote = self.calls[place].writes and not isinstance(answer, Refusal)
            begun = bool(self._rounds) and PENDING in self._rounds[-1]
            *before, last = self._rounds if begun else (*self._rounds, (PENDING,) * self._size)
            last = (*last[:place], answer, *last[place + 1 :])
            child = self._run.node(self._task, (*before, last), at_risk=wrote)
            self._children[place, answer] = child
        return child


class Workshop:
    """Everything that workers of one program have ever been seen to do.

    Args:
        program: what they run.
        recipes: fingerprints of those that their tasks may ask for.
    """

    def __init__(self, program: Program, recipes: tuple[str, ...]) -> None:
        self.program = program
        self._recipes = recipes
        self._nodes: dict[tuple[Task, tuple[Round, ...], bool], Node] = {}
        self.nodes = 0

    def begin(self, task: Task) -> Node:
        """A worker before its first call."""
        return self.node(task, (), at_risk=True)

    def node(self, task: Task, rounds: tuple[Round, ...], *, at_risk: bool) -> Node:
        """A worker that has had these answers; the same one whatever the order in which they came."""
        place = task, rounds, at_risk
        if place not in self._nodes:
            self._nodes[place] = Node(self, task, rounds, at_risk=at_risk)
        return self._nodes[place]

    def count(self) -> int:
        self.nodes += 1
        return self.nodes

    def reachable(self, key: str) -> frozenset[str]:
        return pictures.keys_of(key, self._recipes) | {key, manifest_key(key)}
