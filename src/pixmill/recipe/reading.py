"""Readers: from any value, whatever its type, to a checked one or to a problem on record.

A reader is called with a value and its place. It returns what the value means, or it records a
problem at that place and returns None. It never raises, so one pass finds all the mistakes. No value
in a recipe means None: a field that is not wanted is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias, TypeVar, cast

from pixmill.recipe.problems import Problem, did_you_mean, shown, shown_text

T = TypeVar("T")


class Place:
    """Where in the recipe a value stands, and the list that takes the problems.

    Args:
        path: empty for the whole recipe.
        problems: the list to add to; shared by all places of one recipe.
    """

    __slots__ = ("path", "problems")

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def at(self, key: object) -> "Place":
        """The place of a field of this table (a str), or of an element of this list (an int)."""
        if isinstance(key, int):
            return Place(f"{self.path}[{key}]", self.problems)
        name = shown_text(key) if isinstance(key, str) else shown(key)
        return Place(f"{self.path}.{name}" if self.path else name, self.problems)

    def wrong(self, expected: str, value: object, hint: str | None = None) -> None:
        """Record that this value cannot stand here."""
        self.add(expected, shown(value), hint)

    def missing(self, expected: str, hint: str | None = None) -> None:
        """Record that something must stand here."""
        self.add(expected, "nothing", hint)

    def add(self, expected: str, got: str, hint: str | None = None) -> None:
        """Record a problem in the caller's words."""
        self.problems.append(Problem(self.path or "recipe", expected, got, hint))


Reader: TypeAlias = Callable[[object, Place], T | None]


def as_table(value: object) -> Mapping[object, object] | None:
    """The value, if it is a table."""
    return cast("Mapping[object, object]", value) if isinstance(value, Mapping) else None


def as_list(value: object) -> Sequence[object] | None:
    """The value, if it is a list."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def as_integer(value: object) -> int | None:
    """The value, if it is a whole number. As in JSON Schema, 800.0 is one; true is not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def integer(low: int, high: int | None = None) -> Reader[int]:
    """A reader of whole numbers, both ends included."""
    expected = f"an integer {low}-{high}" if high is not None else f"an integer, {low} or more"

    def read(value: object, place: Place) -> int | None:
        found = as_integer(value)
        if found is not None and low <= found and (high is None or found <= high):
            return found
        return place.wrong(expected, value)

    return read


def number(expected: str, fits: Callable[[float], bool]) -> Reader[float]:
    """A reader of finite numbers that fit."""

    def read(value: object, place: Place) -> float | None:
        try:
            found = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        except OverflowError:
            found = None
        if found is not None and isfinite(found) and fits(found):
            return found
        return place.wrong(expected, value)

    return read


def choice(options: Mapping[str, T], *, listed: Sequence[str] = ()) -> Reader[T]:
    """A reader of one word of several.

    Args:
        options: every word, aliases included, and what it means.
        listed: the words to name in a message, if not all of them.
    """
    names = listed or tuple(options)
    expected = " or ".join(f'"{name}"' for name in names) if len(names) < 3 else one_of(names)  # noqa: PLR2004

    def read(value: object, place: Place) -> T | None:
        if isinstance(value, str) and value in options:
            return options[value]
        return place.wrong(expected, value, did_you_mean(value, options, '"'))

    return read


def one_of(names: Sequence[str]) -> str:
    """The phrase that lists the words that can stand somewhere."""
    return "one of " + ", ".join(f'"{name}"' for name in names)


def each(item: Reader[T], what: str) -> Reader[tuple[T, ...]]:
    """A reader of lists without repetitions; what is wrong with an element is recorded at its index."""

    def read(value: object, place: Place) -> tuple[T, ...] | None:
        elements = as_list(value)
        if elements is None:
            return place.wrong(f"a list of {what}", value)
        found: list[T] = []
        before = len(place.problems)
        for index, element in enumerate(elements):
            meaning = item(element, place.at(index))
            if meaning in found:
                place.at(index).wrong("each one once", element)
            elif meaning is not None:
                found.append(meaning)
        return tuple(found) if len(place.problems) == before else None

    return read


def table(
    value: object, place: Place, fields: Mapping[str, Reader[Any]], strangers: Mapping[str, str]
) -> dict[str, Any] | None:
    """The fields of a table that could be read; None if it is not a table at all.

    Args:
        value: what stands there.
        place: where.
        fields: a reader for each field that the table may have.
        strangers: fields of other tables, and the hint for whoever puts one here.
    """
    entries = as_table(value)
    if entries is None:
        return place.wrong("a table", value)
    found: dict[str, Any] = {}
    for key, entry in entries.items():
        if isinstance(key, str) and key in fields:
            meaning = fields[key](entry, place.at(key))
            if meaning is not None:
                found[key] = meaning
        else:
            hint = did_you_mean(key, fields)
            if isinstance(key, str) and key in strangers:
                hint = strangers[key]
            got = f"`{shown_text(key)}`" if isinstance(key, str) else shown(key)
            place.at(key).add("a known field", got, hint or "known are " + ", ".join(fields))
    return found
