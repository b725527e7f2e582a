"""Data goes to stdout, talk goes to stderr, and neither can be made to do tricks by a file's name.

Everything printed goes through here: names and messages are escaped by `shown` and never read as markup;
colour is left to rich, which knows pipes, NO_COLOR and TERM=dumb. Loading it is a third of a short command's
time, so a plain line is printed without it.
"""
# ruff: noqa: PLC0415 - rich is what is loaded late

import codecs
import io
import json
import os
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, TextIO

from pixmill.cli import words

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_WIDE = 10_000
"""Columns where there is no terminal: a line is then as long as it is."""

_PLAIN = {words.ARROW: "->", words.TIMES: "x", words.MINUS: "-", "\u2026": "..."}
"""How we spell what we print ourselves where the terminal knows ASCII alone."""

_FALLBACK = "pixmill-plain"
_HIDDEN = re.compile(r"[^\x20-\x7e]")


class ReaderGoneError(Exception):
    """Whoever read our output has closed it."""


def prepare() -> None:
    """Make the standard streams take any character: what they cannot write is spelt in ASCII."""
    codecs.register_error(_FALLBACK, _spelt)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before we came
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_FALLBACK)


def silence() -> None:
    """Send what is still to be flushed nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


@cache
def console(*, talk: bool) -> "Console":
    """The console on stderr (talk) or stdout (data)."""
    from rich.console import Console

    class Ours(Console):
        """Leaves the end of a broken pipe to `main`."""

        def on_broken_pipe(self) -> None:
            raise ReaderGoneError

    made = Ours(stderr=talk, markup=False, highlight=False, emoji=False)
    if not made.is_terminal:
        made.width = int(os.environ.get("COLUMNS") or _WIDE)
    return made


def data(*lines: "RenderableType") -> None:
    """Print a command's result."""
    for line in lines:
        _print(line, talk=False)


def talk(*lines: "RenderableType") -> None:
    """Print what is said about the work."""
    for line in lines:
        _print(line, talk=True)


def _print(line: "RenderableType", *, talk: bool) -> None:
    if isinstance(line, str):
        # To whatever the stream is by now: a bar that is being drawn gets out of the way.
        _write(sys.stderr if talk else sys.stdout, line)
        return
    from rich.text import Text

    screen = console(talk=talk)
    if isinstance(line, Text):
        screen.print(line, soft_wrap=True)
    elif screen.is_terminal:
        screen.print(line)
    else:
        # rich fills a table's last column with spaces, which nobody wants in a file.
        with screen.capture() as captured:
            screen.print(line)
        rows = captured.get().splitlines()
        screen.print("\n".join(row.rstrip() for row in rows), soft_wrap=True)


def _write(stream: TextIO, line: str) -> None:
    try:
        stream.write(line + "\n")
        stream.flush()
    except BrokenPipeError:
        raise ReaderGoneError from None


def json_line(value: object) -> None:
    """Print one JSON value on one line, in which no character can disturb a terminal."""
    encoding = (sys.stdout.encoding or "").lower()
    text = json.dumps(value, ensure_ascii=not encoding.startswith("utf"))
    text = _HIDDEN.sub(lambda match: match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1], text)
    _write(sys.stdout, text)


def styled(*parts: "str | tuple[str, str]") -> "Text":
    """A line of which some parts, each with its style, are set off."""
    from rich.text import Text

    return Text.assemble(*parts)


def grid(*headings: str) -> "Table":
    """A table without lines: its columns stand apart, with or without headings."""
    from rich.table import Table

    table = Table(
        box=None, show_header=bool(headings), header_style="bold", padding=(0, 2, 0, 0), pad_edge=False
    )
    for heading in headings:
        table.add_column(heading)
    return table


def shown(text: str) -> str:
    r"""A name or a message in one line, with everything that is not a printable character escaped.

    >>> shown("caf\x1b[31m\n.jpg")
    'caf\\x1b[31m\\n.jpg'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _spelt(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_PLAIN.get(each) or each.encode("unicode_escape").decode() for each in wrong), error.end
