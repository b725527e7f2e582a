"""What is wrong with a recipe, said so that it can be mended at once."""

from collections.abc import Iterable, Mapping
from datetime import date, time

import msgspec

from pixmill.errors import Refused

_SHOWN = 40
"""Characters of a value that a message repeats; enough to find it, never a screenful."""


class Problem(msgspec.Struct, frozen=True):
    """One mistake.

    Attributes:
        path: where it is, such as `rendition[1].width` (counted from 0) or `pixmill.toml:3:9`.
        expected: what can stand there.
        got: what stands there.
        hint: what was probably meant.
    """

    path: str
    expected: str
    got: str
    hint: str | None = None

    def __str__(self) -> str:
        sentence = f"`{self.path}`: expected {self.expected}, got {self.got}"
        return f"{sentence}; {self.hint}" if self.hint else sentence


class RecipeError(Refused):
    """The recipe has mistakes. Its text lists all of them, one a line.

    Args:
        problems: every mistake, in the order of the document.
        name: what the recipe is called, usually its file's name.
    """

    def __init__(self, problems: Iterable[Problem], name: str | None = None) -> None:
        self.problems = tuple(problems)
        self.name = name
        super().__init__("invalid-recipe", "\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process boundaries whole."""
        return RecipeError, (self.problems, self.name)


def shown(value: object) -> str:
    """A value as a message shows it: in the file's own notation, printable, cut to a sane length."""
    match value:
        case None:
            text = "null"
        case bool():
            text = "true" if value else "false"
        case int():
            # Turning a number of many thousand digits into text is an error in Python.
            text = str(value) if value.bit_length() <= 4 * _SHOWN else "an enormous number"
        case float():
            text = repr(value)
        case str():
            text = f'"{shown_text(value)}"'
        case Mapping():
            text = "a table"
        case list() | tuple():
            text = "a list" if value else "an empty list"
        case date() | time():
            text = "a date or a time"
        case _:
            text = f"a value of type {shown_text(type(value).__name__)}"
    return text


def shown_text(text: str) -> str:
    """Text without quotes, escaped where it cannot be printed, cut to a sane length."""
    cut = text[:_SHOWN] + "…" * (len(text) > _SHOWN)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None if nothing is near."""
    if not isinstance(word, str):
        return None
    # Only a mistake pays for this import.
    import difflib  # noqa: PLC0415

    # The search takes quadratic time; no known word is longer than this.
    found = difflib.get_close_matches(word[:_SHOWN].lower(), list(known), n=1)
    return found[0] if found else None


def did_you_mean(word: object, known: Iterable[str], quote: str = "`") -> str | None:
    """The hint that names the nearest known word, if there is one."""
    found = nearest(word, known)
    return f"did you mean {quote}{found}{quote}?" if found else None
