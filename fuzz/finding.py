"""A finding as a text file, which is also how a regression is kept: lines of what it is, then its bytes."""

import base64
import hashlib
import textwrap
from pathlib import Path
from typing import NamedTuple

_WIDTH = 100


class Finding(NamedTuple):
    """An input that did what none may do.

    Attributes:
        target: that it was given to.
        why: in one line: what it did, and what to do to have it again.
        data: its bytes.
        told: what else is known, for people.
    """

    target: str
    why: str
    data: bytes
    told: str = ""


def write(found: Finding, folder: Path, name: str) -> Path:
    """Keep a finding in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found.target}-{name}.txt"
    bytes_ = textwrap.fill(base64.b64encode(found.data).decode(), _WIDTH)
    told = f"\n\n{found.told}" if found.told else ""
    path.write_text(f"target: {found.target}\nwhy: {found.why}\n\n{bytes_}{told}\n", "utf-8")
    return path


def read(path: Path) -> Finding:
    """A finding that was kept."""
    head, data, *told = path.read_text("utf-8").split("\n\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Finding(fields["target"], fields["why"], base64.b64decode(data), "".join(told))


def digest(text: str) -> str:
    """A short name for something."""
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
