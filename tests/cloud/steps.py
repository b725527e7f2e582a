"""What a deployment did, or would do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .state import Resource


class Op(StrEnum):
    """What becomes of a resource."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"  # the new one is made; the old one goes with a step of its own
    DELETE = "delete"
    DELETE_REPLACED = "delete-replaced"
    RETAIN = "retain"  # forgotten, and left standing
    READ = "read"


@dataclass(frozen=True)
class Step:
    """What became of one resource.

    Attributes:
        op: what was done.
        type: the resource's token.
        name: its name in the program.
        changed: the inputs that differ.
        urn: its name in the stack.
        made: whether a provider makes it; components are only names.
    """

    op: Op
    type: str
    name: str
    changed: tuple[str, ...] = ()
    urn: str = ""
    made: bool = True

    @classmethod
    def of(cls, op: Op, resource: Resource, changed: tuple[str, ...] = ()) -> "Step":
        return cls(op, resource.type, resource.name, changed, resource.urn, resource.custom)

    def __str__(self) -> str:
        differing = f" [{', '.join(self.changed)}]" if self.changed else ""
        return f"{self.op} {self.type} {self.name}{differing}"


@dataclass
class Result:
    """What came of a deployment.

    Attributes:
        steps: in the order in which they were done; components have steps, too.
        outputs: what the program exports.
        logs: what the program and the engine said: the severity, a colon, the message.
        printed: what the program wrote to its standard output and error.
    """

    steps: list[Step] = field(default_factory=list[Step])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    logs: list[str] = field(default_factory=list[str])
    printed: str = ""

    def ops(self, *, components: bool = False) -> dict[str, Op]:
        """What was done to each resource, by its name and the last part of its type.

        That the old one of something replaced has gone is not told here.

        Args:
            components: whether components are asked for, too, and the stack itself.
        """
        return {
            f"{step.name}:{step.type.rpartition(':')[2]}": step.op
            for step in self.steps
            if (components or step.made) and step.op is not Op.DELETE_REPLACED
        }

    def named(self, *ops: Op) -> list[str]:
        """The names of the resources that saw one of these, in order; components left out."""
        return [step.name for step in self.steps if step.op in ops and step.made]

    @property
    def changes(self) -> list[str]:
        """All steps that are more than "same", as text."""
        return [str(step) for step in self.steps if step.op not in (Op.SAME, Op.READ)]


class DeploymentError(Exception):
    """A deployment ended before its end.

    Attributes:
        result: what it had done until then.
    """

    def __init__(self, message: str, result: Result) -> None:
        super().__init__(message)
        self.result = result


def in_order_of_deletion(doomed: Iterable[Resource]) -> list[Resource]:
    """Each before what it needs; otherwise the youngest first."""
    waiting = list(doomed)[::-1]
    ordered: list[Resource] = []
    while waiting:
        needed = {urn for each in waiting for urn in each.needs}
        # Two of one URN, the replaced and the removed, do not hold each other up.
        free = next((each for each in waiting if each.urn not in needed), waiting[0])
        waiting.remove(free)
        ordered.append(free)
    return ordered
