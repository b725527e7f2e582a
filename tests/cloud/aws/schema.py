"""What Pulumi's provider declares of each resource: the names and the types of its inputs.

The SDK does not look at what is inside of an input given as a dict: a nested name with a typing error comes
through. Here it is refused, as the real provider would.
"""

import collections.abc
import enum
import importlib
import inspect
import types
import typing
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pulumi
from pulumi import _types
from tests.cloud.archives import Archive, Asset
from tests.cloud.values import UNKNOWN

_PLAIN: dict[Any, str] = {str: "a string", bool: "a boolean", int: "an integer", float: "a number"}


class Schema:
    """One resource's inputs, read from the classes of its SDK.

    Args:
        kind: the resource's token.
    """

    def __init__(self, kind: str) -> None:
        package, module, name = kind.split(":")
        folder = module.split("/")[0]
        # A keyword of Python's has an underscore behind it there.
        names = _loaded(f"pulumi_{package}.{folder + '_' * (folder == 'lambda')}")
        self._arguments = getattr(names, f"{name}InitArgs", None) or getattr(names, f"{name}Args")
        self.inputs: Mapping[str, Any] = _types.input_type_types(self._arguments)
        self.outputs: Mapping[str, Any] = _types.resource_types(getattr(names, name))

    def problems(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with inputs: unknown names, missing ones, other types than declared."""
        yield from _class_problems(self._arguments, inputs, "")


def _loaded(module: str) -> types.ModuleType:
    with warnings.catch_warnings():
        # What is deprecated in a module warns of itself when the module is loaded, which is when one looks.
        warnings.simplefilter("ignore")
        found = importlib.import_module(module)
        getattr(found, "__all__", None)
    return found


@cache
def schema(kind: str) -> Schema:
    """The schema of a resource's type."""
    return Schema(kind)


def _class_problems(declared: type, value: Mapping[str, Any], path: str) -> Iterator[str]:
    known = _types.input_type_types(declared)
    for name in sorted(value.keys() - known.keys()):
        yield f"{path}{name}: is not an argument; there are {', '.join(sorted(known))}"
    for name in sorted(_required(declared) - value.keys()):
        yield f"{path}{name}: is missing"
    for name in value.keys() & known.keys():
        yield from _problems(known[name], value[name], f"{path}{name}")


def _required(declared: type) -> set[str]:
    names = _types.input_type_py_to_pulumi_names(declared)
    signature = inspect.signature(declared.__init__)  # type: ignore[misc]
    without = (each.name for each in signature.parameters.values() if each.default is each.empty)
    return {names[each] for each in without if each in names}


def _problems(declared: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - types and JSON
    if value == UNKNOWN:
        return
    choices = [each for each in _choices(declared) if each is not pulumi.Output]
    tried = [list(_as_declared(each, value, path)) for each in choices]
    if tried and all(tried):
        yield from min(tried, key=lambda found: found[0].startswith(f"{path}: expected"))


def _choices(declared: Any) -> Iterator[Any]:  # noqa: ANN401 - types
    """What a type allows: the members of unions, without those that stand for a value that comes later."""
    origin = typing.get_origin(declared)
    if origin in (typing.Union, types.UnionType):
        for each in typing.get_args(declared):
            yield from _choices(each)
    elif origin not in (pulumi.Output, collections.abc.Awaitable) and declared is not type(None):
        yield declared


def _as_declared(declared: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - types and JSON
    origin, parts = typing.get_origin(declared), typing.get_args(declared)
    if origin is collections.abc.Sequence:
        yield from _list_problems(parts[0], value, path)
    elif origin is collections.abc.Mapping:
        yield from _map_problems(parts[1], value, path)
    elif declared in _PLAIN:
        yield from _plain_problems(declared, value, path)
    elif declared in (pulumi.Archive, pulumi.Asset):
        # The state keeps digests, which come back when changes are ignored.
        if not isinstance(value, Archive | Asset) and "sha256" not in value:
            yield f"{path}: expected an archive, got {value!r}"
    elif isinstance(declared, type) and issubclass(declared, enum.Enum):
        if value not in [each.value for each in declared]:
            yield f"{path}: expected one of {', '.join(str(each.value) for each in declared)}, got {value!r}"
    elif declared is not Any:
        yield from _object_problems(declared, value, path)


def _plain_problems(declared: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - types and JSON
    # The wire knows no integers: a float that is whole has become one.
    fits = (int, float) if declared is float else declared
    if not isinstance(value, fits) or (isinstance(value, bool) and declared is not bool):
        yield f"{path}: expected {_PLAIN[declared]}, got {value!r}"


def _object_problems(declared: type, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        yield from _class_problems(declared, value, f"{path}.")
    else:
        yield f"{path}: expected an object, got {value!r}"


def _list_problems(declared: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - types and JSON
    if not isinstance(value, list):
        yield f"{path}: expected a list, got {value!r}"
        return
    for number, each in enumerate(value):
        yield from _problems(declared, each, f"{path}[{number}]")


def _map_problems(declared: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - types and JSON
    if not isinstance(value, dict):
        yield f"{path}: expected an object, got {value!r}"
        return
    for key, each in value.items():
        yield from _problems(declared, each, f"{path}.{key}")
