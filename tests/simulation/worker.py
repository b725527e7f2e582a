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
from pixmill.reconcile import Delivery, Outcome, Together, reconcile
from pixmill.storage import Store

Kind = Literal["event", "again", "sync"]
"""How a worker came to its task: by an event, by one that was delivered before, or by a sync."""


OLD, YOUNG, NEWER = 0.0, 1.0, 2.0
"""When a manifest was written: before whoever is at work now began; since then; since the event was sent."""


class Task(NamedTuple):
    """One call of reconcile: for which key, told by whom, with which recipe.

    Attributes:
        overwritten: whether the manifest was written since the event was sent.
    """

    key: str
    kind: Kind
    recipe: str
    overwritten: bool = False

    @property
    def looks(self) -> bool:
        """Whether it looks at every object, whatever the manifest says."""
        return self.kind != "event" or self.overwritten


Run: TypeAlias = Callable[[Task, Store, Store, Together], Outcome]
"""What a worker does, given its task, the source, the destination and how to make calls together."""


class Program(NamedTuple):
    """What workers run, and what they may rely on.

    Attributes:
        run: what each of them does.
        waits: whether a message that is handed back, or whose worker dies, or that is lost, waits until those
            who are then at work on its key have ended. If not, it may come again at once.
    """

    run: Run
    waits: bool


def queued(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    """As the function does whose messages come again. Syncs are made beside it, and promise nothing."""
    if task.kind == "sync":
        return single(task, source, destination, together)
    return _reconciled(task, source, destination, together, Delivery(task.kind == "again", NEWER, YOUNG))


def single(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    """As all others do: of the next call nothing is known."""
    return _reconciled(task, source, destination, together, None)


QUEUED = Program(queued, waits=True)
SINGLE = Program(single, waits=False)


def _reconciled(
    task: Task, source: Store, destination: Store, together: Together, delivery: Delivery | None
) -> Outcome:
    """A redelivery looks at every object; a sync has listed them, one after the other, some time before."""
    seen = None
    if task.kind == "sync":
        keys = sorted(pictures.keys_of(task.key, tuple(pictures.RECIPES)))
        seen = {meta.key: meta.etag for meta in map(destination.head, keys) if meta}
    return reconcile(
        task.key,
        source=source,
        destination=destination,
        recipe=pictures.RECIPES[task.recipe],
        seen=seen,
        verify=task.kind == "again",
        render=pictures.render,
        together=together,
        delivery=delivery,
    )


class Node:
    """A worker that waits for answers, or has come to its end.

    Attributes:
        number: one for each node of a program.
        calls: what it waits for, by its place in the round; empty at the end.
        again: at the end, whether its message is to come back.
        at_risk: whether it may die here. Between two writes it makes no difference to anybody when a worker
            dies, only when its message comes back, and that may take any time; so it dies right after a write
            that took effect, or before its first call.
    """

    __slots__ = ("_children", "_rounds", "_run", "_size", "_task", "again", "at_risk", "calls", "number")

    def __init__(self, run: "Workshop", task: Task, rounds: tuple[Round, ...], *, at_risk: bool) -> None:
        self.number = run.count()
        self._run, self._task, self._rounds = run, task, rounds
        self._children: dict[tuple[int, Answer], Node] = {}
        self.calls: dict[int, Call] = {}
        self._size = 0
        self.again = False
        self.at_risk = at_risk
        tape = Tape(rounds, run.reachable(task.key))
        try:
            outcome = run.program.run(
                task, Bucket("source", tape), Bucket("destination", tape), tape.together
            )
            self.again = outcome.again
        except Stop as stop:
            self.calls, self._size = stop.calls, stop.size
        except Failed:
            self.again = True

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
