"""The command line as users have it: another process with its own streams."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

COMMAND = [sys.executable, "-m", "pixmill.cli"]


@dataclass(frozen=True)
class Done:
    """What a command that has ended leaves."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


def in_process(home: Path) -> Run:
    """A function that runs `pixmill` with these arguments and environment variables in a folder."""

    def run(*arguments: str | bytes | Path, **environment: str) -> Done:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=home,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, *(stream.decode("utf-8") for stream in (done.stdout, done.stderr)))

    return run


def jpeg(width: int = 60, height: int = 40, colour: str = "teal") -> bytes:
    """A small picture of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "JPEG")
    return data.getvalue()
