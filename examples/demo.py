"""What `make demo` runs: the sample photos become renditions, and a page to look at.

It calls the command line as anybody would, from the project's folder, and shows each command first.
"""
# ruff: noqa: INP001 - a script among samples, not a package

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESTINATION = "out/demo"
SYNC = ["sync", "examples/photos", DESTINATION, "--recipe", "examples/demo.toml"]


def main() -> None:
    """Sync, sync again, write the contact sheet, and say where to look."""
    shutil.rmtree(ROOT / DESTINATION, ignore_errors=True)
    pixmill(*SYNC)
    say("\nA second run looks at everything and finds nothing to do:")
    pixmill(*SYNC)
    say("\nOne page shows every original with all that was made of it:")
    pixmill("sheet", "examples/photos", DESTINATION)
    say(f"\nLook at {DESTINATION}: open {DESTINATION}/index.html in a browser. It needs no server.")


def pixmill(*arguments: str) -> None:
    """Run one command; if it fails, so does the demo."""
    say(f"\n$ pixmill {shlex.join(arguments)}")
    done = subprocess.run([sys.executable, "-m", "pixmill.cli", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def say(line: str) -> None:
    """Print at once, so that it stands before what the next command prints."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
