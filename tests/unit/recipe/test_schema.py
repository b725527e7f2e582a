"""The JSON Schema that editors use says what the parser says."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from pixmill.recipe import Recipe, RecipeError, template
from pixmill.recipe.encoding import ENCODINGS, FORMATS
from pixmill.recipe.gravity import GRAVITIES
from pixmill.recipe.limits import LIMITS
from pixmill.recipe.recipe import RECIPE
from pixmill.recipe.rendition import RENDITION

SCHEMA: dict[str, Any] = json.loads(files("pixmill").joinpath("schema/recipe.schema.json").read_text("utf-8"))
VALIDATOR: Any = jsonschema.Draft7Validator(SCHEMA)
OF_LIMITS: dict[str, Any] = SCHEMA["properties"]["limits"]["properties"]
OF_RENDITION: dict[str, Any] = SCHEMA["definitions"]["rendition"]["properties"]

BASE: dict[str, Any] = {"rendition": [{"name": "a", "width": 10, "height": 10}]}


def accepted(document: Mapping[str, object]) -> bool:
    try:
        Recipe.from_dict(document)
    except RecipeError:
        return False
    return True


def with_limit(field: str, value: object) -> dict[str, object]:
    return {**BASE, "limits": {field: value}}


def with_field(field: str, value: object) -> dict[str, object]:
    return {"rendition": [{**BASE["rendition"][0], field: value}]}


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_schema_knows_the_same_fields() -> None:
    assert list(SCHEMA["properties"]) == list(RECIPE)
    assert list(OF_LIMITS) == [*LIMITS, "on_truncated"]
    assert list(OF_RENDITION) == list(RENDITION)


def test_the_schema_knows_the_same_words() -> None:
    assert set(OF_RENDITION["gravity"]["anyOf"][0]["enum"]) == set(GRAVITIES)
    assert OF_RENDITION["formats"]["items"]["enum"] == list(FORMATS)
    of_quality, of_effort = (OF_RENDITION[field]["anyOf"][1]["properties"] for field in ("quality", "effort"))
    assert set(of_quality) == {name for name, row in ENCODINGS.items() if row.levels} | {"jpg"}
    assert {name: (rule["minimum"], rule["maximum"]) for name, rule in of_effort.items()} == {
        name: row.efforts for name, row in ENCODINGS.items() if row.efforts
    }


@pytest.mark.parametrize(
    ("field", "document"),
    [(field, with_field(field, rule["default"])) for field, rule in OF_RENDITION.items() if "default" in rule]
    + [(field, with_limit(field, rule["default"])) for field, rule in OF_LIMITS.items() if "default" in rule]
    + [("on_truncated", {**BASE, "on_truncated": SCHEMA["definitions"]["on_truncated"]["default"]})],
)
def test_the_defaults_of_the_schema_are_the_parsers(field: str, document: dict[str, object]) -> None:
    assert Recipe.from_dict(document) == Recipe.from_dict(BASE), field


@pytest.mark.parametrize(
    ("field", "example"),
    [(field, example) for field, rule in OF_RENDITION.items() for example in rule.get("examples", [])],
)
def test_the_examples_of_the_schema_are_valid(field: str, example: object) -> None:
    assert accepted(with_field(field, example))
    assert VALIDATOR.is_valid(with_field(field, example))


@pytest.mark.parametrize("recipe", [Recipe.default(), Recipe.parse(template())])
def test_what_a_recipe_writes_is_valid(recipe: Recipe) -> None:
    assert VALIDATOR.is_valid(recipe.to_dict())


# Values at and beyond every edge; each is tried in every field.
EDGES = """[
    null, true, false, -1, 0, 1, 2, 4, 6, 7, 9, 10, 11, 100, 101, 16383, 16384, 65535, 65536, 1000000,
    1000001, 1125899906842624, 1125899906842625, 0.5, 1.0, 10.0, 10.5, 1e300,
    "", "a", "A", "a_b-c", "-a", "manifests", "reject", "accept", "inside", "contain", "cover", "fill",
    "outside", "skip", "never", "low", "balanced", "high", "best", "hi", "centered", "0.3,0.25", "0,1",
    " .5 , 1.0 ",
    "1.1,0", "0.5", "0.5;0.5", "2,2", "-0.1,0", "64MiB", "25 MB", "10kb", "1B", "1.5GB", "1,5GB", "64",
    "64  MB", "1iB", "MB", "1 PB",
    {}, {"jpeg": 1}, {"jpg": 1}, {"jpeg": 0}, {"png": 0}, {"png": 9}, {"png": 10}, {"png": 50},
    {"original": 1}, {"webp": 0}, {"webp": 1}, {"webp": 6}, {"webp": 7}, {"webp": 101}, {"webp": "high"},
    {"webp": "hi"}, {"webp": true}, {"webp": 2.0}, {"webp": null}, {"avif": 0}, {"avif": 9}, {"avif": 10},
    {"gif": 0}, {"gif": 1}, {"gif": 10}, {"gif": 11}, {"jpeg": 1, "webp": "low"}, {"jpeg": 1, "webpp": 1},
    [], ["jpeg"], ["jpg"], ["jpeg", "webp", "avif", "png", "original"], ["gif"], ["webp", "webp"], ["icc"],
    ["copyright", "icc"], ["icc", "icc"], ["exif"], [null], [1], [[]]
]"""
VALUES: list[Any] = [*json.loads(EDGES), *GRAVITIES, "a" * 64, "a" * 65]


@pytest.mark.parametrize("field", [field for field in [*RENDITION, "unknown"] if field != "background"])
def test_the_schema_and_the_parser_agree_on_renditions(field: str) -> None:
    for value in VALUES:
        document = with_field(field, value)
        assert VALIDATOR.is_valid(document) == accepted(document), value


@pytest.mark.parametrize("field", [*LIMITS, "on_truncated", "unknown"])
def test_the_schema_and_the_parser_agree_on_limits(field: str) -> None:
    for value in VALUES:
        document = with_limit(field, value)
        assert VALIDATOR.is_valid(document) == accepted(document), value


@pytest.mark.parametrize("field", [*RECIPE, "unknown"])
def test_the_schema_and_the_parser_agree_on_the_top(field: str) -> None:
    for value in VALUES:
        document = {**BASE, field: value}
        assert VALIDATOR.is_valid(document) == accepted(document), value


@pytest.mark.parametrize("fit", [None, "inside", "contain", "cover", "fill", "outside"])
@pytest.mark.parametrize("sides", [[], ["width"], ["height"], ["width", "height"]])
@pytest.mark.parametrize("name", [None, "a"])
def test_the_schema_and_the_parser_agree_on_what_is_required(
    fit: str | None, sides: list[str], name: str | None
) -> None:
    rendition = {"name": name, "fit": fit, **dict.fromkeys(sides, 10)}
    document = {"rendition": [{field: value for field, value in rendition.items() if value is not None}]}

    assert VALIDATOR.is_valid(document) == accepted(document)


@pytest.mark.parametrize("count", [0, 1, 50, 51])
def test_the_schema_and_the_parser_agree_on_how_many(count: int) -> None:
    document = {"rendition": [{"name": f"r{index}", "width": 1} for index in range(count)]}

    assert VALIDATOR.is_valid(document) == accepted(document) == (1 <= count <= 50)


@pytest.mark.parametrize(
    "document",
    [
        {"rendition": [{"name": "a", "width": 1}, {"name": "a", "width": 2}]},
        {**BASE, "on_truncated": "accept", "limits": {"on_truncated": "reject"}},
        with_field("background", "whitte"),
        with_field("formats", ["jpeg", "jpg"]),
        with_field("quality", {"jpeg": 1, "jpg": 1}),
        with_limit("max_bytes", "9999TiB"),
    ],
)
def test_what_only_the_parser_can_tell(document: dict[str, object]) -> None:
    """The whole list of what an editor lets pass: names used twice, two words that contradict each other
    or mean the same, how colours are written, and how much a size comes to."""
    assert VALIDATOR.is_valid(document)
    assert not accepted(document)
