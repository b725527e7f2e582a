"""What rules are made of: resources as Pulumi's engine shows them, and the policies that it calls.

In a preview much is unknown. A rule does not judge what it cannot know: it judges that when it is deployed.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy import (
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError


class _Unknown:
    """A value that only the deployment will tell."""


UNKNOWN = _Unknown()


@dataclass(frozen=True)
class Inputs:
    """A resource's inputs, by the names that the provider has for them."""

    props: Any

    def get(self, *path: str | int) -> Any:  # noqa: ANN401 - inputs are of any type
        """One of them, or a part of it: None if it is not there, `UNKNOWN` if it is not known."""
        found = self.props
        try:
            for key in path:
                found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
        except UnknownValueError:
            return UNKNOWN
        return found

    def is_set(self, *path: str | int) -> bool:
        """Whether it is there and says something, or may turn out to."""
        found = self.get(*path)
        return found is UNKNOWN or found not in (None, "", 0, False)

    def document(self, *path: str | int) -> Any:  # noqa: ANN401 - as JSON has it
        """A text of JSON, read; None or `UNKNOWN` as in `get`."""
        found = self.get(*path)
        return json.loads(found) if isinstance(found, str) else found


@dataclass(frozen=True)
class Stack:
    """All resources of a stack."""

    resources: Sequence[PolicyResource]

    def all(self, kind: str) -> list[PolicyResource]:
        """Those of a type."""
        return [each for each in self.resources if each.resource_type == kind]

    def about(self, subject: PolicyResource, kind: str, key: str) -> list[Inputs]:
        """Those of a type whose input is another resource's: what it is about."""
        return [Inputs(each.props) for each in self.all(kind) if _is_about(each, key, subject)]


def _is_about(resource: PolicyResource, key: str, subject: PolicyResource) -> bool:
    sources = resource.property_dependencies.get(key) or resource.dependencies
    return any(each.urn == subject.urn for each in sources)


OfOne = Callable[[Inputs], Iterator[str]]
OfAll = Callable[[Stack], Iterator[tuple[PolicyResource, str]]]


def of_each(name: str, description: str, kinds: Sequence[str], check: OfOne) -> ResourceValidationPolicy:
    """A rule that each resource of some types keeps or breaks by itself, judged before it is made."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for wrong in check(Inputs(args.props)) if args.resource_type in kinds else ():
            report(f"{args.name} {wrong}", args.urn)

    return ResourceValidationPolicy(name, description, validate)


def of_stack(name: str, description: str, check: OfAll) -> StackValidationPolicy:
    """A rule about what stands beside what."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for resource, wrong in check(Stack(args.resources)):
            report(f"{resource.name} {wrong}", resource.urn)

    return StackValidationPolicy(name, description, validate)
