"""Commands as contenders: vipsthumbnail, or ImageMagick's convert, on files in a folder in memory.

    commands.py vipsthumbnail PHOTO ...

A command reads and writes files, so each photo is copied into that folder before any clock runs. That the
program has to start for each is part of what it costs.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from serve import serve_held

SIZES = ("800x600", "150x150")
MEMORY = Path("/dev/shm")  # noqa: S108 - no name in it is known before
ENVIRONMENT = {**os.environ, "VIPS_CONCURRENCY": "1", "VIPS_WARNING": "0", "MAGICK_THREAD_LIMIT": "1"}


def vipsthumbnail(program: str, photo: Path, outputs: list[Path]) -> None:
    """One start for each size. It cannot pad, so it has less to encode than the others."""
    for size, output in zip(SIZES, outputs, strict=True):
        run(program, str(photo), "--size", size, "--output", f"{output}[Q=85,background=255,strip]")


def imagemagick(program: str, photo: Path, outputs: list[Path]) -> None:
    """One start for both, cascaded; the hint lets it shrink a JPEG while it decodes."""
    padding = ("-background", "white", "-gravity", "center", "-extent")
    large, small = SIZES
    run(
        program,
        *("-define", "jpeg:size=1200x900", str(photo), "-colorspace", "sRGB"),
        *("-background", "white", "-flatten", "-quality", "85"),
        *(
            "-thumbnail",
            large,
            "(",
            "+clone",
            *padding,
            large,
            "-write",
            f"jpeg:{outputs[0]}",
            "+delete",
            ")",
        ),
        *("-thumbnail", small, *padding, small, f"jpeg:{outputs[1]}"),
    )


def run(*command: str) -> None:
    subprocess.run(command, env=ENVIRONMENT, check=True)


TOOLS: dict[str, Callable[[str, Path, list[Path]], None]] = {
    "vipsthumbnail": vipsthumbnail,
    "convert": imagemagick,
}


def main() -> None:
    name, program = sys.argv.pop(1), sys.argv.pop(1)
    tool = TOOLS[name]
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        outputs = [Path(folder, f"{number}.jpg") for number in range(len(SIZES))]

        def hold(path: Path) -> Path:
            held = Path(folder, f"photo-{len(list(Path(folder).iterdir()))}{path.suffix}")
            held.write_bytes(path.read_bytes())
            return held

        def render(photo: Path) -> list[bytes]:
            tool(program, photo, outputs)
            return [output.read_bytes() for output in outputs]

        serve_held(render, hold, lambda path: path)


if __name__ == "__main__":
    main()
