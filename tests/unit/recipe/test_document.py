"""Recipes as files: what can be read, and where the first character is that cannot."""

import json
from pathlib import Path

import pytest

from pixmill.errors import Refused
from pixmill.recipe import Recipe, RecipeError, template

TOML = '[[rendition]]\nname = "small"\nwidth = 3\n'
JSON = '{"$schema": "recipe.schema.json", "rendition": [{"name": "small", "width": 3}]}'


def mistake(path: Path) -> str:
    with pytest.raises(RecipeError) as caught:
        Recipe.load(path)
    assert caught.value.name == path.name
    return str(caught.value)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML)
    (tmp_path / "a.JSON").write_text(JSON)

    assert Recipe.load(tmp_path / "a.toml") == Recipe.load(str(tmp_path / "a.JSON"))


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_from_windows_are_read(tmp_path: Path, lead: bytes, end: str) -> None:
    path = tmp_path / "pixmill.toml"
    path.write_bytes(lead + TOML.replace("\n", end).encode())

    assert Recipe.load(path) == Recipe.parse(TOML)


@pytest.mark.parametrize("name", ["none.toml", "none.json", "none.txt", "file.toml/pixmill.toml"])
def test_a_recipe_that_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.toml").touch()
    with pytest.raises(Refused) as caught:
        Recipe.load(tmp_path / name)

    assert caught.value.code == "recipe-not-found"
    assert str(tmp_path / name) in str(caught.value)


def test_a_folder_is_no_recipe(tmp_path: Path) -> None:
    assert mistake(tmp_path) == f"`{tmp_path}`: expected a file that can be read, got a folder"


def test_a_recipe_is_toml_or_json_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "pixmill.yaml"
    path.write_text(TOML)

    assert mistake(path) == f'`{path}`: expected a name that ends in .toml or .json, got "pixmill.yaml"'


def test_text_that_is_not_utf_8_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "pixmill.toml"
    path.write_bytes("[limits]\n# ä".encode("latin-1"))

    assert mistake(path) == "`pixmill.toml:2:3`: expected text in UTF-8, got the byte 0xe4"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[limits]\n\nmax_side 3\n",
            "`pixmill.toml:3:10`: expected valid TOML, got `max_side 3`; Expected '='",
        ),
        ("[limits]\nmax_side = ", "`pixmill.toml:2:12`: expected valid TOML, got the end of the file; "),
        ("a = 1\na = 2\n", "`pixmill.toml:2:6`: expected valid TOML, got `a = 2`; Cannot overwrite a value"),
        ("a = 1\na = 2", "`pixmill.toml:2:6`: expected valid TOML, got "),
        ("\n\n[[rendition]\n", "`pixmill.toml:3:12`: expected valid TOML, got `[[rendition]`; "),
        ("a = " + "[" * 100_000, "`pixmill.toml`: expected a recipe, got tables nested without end"),
    ],
)
def test_toml_that_is_none_is_named_by_its_place(text: str, expected: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(text)

    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n  "limits": {,}\n}', '`pixmill.json:2:14`: expected valid JSON, got `"limits": {,}`; '),
        ("", "`pixmill.json:1:1`: expected valid JSON, got an empty line; Expecting value"),
        (
            '{"a": 1, "b": {"c": 1, "c": 2}}',
            "`pixmill.json`: expected each key once, got `c` twice in one obj",
        ),
        ('{"a": NaN}', "`pixmill.json`: expected valid JSON, got NaN"),
        ("1" * 5000, "`pixmill.json`: expected valid JSON, got a number of thousands of digits"),
        ("[" * 100_000, "`pixmill.json`: expected a recipe, got tables nested without end"),
    ],
)
def test_json_that_is_none_is_named_by_its_place(text: str, expected: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(text, kind="json")

    assert str(caught.value).startswith(expected)


def test_a_recipe_has_the_name_that_it_is_given() -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse("{", kind="json", name="s3://bucket/recipe.json")

    assert caught.value.name == "s3://bucket/recipe.json"
    assert str(caught.value).startswith("`s3://bucket/recipe.json:1:2`")


def test_a_recipe_is_written_as_json_that_reads_back() -> None:
    recipe = Recipe.parse(template())

    assert Recipe.parse(json.dumps(recipe.to_dict()), kind="json") == recipe
