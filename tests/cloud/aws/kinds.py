"""Kinds of resources: how each is made, changed and taken down by calls to AWS.

@kind("aws:sqs/queue:Queue", replaces={"name", "fifoQueue"}, name=Name(most=80))
class Queue(Kind): ...
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from tests.cloud.provider import Made, Refused
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .schema import Schema, schema

_SUFFIX = 7  # digits at the end of a name that is made up

Class = TypeVar("Class", bound="Kind")


@dataclass(frozen=True)
class Name:
    """How a resource gets a name if the program gives none.

    Attributes:
        key: the input that holds it.
        most: its greatest length.
        prefix: the input that holds what the name is to begin with, if there is one.
    """

    key: str = "name"
    most: int = 64
    prefix: str = "namePrefix"

    def made_up(self, name: str, inputs: Mapping[str, Any]) -> str:
        """A name that nothing else has.

        Raises:
            Refused: it would be too long.
        """
        begin = inputs.get(self.prefix) or f"{name}-"
        if len(begin) + _SUFFIX > self.most:
            told = f"name '{begin}' plus {_SUFFIX} random chars is longer than maximum length {self.most}"
            raise Refused(f"{self.key}: {told}")
        return begin + secrets.token_hex(_SUFFIX)[:_SUFFIX]


class Kind(ABC):
    """One type of resource.

    Attributes:
        type: its token.
        replaces: inputs that cannot be changed; "*" for all.
        name: how it gets a name.
        apart: inputs that no request takes as they are.
        unforeseen: outputs that any update may change.
    """

    type: ClassVar[str]
    replaces: ClassVar[frozenset[str]]
    name: ClassVar[Name | None]
    apart: ClassVar[frozenset[str]] = frozenset()
    unforeseen: ClassVar[frozenset[str]] = frozenset()

    @cached_property
    def schema(self) -> Schema:
        """What the SDK declares of it."""
        return schema(self.type)

    @abstractmethod
    def create(self, aws: Calls, inputs: Values) -> Made:
        """Make it."""

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        """Change it; all outputs afterwards."""
        raise NotImplementedError(f"{self.type} cannot be updated")

    @abstractmethod
    def delete(self, aws: Calls, old: Resource) -> None:
        """Take it down."""

    def read(self, aws: Calls, identity: str) -> Values:
        """Look at one that something else made."""
        raise NotImplementedError(f"this engine does not read {self.type}")

    def request(self, inputs: Mapping[str, Any]) -> Values:
        """The inputs that go into a request as they are."""
        left_out = {"region", "tagsAll", *self.apart, *([self.name.prefix] if self.name else [])}
        return {key: value for key, value in inputs.items() if key not in left_out}


class Setting(Kind):
    """A part of another resource, which is there in any case: it is written and cleared, never made."""

    of: ClassVar[str]

    @abstractmethod
    def put(self, aws: Calls, inputs: Values) -> None:
        """Write it."""

    @abstractmethod
    def clear(self, aws: Calls, identity: str) -> None:
        """Take it back."""

    def create(self, aws: Calls, inputs: Values) -> Made:
        self.put(aws, inputs)
        return Made(inputs[self.of], {})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:  # noqa: ARG002 - as declared
        self.put(aws, inputs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        self.clear(aws, old.id)


KINDS: dict[str, Kind] = {}
"""All kinds that are known, by their tokens."""


def kind(
    token: str, *, replaces: set[str] | frozenset[str] = frozenset(), name: Name | None = None
) -> Callable[[type[Class]], type[Class]]:
    """Make a class known as a kind.

    Args:
        token: of the type.
        replaces: inputs that cannot be changed; "*" for all.
        name: how it gets a name.
    """

    def known(found: type[Class]) -> type[Class]:
        found.type, found.replaces, found.name = token, frozenset(replaces), name
        KINDS[token] = found()
        return found

    return known
