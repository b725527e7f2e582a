"""The mistakes of a recipe, as an editor shows them: with the line that each is on, where that is known."""

import re
from typing import Any

from pixmill.local.words import count
from pixmill.recipe import Kind, Problem, Recipe, RecipeError

_POSITION = re.compile(r":(\d+):\d+\Z")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")


def checked(text: str, kind: Kind) -> dict[str, Any]:
    """Whether a text is a recipe, and if not, why."""
    try:
        recipe = Recipe.parse(text, kind=kind)
    except RecipeError as error:
        problems = [_described(problem, text, kind) for problem in error.problems]
        return {"ok": False, "problems": problems, "summary": count(len(problems), "mistake")}
    return {"ok": True, "problems": [], "summary": _summary(recipe)}


def _described(problem: Problem, text: str, kind: Kind) -> dict[str, Any]:
    said = f"expected {problem.expected}, got {problem.got}" + (f"; {problem.hint}" if problem.hint else "")
    line = _line(problem.path, text) if kind == "toml" else _position(problem.path)
    return {"path": problem.path, "message": said} | ({"line": line} if line else {})


def _summary(recipe: Recipe) -> str:
    files = sum(len(rendition.formats) for rendition in recipe.renditions)
    return f"{count(len(recipe.renditions), 'rendition')}, {count(files, 'file')} for each original"


def _position(path: str) -> int | None:
    found = _POSITION.search(path)
    return int(found[1]) if found else None


def _line(path: str, text: str) -> int | None:
    """The line of a field in TOML as people write it: tables in brackets, a field a line."""
    if found := _position(path):
        return found
    steps = [name or int(number) for name, number in _STEP.findall(path)]
    best, at, counts = None, list[str | int](), dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            name = table[2]
            at = [name]
            if table[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                at = [name, counts[name]]
            if at == steps[: len(at)]:
                best = number
        field = line.partition("=")[0].strip()
        if field and [*at, field] == steps[: len(at) + 1]:
            return number
    return best
