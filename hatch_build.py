"""The one part of Pixmill that is compiled, for all processors at once, so that one wheel serves them all.

Both libraries need nothing but the processor, no C library either, and are the same bytes wherever they are
made: the compiler is pinned, and brings all it needs.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("src/pixmill/engine/lanczos")
SOURCE = FOLDER / "lanczos.c"
MACHINES = ("aarch64", "x86_64")

_OPTIONS = (
    "-std=c11",
    "-O3",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-psabi",  # vectors are handed on within the file only
    "-fno-sanitize=all",
    "-fno-builtin",
    "-fvisibility=hidden",
    "-shared",
    "-nostdlib",
    "-s",
    "-Wl,--build-id=none",
)


def library(folder: Path, machine: str) -> Path:
    """Where the library for a processor stands: not where Python would take it for a module."""
    return folder / "lib" / f"{machine}.so"


def build(root: Path, folder: Path, machine: str) -> Path:
    """Compile the library for a processor, to stand below a folder."""
    made = library(folder.resolve(), machine)
    made.parent.mkdir(exist_ok=True)
    compiler = (sys.executable, "-m", "ziglang", "cc", "-target", f"{machine}-linux-none")
    # From the root and by a relative name: no path of the machine gets into the file.
    subprocess.run((*compiler, *_OPTIONS, "-o", str(made), str(SOURCE)), cwd=root, check=True, timeout=300)
    return made


class LanczosHook(BuildHookInterface[Any]):
    """Compiles before a wheel is filled, or the source tree is installed as it stands."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        """Compile for all processors; what git ignores has to be named to get into the wheel."""
        root = Path(self.root)
        for machine in MACHINES:
            made = build(root, root / FOLDER, machine)
            build_data["artifacts"].append(made.relative_to(root).as_posix())
