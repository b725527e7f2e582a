"""What goes along when a resource is deleted before its replacement is made."""

from collections.abc import Iterable

from .provider import Provider
from .state import Resource
from .values import UNKNOWN


def to_replace(provider: Provider, gone: Resource, resources: Iterable[Resource]) -> list[Resource]:
    """Those that must be replaced, too: an input that cannot be changed comes from something that goes.

    Args:
        provider: knows which inputs cannot be changed.
        gone: goes first of all.
        resources: all, each after what it needs.
    """
    going = {gone.urn}
    found: list[Resource] = []
    for each in resources:
        touched = {name for name, urns in each.property_dependencies.items() if going & {*urns}}
        if touched and each.custom and not each.doomed and each.urn not in going:
            inputs = {**each.inputs, **dict.fromkeys(touched, UNKNOWN)}
            if provider.check(each.type, each.name, inputs, each).replaces & {*touched, "*"}:
                going.add(each.urn)
                found.append(each)
    return found
