"""Inputs as a request of AWS has them.

Pulumi's provider names its inputs after AWS's members, in another case, with `rule` where AWS has `Rules`.
What is left over has no place in the request and is refused: an input that is dropped in silence would be one
that this emulation only pretends to know.
"""

import re
from collections.abc import Mapping
from typing import Any

from tests.cloud.provider import Refused


def fitted(shape: Any, inputs: Any, names: Mapping[str, str], path: str = "") -> Any:  # noqa: ANN401 - AWS's
    """Inputs as a value of a shape.

    Args:
        shape: botocore's.
        inputs: as Pulumi has them.
        names: the shape's names for inputs that have others, wherever they are.
        path: to them, for the error.

    Raises:
        Refused: an input has no place in the shape.
    """
    match shape.type_name:
        case "structure":
            return _structure(shape, inputs, names, path)
        case "list":
            return _list(shape, inputs, names, path)
        case "map":
            return {key: fitted(shape.value, each, names, f"{path}.{key}") for key, each in inputs.items()}
        case "string" if isinstance(inputs, bool | int):
            return str(inputs).lower()
        case _:
            return inputs


def _structure(shape: Any, inputs: Any, names: Mapping[str, str], path: str) -> dict[str, Any]:  # noqa: ANN401 - AWS's
    if not isinstance(inputs, Mapping):
        raise Refused(f"{path}: expected an object, got {inputs!r}")
    members = {_plain(name): name for name in shape.members}
    found: dict[str, Any] = {}
    for key, value in inputs.items():
        wanted = _plain(names.get(key, key))
        spellings = (wanted, f"{wanted}s", wanted.removesuffix("s"))
        member = next((members[each] for each in spellings if each in members), None)
        if member is None:
            raise Refused(f"{path}{key}: has no place in {shape.name}")
        found[member] = fitted(shape.members[member], value, names, f"{path}{key}.")
    return found


def _list(shape: Any, inputs: Any, names: Mapping[str, str], path: str) -> list[Any]:  # noqa: ANN401 - AWS's
    members = set(getattr(shape.member, "members", {}))
    if isinstance(inputs, Mapping) and members in ({"Key", "Value"}, {"Name", "Value"}):
        key = next(iter(members - {"Value"}))
        return [{key: name, "Value": value} for name, value in sorted(inputs.items())]
    each_of = inputs if isinstance(inputs, list) else [inputs]
    return [fitted(shape.member, each, names, path) for each in each_of]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
