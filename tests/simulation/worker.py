"""Workers: the real reconcile, put aside at every storage call.

What a worker does next is a function of its task and of the answers it has had. So a worker is a place in a
tree: each node is a call that waits for its answer, each answer leads to another node. A node is found by
running the real code from its beginning with the answers so far, once; from then on it is a look into the
tree. That makes a worker as small as a number, and lets a search go back to any moment without threads.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from tests.simulation import pictures
from tests.simulation.bucket import Answer, Bucket, Call, Refusal, Stop, Tape

from pixmill.errors import Failed
from pixmill.keys import manifest_key
from pixmill.reconcile import reconcile
from pixmill.storage import Store

Kind = Literal["event", "again", "sync"]
"""How a worker came to its task: by an event, by one that was delivered before, or by a sync."""


class Task(NamedTuple):
    """One call of reconcile: for which key, told by whom, with which recipe."""

    key: str
    kind: Kind
    recipe: str


Program: TypeAlias = Callable[[Task, Store, Store], object]
"""What a worker runs, given its task, the source and the destination."""


def as_designed(task: Task, source: Store, destination: Store) -> None:
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
    )


class Node:
    """A worker that waits for an answer, or has come to its end.

    Attributes:
        number: one for each node of a program.
        call: what it waits for; None at the end.
        failed: at the end, whether it gave up.
        at_risk: whether it may die here. Between two writes it makes no difference to anybody when a worker
            dies, only when its message comes back, and that may take any time; so it dies right after a write
            that took effect, or before its first call.
    """

    __slots__ = ("_answers", "_children", "_run", "_task", "at_risk", "call", "failed", "number")

    def __init__(
        self, run: "Workshop", task: Task, answers: tuple[Answer, ...] = (), *, at_risk: bool = True
    ) -> None:
        self.number = run.count()
        self._run, self._task, self._answers = run, task, answers
        self._children: dict[Answer, Node] = {}
        self.call: Call | None = None
        self.failed = False
        self.at_risk = at_risk
        tape = Tape(answers, run.reachable(task.key))
        try:
            run.program(task, Bucket("source", tape), Bucket("destination", tape))
        except Stop as stop:
            self.call = stop.call
        except Failed:
            self.failed = True

    def answered(self, answer: Answer) -> "Node":
        """The same worker after its call was answered."""
        child = self._children.get(answer)
        if child is None:
            assert self.call is not None
            wrote = self.call.writes and not isinstance(answer, Refusal)
            answers = (*self._answers, answer)
            child = self._children[answer] = Node(self._run, self._task, answers, at_risk=wrote)
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
        self._roots: dict[Task, Node] = {}
        self.nodes = 0

    def begin(self, task: Task) -> Node:
        """A worker before its first call."""
        if task not in self._roots:
            self._roots[task] = Node(self, task)
        return self._roots[task]

    def count(self) -> int:
        self.nodes += 1
        return self.nodes

    def reachable(self, key: str) -> frozenset[str]:
        return pictures.keys_of(key, self._recipes) | {key, manifest_key(key)}
