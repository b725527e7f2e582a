"""The floor, compiled when the bench runs: libjpeg-turbo alone, at the scale at which the engine decodes."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from packages import Missing, debian

from pixmill.geometry import OVERSAMPLE

SOURCE = Path(__file__).parent / "contenders" / "floor.c"
MARGIN = (f"-DMARGIN_OVER={OVERSAMPLE[0]}", f"-DMARGIN_UNDER={OVERSAMPLE[1]}")
FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra", *MARGIN)


def compiled(folder: Path) -> Path:
    """The program. Debian's libjpeg-turbo, with its SIMD: newer ones were measured and are no faster."""
    digest = hashlib.sha256(SOURCE.read_bytes() + repr(FLAGS).encode()).hexdigest()[:12]
    program = folder / f"floor-{digest}"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if _compile(program):
            debian("gcc", "libc6-dev", "libjpeg62-turbo-dev")
            complaint = _compile(program)
            if complaint:
                raise Missing(f"it does not compile: {complaint.splitlines()[0]}")
    return program


def _compile(program: Path) -> str | None:
    """Returns the compiler's complaint, if it has one."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return "there is no gcc"
    print("compiling the floor ...", file=sys.stderr)
    command = [compiler, *FLAGS, str(SOURCE), "-o", str(program), "-ljpeg"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr or "it said nothing") if done.returncode else None
