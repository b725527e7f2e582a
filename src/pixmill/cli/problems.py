"""Errors as the command line says them: `error[code]: sentence`, a hint, and where to read more."""

from typing import TYPE_CHECKING

from pixmill.cli.terminal import shown, styled, talk
from pixmill.errors import PixmillError
from pixmill.recipe import RecipeError

if TYPE_CHECKING:
    from rich.text import Text


def say_error(error: PixmillError) -> None:
    """Say why a command ends."""
    talk(_headline("error", "bold red", error.code, _sentence(error)))
    if isinstance(error, RecipeError):
        talk(*("  " + shown(str(problem)) for problem in error.problems))
    talk(_line("hint", shown(error.hint)), _line("more", f"pixmill explain {error.code}"))


def problem(kind: str, key: str, code: str, message: str, hint: str) -> "list[Text]":
    """What came of one original, as lines to print.

    Args:
        kind: "rejected" or "failed".
        key: the original's key.
        code: see `pixmill explain`.
        message: what happened.
        hint: what to do.
    """
    style = "yellow" if kind == "rejected" else "bold red"
    name, sentence = shown(key), shown(message)
    # Some messages name their original themselves.
    said = sentence if name in sentence else f"{name}: {sentence}"
    return [_headline(kind, style, code, said), _line("hint", shown(hint))]


def _sentence(error: PixmillError) -> str:
    if not isinstance(error, RecipeError):
        return shown(error.message)
    mistakes = "1 mistake" if len(error.problems) == 1 else f"{len(error.problems)} mistakes"
    return f"{shown(error.name or 'The recipe')} has {mistakes}:"


def _headline(kind: str, style: str, code: str, sentence: str) -> "Text":
    return styled((f"{kind}[{code}]", style), f": {sentence}")


def _line(label: str, text: str) -> "Text":
    return styled("  ", (f"{label}: ", "dim"), text)
