"""What differs between the inputs that a resource was made of and those that are asked for now.

A path names a part of the inputs as Pulumi's options do: `tags.owner`, `rules[0].id`, `rules[*].id`, `*`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from .values import UNKNOWN, Values

_ABSENT = object()
_PART = re.compile(r"\[\"(?P<quoted>[^\"]*)\"\]|\[(?P<index>\d+|\*)\]|(?P<name>[^.\[]+)")

_Key = str | int


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The top-level inputs that differ; what is not known yet does."""
    return tuple(sorted(key for key in {*old, *new} if _differs(old.get(key), new.get(key))))


def without_changes(old: Mapping[str, Any], new: Values, paths: Iterable[str]) -> Values:
    """The new inputs, but with the old values where changes are to be ignored."""
    merged = deepcopy(new)
    for path in paths:
        for place in [*_places(old, _parts(path)), *_places(new, _parts(path))]:
            _copy(old, merged, place)
    return merged


def changed_at(old: Mapping[str, Any], new: Mapping[str, Any], paths: Iterable[str]) -> bool:
    """Whether anything differs at any of these paths."""
    for path in paths:
        for place in [*_places(old, _parts(path)), *_places(new, _parts(path))]:
            if _differs(_at(old, place), _at(new, place)):
                return True
    return False


def _differs(old: Any, new: Any) -> bool:  # noqa: ANN401 - as JSON has them
    return old != new or new == UNKNOWN


def _parts(path: str) -> list[str]:
    found = _PART.finditer(path)
    return [
        next(each for each in part.group("quoted", "index", "name") if each is not None) for part in found
    ]


def _places(value: Any, parts: list[str]) -> Iterator[list[_Key]]:  # noqa: ANN401 - as JSON has them
    """Where a path leads to in a value, step by step."""
    if not parts:
        yield []
        return
    for key in _keys(value, parts[0]):
        for rest in _places(value[key], parts[1:]):
            yield [key, *rest]


def _keys(value: Any, part: str) -> list[_Key]:  # noqa: ANN401 - as JSON has them
    if isinstance(value, dict):
        return list(value) if part == "*" else [part] * (part in value)
    if isinstance(value, list):
        return [number for number in range(len(value)) if part in ("*", str(number))]
    return []


def _at(value: Any, place: list[_Key]) -> Any:  # noqa: ANN401 - as JSON has them
    for key in place:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return value


def _copy(old: Mapping[str, Any], new: Any, place: list[_Key]) -> None:  # noqa: ANN401 - as JSON has them
    value, parent = _at(old, place), _at(new, place[:-1])
    if parent is _ABSENT:
        return  # what it is a part of is gone
    match parent, place[-1]:
        case dict(), key if value is _ABSENT:
            parent.pop(key, None)
        case dict(), key:
            parent[key] = deepcopy(value)
        case list(), int(number) if value is not _ABSENT and number < len(parent):
            parent[number] = deepcopy(value)
        case _:
            return  # a list does not grow or shrink
