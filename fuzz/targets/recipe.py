"""Recipes: any text is a recipe that reads back as it was, or has mistakes that are all told at once."""

from pathlib import Path
from typing import cast

import msgspec

from fuzz import seeds
from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.local.mistakes import checked
from pixmill.recipe import Kind, Recipe, RecipeError, template

_KINDS: tuple[Kind, ...] = ("toml", "json")
_LONGEST = 400


def one(data: bytes) -> None:
    """A recipe, or a `RecipeError` with a place and a sentence for each mistake."""
    text = data.decode("utf-8", "replace")
    for kind in _KINDS:
        try:
            recipe = Recipe.parse(text, kind=kind)
        except RecipeError as error:
            _judge(error)
            hold(not checked(text, kind)["ok"], "the editor sees what the reader sees")
        else:
            _read_back(recipe)
            hold(checked(text, kind)["ok"], "the editor sees what the reader sees")
        msgspec.json.encode(checked(text, kind))


def _judge(error: RecipeError) -> None:
    hold(error.problems and error.code == "invalid-recipe", "a recipe that is refused has mistakes")
    for problem in error.problems:
        hold(problem.path and problem.expected and problem.got, "a mistake has a place and two sides")
        hold(str(problem).isprintable(), "a mistake can be printed")
        hold(len(problem.got) < _LONGEST, "a mistake shows a part of what stands there")


def _read_back(recipe: Recipe) -> None:
    plain = recipe.to_dict()
    again = Recipe.from_dict(plain)
    hold(again == recipe and again.fingerprint == recipe.fingerprint, "what is written reads back")
    written = msgspec.json.encode(plain).decode()
    hold(Recipe.parse(written, kind="json") == recipe, "what is written as JSON reads back")
    nothing: dict[str, object] = {}
    worse = {**plain, "zzz": 1, "rendition": [*cast("list[object]", plain["rendition"]), nothing]}
    try:
        Recipe.from_dict(worse)
    except RecipeError as error:
        hold(len({each.path for each in error.problems}) > 1, "all mistakes are told at once")
    else:
        hold(is_held=False, law="a mistake is told")


def _seeds() -> list[Seed]:
    root = Path(__file__).parents[2]
    found = [
        template().encode(),
        *seeds.texts(root / "examples", ".toml"),
        *seeds.texts(root / "deploy", ".toml"),
    ]
    read = [Recipe.parse(text.decode()) for text in found]
    return [Seed(text, TEXT) for text in (*found, *(msgspec.json.encode(each.to_dict()) for each in read))]


_WORDS = """
[[rendition]] [limits] name width height fit gravity background enlarge formats quality effort sharpen keep
on_truncated max_bytes max_megapixels max_side max_frames max_memory "cover" "contain" "inside" "fill"
"outside" "attention" "jpeg" "webp" "avif" "original" "skip" "transparent" "#fff" "rgb(1" true false null nan
inf -inf 1e999 0x10 1_000 1979-05-27 07:32:00 [] {} [[ ]] = , \\ud800 \\u0000 .. manifests $schema 0.5,0.5
"""

TARGET = Target("recipe", one, _seeds, tuple(word.encode() for word in _WORDS.split()))
