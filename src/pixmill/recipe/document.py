"""TOML and JSON text into a mapping, with the place of what cannot be read."""

import re
from typing import TYPE_CHECKING, Literal, NoReturn

from pixmill.errors import Refused
from pixmill.recipe.problems import Problem, RecipeError, shown, shown_text

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["toml", "json"]

_SUFFIXES: dict[str, Kind] = {".toml": "toml", ".json": "json"}
_PLACE = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"


def load_document(path: "Path") -> tuple[str, Kind]:
    """The text of a file, and what it is by its suffix.

    Raises:
        Refused: `recipe-not-found`.
        RecipeError: it cannot be read, is not UTF-8, or has another suffix.
    """
    kind = _SUFFIXES.get(path.suffix.lower())
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("recipe-not-found", f"There is no recipe at {path}.") from None
    except (OSError, ValueError) as error:
        reason = "a folder" if path.is_dir() else str(getattr(error, "strerror", None) or error)
        raise _unreadable(str(path), "a file that can be read", reason, path.name) from error
    if kind is None:
        raise _unreadable(str(path), "a name that ends in .toml or .json", shown(path.name), path.name)
    try:
        # Some editors on Windows begin a file with a byte order mark; neither parser takes one.
        return content.decode("utf-8-sig"), kind
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        got = f"the byte 0x{content[error.start]:02x}"
        raise _unreadable(_position(path.name, before), "text in UTF-8", got, path.name) from error


def parse_document(text: str, kind: Kind, name: str) -> object:
    """What a text says, as plain Python values.

    Raises:
        RecipeError: the text is not TOML, or not JSON.
    """
    parse = _parse_toml if kind == "toml" else _parse_json
    try:
        return parse(text, name)
    except RecursionError:
        raise _unreadable(name, "a recipe", "tables nested without end", name) from None


def _parse_toml(text: str, name: str) -> object:
    # A recipe that comes as JSON, as in Lambda, does not pay for this import.
    import tomllib  # noqa: PLC0415

    try:
        return tomllib.loads(text)
    except ValueError as error:
        reason = str(error)
        if (match := re.search(_PLACE, reason)) is None:
            raise _unreadable(name, "valid TOML", "something else", name, reason) from None
        reason = reason[: match.start()]
        if match[1] is None:
            end = _position(name, text)
            raise _unreadable(end, "valid TOML", "the end of the file", name, reason) from None
        line = text.split("\n")[int(match[1]) - 1]
        raise _unreadable(f"{name}:{match[1]}:{match[2]}", "valid TOML", _line(line), name, reason) from None


def _parse_json(text: str, name: str) -> object:
    import json  # noqa: PLC0415 - a recipe that comes as TOML does not pay for this import

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _unreadable(name, "each key once", f"`{shown_text(twice)}` twice in one object", name)
        return found

    def constant(word: str) -> NoReturn:
        raise _unreadable(name, "valid JSON", word, name)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=constant)
    except json.JSONDecodeError as error:
        line = error.doc.split("\n")[error.lineno - 1]
        place = f"{name}:{error.lineno}:{error.colno}"
        raise _unreadable(place, "valid JSON", _line(line), name, error.msg) from None
    except ValueError:
        raise _unreadable(name, "valid JSON", "a number of thousands of digits", name) from None


def _line(line: str) -> str:
    text = line.strip()
    return f"`{shown_text(text)}`" if text else "an empty line"


def _position(name: str, before: str) -> str:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{name}:{line}:{column}"


def _unreadable(path: str, expected: str, got: str, name: str, hint: str | None = None) -> RecipeError:
    return RecipeError([Problem(path, expected, got, hint)], name)
