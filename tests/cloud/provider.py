"""What makes resources: the side of a deployment that knows a cloud."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from .state import Resource
from .values import Values


class Refused(Exception):  # noqa: N818 - it is what the cloud does, and not always an error of ours
    """The cloud does not take what the program asks for. The message begins with the cloud's own code."""


class Made(NamedTuple):
    """A resource as its provider tells of it."""

    id: str
    outputs: Values


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Inputs that a provider takes.

    Attributes:
        inputs: what was asked for, with a name if it had none.
        named: whether that name was made up.
        replaces: inputs that cannot be changed; "*" for all.
    """

    inputs: Values
    named: bool
    replaces: frozenset[str]


class Provider(Protocol):
    """A cloud.

    Attributes:
        late: tokens of what others may need without naming it: all that does nothing but give rights.
    """

    late: frozenset[str]

    def region(self, config: Mapping[str, str]) -> str:
        """Where resources of a provider with this configuration stand."""
        ...

    def check(self, kind: str, name: str, inputs: Values, old: Resource | None) -> Checked:
        """Look at inputs, some of which may be unknown, before anything is made.

        Args:
            kind: the resource's token.
            name: its name in the program.
            inputs: what is asked for.
            old: what stands and may keep its name.

        Raises:
            Refused: they will never be taken.
        """
        ...

    def clashes(self, old: Resource, inputs: Values) -> bool:
        """Whether what is asked for cannot stand beside what it replaces, because both have the same name."""
        ...

    def create(self, kind: str, region: str, inputs: Values) -> Made:
        """Make a resource.

        Raises:
            Refused: the cloud does not take it.
        """
        ...

    def update(self, old: Resource, inputs: Values) -> Values:
        """Change a resource in place; its outputs afterwards.

        Raises:
            Refused: the cloud does not take it.
        """
        ...

    def foresee(self, old: Resource, inputs: Values) -> Values:
        """Those outputs after an update that are known before it."""
        ...

    def delete(self, old: Resource) -> None:
        """Take a resource down.

        Raises:
            Refused: the cloud does not let it go.
        """
        ...

    def read(self, kind: str, region: str, identity: str) -> Values:
        """The outputs of a resource that something else made.

        Raises:
            Refused: it is not there.
        """
        ...

    def invoke(self, token: str, region: str, arguments: Values) -> Values:
        """Ask a data source.

        Raises:
            Refused: it does not answer.
        """
        ...
