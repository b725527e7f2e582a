"""The recipe itself: read, checked, written, and named by its fingerprint."""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, cast

import msgspec

from pixmill.recipe.document import Kind, load_document, parse_document
from pixmill.recipe.limits import LIMITS, Limits
from pixmill.recipe.problems import Problem, RecipeError
from pixmill.recipe.reading import Place, Reader, as_list, as_table, choice, table
from pixmill.recipe.rendition import RENDITION, Rendition, digest, read_rendition, write_rendition

OnTruncated = Literal["reject", "accept"]

MOST_RENDITIONS = 50


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Renditions, limits and what to do with truncated originals.

    >>> recipe = Recipe.parse('''
    ... [[rendition]]
    ... name = "thumbnail"
    ... width = 150
    ... height = 150
    ... fit = "cover"
    ... formats = ["jpeg", "webp"]
    ... ''')
    >>> recipe.renditions[0].formats
    ('jpeg', 'webp')
    >>> recipe.renditions[0].quality_for("webp")
    82

    Attributes:
        renditions: 1-50, with names that differ, in the order of the file.
        limits: what an original may cost.
        on_truncated: whether an original whose picture is cut off is rejected, or served as far as it goes.
    """

    renditions: tuple[Rendition, ...]
    limits: Limits = Limits()
    on_truncated: OnTruncated = "reject"

    @classmethod
    def parse(cls, text: str, *, kind: Kind = "toml", name: str | None = None) -> "Recipe":
        """Read a recipe from its text.

        Args:
            text: the document.
            kind: "toml" or "json".
            name: what to call it in messages; pixmill.toml or pixmill.json if left out.

        Raises:
            RecipeError: it has mistakes; all of them are listed.

        >>> Recipe.parse('''
        ... [[rendition]]
        ... name = "thumbnail"
        ... width = 150
        ... height = 150
        ... fit = "covr"
        ... ''')  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        pixmill.recipe.problems.RecipeError: `rendition[0].fit`: expected one of ... did you mean "cover"?
        """
        name = name or f"pixmill.{kind}"
        return _read(parse_document(text, kind, name), name)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Recipe":
        """Read a recipe from a file that ends in .toml or .json.

        Raises:
            Refused: `recipe-not-found`.
            RecipeError: it cannot be read, or has mistakes; all of them are listed.
        """
        from pathlib import Path  # noqa: PLC0415 - the worker has no such file

        place = Path(path)
        text, kind = load_document(place)
        return cls.parse(text, kind=kind, name=place.name)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, object]) -> "Recipe":
        """Read a recipe from plain values, shaped like the JSON file.

        Raises:
            RecipeError: it has mistakes; all of them are listed.
        """
        return _read(mapping)

    @classmethod
    def default(cls) -> "Recipe":
        """The recipe where there is no file: 800x600 and 150x150, padded with white, as JPEG."""
        sides = {"standard": (800, 600), "thumbnail": (150, 150)}
        return cls(
            renditions=tuple(
                Rendition(name=name, width=width, height=height, fit="contain", quality=85)
                for name, (width, height) in sides.items()
            )
        )

    def to_dict(self) -> dict[str, object]:
        """Plain values, shaped like the JSON file, defaults included; `from_dict` reads them back."""
        return {
            "on_truncated": self.on_truncated,
            "limits": self.limits.to_dict(),
            "rendition": [write_rendition(rendition) for rendition in self.renditions],
        }

    @property
    def fingerprint(self) -> str:
        """Changes when, and only when, the destination may have to change.

        16 hexadecimal digits. Comments, the order of anything, aliases and other notations for the same
        value are no change.
        """
        return _fingerprint(self)


@lru_cache(maxsize=64)
def _fingerprint(recipe: Recipe) -> str:
    # Asked for several times for each original.
    limits = {**recipe.limits.to_dict(), "max_megapixels": float(recipe.limits.max_megapixels)}
    return digest(
        "recipe",
        {
            "on_truncated": recipe.on_truncated,
            "limits": limits,
            "renditions": {
                rendition.name: {declared: rendition.fingerprint(declared) for declared in rendition.formats}
                for rendition in recipe.renditions
            },
        },
    )


_read_on_truncated: Reader[OnTruncated] = choice({"reject": "reject", "accept": "accept"})

_BELONGS_TO_LIMITS = dict.fromkeys(LIMITS, "it belongs to [limits]")
_BELONGS_TO_RENDITION = dict.fromkeys(RENDITION, "it belongs to a [[rendition]]")
_BELONGS_TO_TOP = {"on_truncated": "it belongs to the top of the recipe, before the first table"}


def _read_limits(value: object, place: Place) -> dict[str, Any] | None:
    # on_truncated is at home at the top, but whoever looks for it looks here as well.
    fields = {**LIMITS, "on_truncated": _read_on_truncated}
    return table(value, place, fields, _BELONGS_TO_RENDITION)


def _read_renditions(value: object, place: Place) -> tuple[Rendition, ...] | None:
    elements = as_list(value)
    expected = f"a list of 1-{MOST_RENDITIONS} renditions"
    if elements is None:
        return place.wrong(expected, value, "write [[rendition]], in two brackets, above each one")
    if not 1 <= len(elements) <= MOST_RENDITIONS:
        return place.add(expected, str(len(elements)))
    before = len(place.problems)
    found: list[Rendition | None] = []
    first: dict[str, int] = {}
    for index, element in enumerate(elements):
        found.append(read_rendition(element, place.at(index), {**_BELONGS_TO_LIMITS, **_BELONGS_TO_TOP}))
        name = (as_table(element) or {}).get("name")
        if isinstance(name, str) and first.setdefault(name, index) != index:
            taken = f"rendition[{first[name]}] has it already"
            place.at(index).at("name").wrong("a name of its own", name, taken)
    whole = tuple(rendition for rendition in found if rendition)
    return whole if len(place.problems) == before else None


def _read_schema(value: object, place: Place) -> str | None:
    return value if isinstance(value, str) else place.wrong("the address of a JSON Schema", value)


RECIPE: dict[str, Reader[Any]] = {
    "$schema": _read_schema,
    "on_truncated": _read_on_truncated,
    "limits": _read_limits,
    "rendition": _read_renditions,
}
"""How to read each field at the top of a recipe."""


def _read(value: object, name: str | None = None) -> Recipe:
    problems: list[Problem] = []
    place = Place("", problems)
    found = table(value, place, RECIPE, {**_BELONGS_TO_LIMITS, **_BELONGS_TO_RENDITION})
    if found is not None and "rendition" not in cast("Mapping[object, object]", value):
        place.at("rendition").missing(f"a list of 1-{MOST_RENDITIONS} renditions")
    if found is None or problems:
        raise RecipeError(problems, name)
    limits: dict[str, Any] = found.get("limits", {})
    below, top = limits.pop("on_truncated", None), found.get("on_truncated")
    if below and top and below != top:
        place.at("limits").at("on_truncated").wrong(f'"{top}", as at the top', below, "say it once")
        raise RecipeError(problems, name)
    return Recipe(
        renditions=found["rendition"], limits=Limits(**limits), on_truncated=top or below or "reject"
    )
