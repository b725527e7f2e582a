"""Terminals, pipes, locales, and names that try to do something to them."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest
from tests.cli.command import COMMAND, Run, jpeg

SYNC = ("sync", "photos", "renditions")
ESCAPE = "\x1b"
SEQUENCE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile("\x1b\\[[0-9;]*3[0-9]")
HOSTILE = {
    "a\x1b[31mred.jpg": "a\\x1b[31mred.jpg",
    "line\nbreak.jpg": "line\\nbreak.jpg",
    "\x1b]0;title\x07.jpg": "\\x1b]0;title\\x07.jpg",
    "\u202egpj.exe": "\\u202egpj.exe",
    "[red]a[/red].jpg": "[red]a[/red].jpg",
    ":smile:.jpg": ":smile:.jpg",
}


def _all_of(descriptor: int) -> str:
    """What is written to a terminal until nobody has it open any more."""
    shown = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(descriptor)
    return shown.decode()


def on_terminal(here: Path, *arguments: str, columns: int = 100, **environment: str) -> str:
    """What `pixmill` shows on a terminal that is this wide."""
    try:
        ours, its = pty.openpty()
    except OSError as error:
        pytest.skip(f"this system gives no terminals: {error}")
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", **environment}
    with subprocess.Popen([*COMMAND, *arguments], cwd=here, env=env, stdin=its, stdout=its, stderr=its):
        os.close(its)
        return _all_of(ours)


@pytest.mark.usefixtures("photos")
def test_on_a_terminal_a_sync_shows_a_bar_and_colour(here: Path) -> None:
    shown = on_terminal(here, *SYNC)

    assert "Working" in shown
    assert "/3" in shown
    assert COLOUR.search(shown)
    assert "rejected[not-an-image]" in shown


@pytest.mark.usefixtures("photos")
def test_no_color_means_no_colour(here: Path) -> None:
    shown = on_terminal(here, *SYNC, NO_COLOR="1")

    assert "Working" in shown
    assert not COLOUR.search(shown)


@pytest.mark.usefixtures("photos")
def test_a_dumb_terminal_gets_plain_lines(here: Path) -> None:
    shown = on_terminal(here, *SYNC, TERM="dumb")

    assert ESCAPE not in shown
    assert "Working" not in shown
    assert "rejected[not-an-image]" in shown


@pytest.mark.usefixtures("photos")
def test_a_narrow_terminal_is_wide_enough(here: Path) -> None:
    shown = SEQUENCE.sub("", on_terminal(here, *SYNC, columns=40))

    assert "Traceback" not in shown
    assert "Originals  3" in shown
    assert max(len(line) for line in shown.split("Originals")[1].splitlines()) <= 40


@pytest.mark.usefixtures("photos")
def test_a_bar_does_not_tear_data_apart_that_go_to_the_same_terminal(here: Path) -> None:
    shown = on_terminal(here, *SYNC, "--json")

    assert "Working" not in shown
    assert sum(1 for line in shown.splitlines() if line.startswith("{")) == 4


@pytest.mark.usefixtures("photos")
def test_data_go_where_they_are_sent_while_a_bar_is_drawn(here: Path) -> None:
    ours, its = pty.openpty()
    with (
        (here / "lines").open("wb") as lines,
        subprocess.Popen([*COMMAND, *SYNC, "--json"], cwd=here, stdin=its, stdout=lines, stderr=its),
    ):
        os.close(its)
        shown = _all_of(ours)

    assert "Working" in shown
    assert '"action"' not in shown
    assert sum(1 for line in (here / "lines").read_text().splitlines() if line.startswith("{")) == 4


@pytest.mark.usefixtures("photos")
def test_a_pipe_gets_no_control_sequences_and_no_bar(pixmill: Run) -> None:
    for arguments in (SYNC, ("sheet", *SYNC[1:]), ("show", "photos/a.jpg"), ("explain",), ("--help",)):
        done = pixmill(*arguments)

        assert done.status == 0
        assert ESCAPE not in done.out + done.err
        assert "Working" not in done.err


def test_lines_in_a_pipe_have_no_spaces_at_their_end(pixmill: Run) -> None:
    out = pixmill("explain").out

    assert [line for line in out.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_reaches_no_terminal_raw(pixmill: Run, here: Path, name: str) -> None:
    """Not as a control sequence, not as a line of its own, not as rich's markup."""
    path = here / "photos" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not an image")

    done = pixmill(*SYNC)

    assert f"rejected[not-an-image]: {HOSTILE[name]}: The bytes" in done.err
    assert all(each.isprintable() for each in done.err.replace("\n", ""))


def test_control_characters_are_escaped_in_json(pixmill: Run, here: Path) -> None:
    (here / "photos").mkdir()
    name = "a\x1b[31m\x9b\u202e.jpg"
    (here / "photos" / name).write_bytes(jpeg())

    out = pixmill(*SYNC, "--json").out

    assert all(each.isprintable() for each in out.replace("\n", ""))
    assert json.loads(out.splitlines()[0])["key"] == name


def test_a_name_that_is_no_text_can_be_named_and_shown(pixmill: Run, here: Path) -> None:
    name = b"caf\xe9.jpg"
    with open(os.fsencode(here) + b"/" + name, "wb") as file:  # noqa: PTH123 - pathlib does not take bytes
        file.write(jpeg())

    assert "caf\\udce9.jpg" in pixmill("show", name).out
    assert json.loads(pixmill("show", name, "--json").out)["image"] == os.fsdecode(name)
    assert pixmill("render", name, "-o", "out").status == 0


def test_a_locale_that_is_not_utf_8_gets_ascii(pixmill: Run, here: Path) -> None:
    (here / "photos").mkdir()
    (here / "photos" / "n\u00e9e.jpg").write_bytes(jpeg())
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    shown = pixmill("show", "photos/n\u00e9e.jpg", **ascii_only)
    synced = pixmill(*SYNC, "--json", **ascii_only)

    assert (shown.status, synced.status) == (0, 0)
    assert shown.out.isascii()
    assert "60x40" in shown.out
    assert synced.out.isascii()
    assert json.loads(synced.out.splitlines()[0])["key"] == "n\u00e9e.jpg"


def test_a_path_is_not_read_as_markup(pixmill: Run) -> None:
    assert "Wrote [bold].toml." in pixmill("init", "[bold].toml").err
    assert "[bold].toml is a valid recipe" in pixmill("check", "[bold].toml").out
