"""What a stack knows of its resources between two deployments, kept in a file.

The file is written after every step, so that the next deployment goes on from wherever one has ended. An
operation is noted before it begins and struck out when it ends: what is still noted later was interrupted,
and nobody knows how it went.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource that stands.

    Attributes:
        urn: its name in the stack.
        type: its token, such as "aws:sqs/queue:Queue".
        id: the provider's name for it; "" if it is a component.
        custom: whether a provider made it; components are only names.
        inputs: what the program asked for, defaults filled in.
        outputs: what the provider told of it.
        parent: the URN of the resource that it belongs to.
        dependencies: URNs of what it needs.
        property_dependencies: URNs of what each of its inputs came from.
        named: whether its name was made up here.
        protect: whether it may not be deleted.
        retain: whether deleting it only forgets it.
        deleted_with: the URN of a resource that takes it along when deleted.
        region: where it stands.
        doomed: whether it has been replaced and is still to be deleted.
    """

    urn: str
    type: str
    id: str = ""
    custom: bool = True
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parent: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    named: bool = False
    protect: bool = False
    retain: bool = False
    deleted_with: str = ""
    region: str = ""
    doomed: bool = False

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self.urn.rpartition("::")[2]

    @property
    def needs(self) -> set[str]:
        """URNs of all that must stand as long as it stands."""
        from_inputs = (urn for urns in self.property_dependencies.values() for urn in urns)
        found = {*self.dependencies, *from_inputs, self.parent, self.deleted_with}
        return found - {"", self.urn}


@dataclass(frozen=True)
class Operation:
    """Something that has begun and not ended.

    Attributes:
        verb: "creating", "updating" or "deleting".
        urn: of the resource.
    """

    verb: str
    urn: str


@dataclass
class State:
    """All resources, each after what it needs.

    Attributes:
        file: where it is kept; without one it is only in memory.
        resources: those that stand.
        pending: operations that have begun and not ended.
    """

    file: Path | None = None
    resources: list[Resource] = field(default_factory=list[Resource])
    pending: list[Operation] = field(default_factory=list[Operation])

    @classmethod
    def read(cls, file: Path) -> Self:
        """The state that is kept in a file; an empty one if there is none yet."""
        if not file.exists():
            return cls(file)
        kept = json.loads(file.read_text("utf-8"))
        resources = [_resource(each) for each in kept["resources"]]
        return cls(file, resources, [Operation(**each) for each in kept["pending"]])

    def write(self) -> None:
        """Keep it."""
        if self.file is None:
            return
        kept = {
            "resources": [asdict(each) for each in self.resources],
            "pending": [asdict(each) for each in self.pending],
        }
        spare = self.file.with_suffix(".new")
        spare.write_text(json.dumps(kept, indent=1), "utf-8")
        spare.replace(self.file)

    def find(self, urns: Iterable[str]) -> Resource | None:
        """The first of these that stands."""
        standing = {each.urn: each for each in self.resources if not each.doomed}
        return next((standing[urn] for urn in urns if urn in standing), None)

    def put(self, resource: Resource, old: Resource | None = None) -> None:
        """Note a resource in place of what it was."""
        self.drop(old)
        self.resources.append(resource)

    def drop(self, resource: Resource | None) -> None:
        """Forget a resource."""
        self.resources = [each for each in self.resources if each is not resource]

    def doom(self, *resources: Resource) -> list[Resource]:
        """Note that resources have been replaced and are to be deleted."""
        doomed = {id(each): replace(each, doomed=True) for each in resources}
        self.resources = [doomed.get(id(each), each) for each in self.resources]
        return list(doomed.values())


def _resource(kept: Mapping[str, Any]) -> Resource:
    tuples = {name: tuple(urns) for name, urns in kept["property_dependencies"].items()}
    found: dict[str, Any] = {
        **kept,
        "dependencies": tuple(kept["dependencies"]),
        "property_dependencies": tuples,
    }
    return Resource(**found)
