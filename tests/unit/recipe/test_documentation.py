"""docs/recipe.md and the recipe that `pixmill init` writes are complete and true."""

import re
from pathlib import Path

import pytest

from pixmill.recipe import Level, Recipe, template
from pixmill.recipe.encoding import ENCODINGS
from pixmill.recipe.limits import LIMITS
from pixmill.recipe.recipe import RECIPE
from pixmill.recipe.rendition import RENDITION

GUIDE = (Path(__file__).parents[3] / "docs" / "recipe.md").read_text("utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^### `(.+?)`\n(.*?)(?=^##|\Z)", GUIDE, re.DOTALL | re.MULTILINE))
FIELDS = [*RECIPE, *LIMITS, *RENDITION]
BASE = '[[rendition]]\nname = "a"\nwidth = 10\nheight = 10\n'


def examples(text: str, language: str = "toml") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def whole(field: str, example: str) -> str:
    """An example as a recipe: those of a rendition's fields leave out their [[rendition]]."""
    if field in RENDITION:
        return f"[[rendition]]\n{example}"
    return example if "[[rendition]]" in example else f"{example}\n{BASE}"


def test_every_field_is_documented_and_no_other() -> None:
    assert sorted(SECTIONS) == sorted(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_a_type_a_default_and_an_example_that_works(field: str) -> None:
    body = SECTIONS[field]
    [example] = examples(body)

    assert re.search(r"^Type: .+\. Default: .+\.$", body, re.MULTILINE)
    assert field in example
    assert (Recipe.parse(whole(field, example)) == Recipe.parse(BASE)) is (field == "$schema")


@pytest.mark.parametrize("field", FIELDS)
def test_every_default_that_is_documented_is_the_default(field: str) -> None:
    default = re.search(r"Default: `(.+)`\.$", SECTIONS[field], re.MULTILINE)
    if default is None:
        return
    setting = f"{field} = {default[1]}\n"
    text = {
        field in RENDITION: BASE + setting,
        field in LIMITS: f"[limits]\n{setting}{BASE}",
        field in RECIPE: setting + BASE,
    }[True]

    assert Recipe.parse(text) == Recipe.parse(BASE)


def test_the_first_example_is_the_same_in_toml_and_in_json() -> None:
    [in_json] = examples(GUIDE, "json")

    assert Recipe.parse(in_json, kind="json") == Recipe.parse(examples(GUIDE)[0])


def test_the_documented_levels_are_the_table() -> None:
    rows = re.findall(r'^\| `"(\w+)"` \| (\d+) \| (\d+) \| (\d+) \| \d+ \|$', GUIDE, re.MULTILINE)

    documented = {level: tuple(map(int, numbers)) for level, *numbers in rows}

    def numbers(level: Level) -> tuple[int, ...]:
        return tuple(row.levels[level] for row in ENCODINGS.values() if row.levels)

    assert documented == {level: numbers(level) for level in ("low", "balanced", "high", "best")}


def test_the_documented_efforts_are_the_table() -> None:
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", GUIDE, re.MULTILINE)

    assert {name: tuple(map(int, numbers)) for name, *numbers in rows} == {
        name: (*row.efforts, row.effort) for name, row in ENCODINGS.items() if row.efforts
    }


def test_the_template_is_a_recipe_without_mistakes() -> None:
    recipe = Recipe.parse(template())

    assert [rendition.name for rendition in recipe.renditions] == ["standard", "thumbnail"]


def test_the_template_without_its_comment_marks_is_a_recipe_too() -> None:
    """Whoever takes a mark away gets what the line says: a default, or another valid choice."""
    text = re.sub(r"^# (?=\[\[|\w+ = )", "", template(), flags=re.MULTILINE)

    recipe = Recipe.parse(text)

    assert [rendition.name for rendition in recipe.renditions] == ["standard", "thumbnail", "hero"]
    assert recipe.limits == Recipe.parse(template()).limits
    assert recipe.renditions[:2] == Recipe.parse(template()).renditions


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "$schema"])
def test_the_template_names_every_field(field: str) -> None:
    assert re.search(rf"^(# )?(\[*{field}\]|{field} = )", template(), re.MULTILINE)


def test_the_template_fits_a_screen_in_width() -> None:
    assert max(map(len, template().split("\n"))) <= 110
