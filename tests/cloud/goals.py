"""What a program asks of a resource: a registration, read from the wire."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from google.protobuf import struct_pb2
from pulumi.runtime.proto import alias_pb2
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

from .values import Reader, Values

STACK = "pulumi:pulumi:Stack"
PROVIDER = "pulumi:providers:"


@dataclass(frozen=True)
class Namespace:
    """Where URNs are from."""

    project: str
    stack: str

    def urn(self, kind: str, name: str, parent: str = "") -> str:
        """The URN of a resource; it names the types of all that it is a part of, but the stack."""
        above = parent.split("::")[2] if parent else STACK
        types = kind if above == STACK else f"{above}${kind}"
        return f"urn:pulumi:{self.stack}::{self.project}::{types}::{name}"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a resource shall be.

    Attributes:
        urn: its name in the stack.
        type: its token.
        name: its name in the program.
        custom: whether a provider makes it.
        parent: the URN of the resource that it belongs to.
        inputs: its properties; some may be unknown.
        dependencies: URNs of what it needs.
        property_dependencies: URNs of what each of its inputs comes from.
        provider: the URN of the provider, if not the default one.
        aliases: URNs that it may have had before.
        protect: whether it may not be deleted; None to do as the parent does.
        retain: whether deleting it only forgets it; None to do as the parent does.
        deleted_with: the URN of a resource that takes it along when deleted.
        delete_before_replace: whether the old one goes first; None to decide by its name.
        ignore_changes: paths of inputs that keep their old values.
        replace_on_changes: paths of inputs that cannot be changed in place.
        wire: the properties as they came, for the answer.
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str = ""
    inputs: Values = field(default_factory=Values)
    dependencies: tuple[str, ...] = ()
    property_dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    provider: str = ""
    aliases: tuple[str, ...] = ()
    protect: bool | None = None
    retain: bool | None = None
    deleted_with: str = ""
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    wire: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)


def goal(request: RegisterResourceRequest, namespace: Namespace, reader: Reader) -> Goal:
    """What a registration asks for.

    Raises:
        NotImplementedError: it asks for something that this engine cannot do.
    """
    for option, asked in (
        ("import", request.importId),
        ("remote components", request.remote),
        ("replace_with", list(request.replace_with)),
        ("hooks", request.HasField("hooks") and request.hooks.ListFields()),
        ("state_migrations", list(request.state_migrations)),
    ):
        if asked:
            raise NotImplementedError(f"{request.type} {request.name}: this engine does not do {option}")
    return Goal(
        urn=namespace.urn(request.type, request.name, request.parent),
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        inputs=reader.values(request.object),
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies={
            name: tuple(sorted(each.urns)) for name, each in request.propertyDependencies.items() if each.urns
        },
        # A reference is the URN and the id of the provider.
        provider=request.provider.rpartition("::")[0],
        aliases=tuple(_former(request, namespace)),
        protect=request.protect if request.HasField("protect") else None,
        retain=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        deleted_with=request.deletedWith,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        wire=request.object,
    )


def _former(request: RegisterResourceRequest, namespace: Namespace) -> Iterable[str]:
    yield from request.aliasURNs
    for alias in request.aliases:
        yield alias.urn or _spelled(alias.spec, request, namespace)


def _spelled(spec: alias_pb2.Alias.Spec, request: RegisterResourceRequest, namespace: Namespace) -> str:
    former = Namespace(spec.project or namespace.project, spec.stack or namespace.stack)
    parent = "" if spec.noParent else spec.parentUrn or request.parent
    return former.urn(spec.type or request.type, spec.name or request.name, parent)
