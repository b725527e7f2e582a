"""Bytecode for the target's Python, which saves the worker the compiling at each cold start.

Only an interpreter of the same version writes bytecode that the target reads. The .pyc files are of the
unchecked kind, which are valid whatever the time stamp of their source, and in which nothing depends on this
machine: the sources' paths are those on Lambda.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pixmill.errors import Failed
from pixmill.infra.bundle.packages import find_uv
from pixmill.infra.bundle.target import Target

HOME = PurePosixPath("/var/task")
"""Where Lambda unpacks a bundle."""

_PATIENCE = 20  # seconds for an interpreter to say what it is

_ASK = """
import json, platform, sys
final = sys.version_info.releaselevel == "final"
print(json.dumps([sys.implementation.cache_tag if final else None, platform.python_version()]))
"""

_COMPILE = """
import json, py_compile, sys
for source, compiled, shown in json.load(sys.stdin):
    py_compile.compile(
        source, compiled, shown, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
"""

# Without site, the user's and the current folder: they have no say in what comes out.
_ALONE = ("-S", "-s", "-P", "-B")


class Interpreter(NamedTuple):
    """A Python on this machine."""

    path: str
    version: str


def find_interpreter(target: Target) -> Interpreter | None:
    """The first Python here whose bytecode the target reads: this one, one on the PATH, pyenv's, or uv's."""
    seen = set[str]()
    for path in _candidates(target.python):
        if path not in seen:
            seen.add(path)
            if version := _version(path, target.cache_tag):
                return Interpreter(path, version)
    return None


def compile_sources(
    interpreter: Interpreter, target: Target, sources: Mapping[str, Path], folder: Path
) -> dict[str, Path]:
    """Compile every source.

    Args:
        interpreter: of the target's version.
        target: what to compile for.
        sources: the .py files by their names in the bundle.
        folder: an empty folder to write to.

    Returns:
        The .pyc files by their names in the bundle.

    Raises:
        Failed: `bundle-unfit`: a source is not in the language of that Python.
    """
    compiled = {_compiled_name(name, target): folder / f"{number}.pyc" for number, name in enumerate(sources)}
    jobs = [
        (str(source), str(to), str(HOME / name))
        for (name, source), to in zip(sources.items(), compiled.values(), strict=True)
    ]
    done = subprocess.run(
        [interpreter.path, *_ALONE, "-c", _COMPILE],
        input=json.dumps(jobs).encode(),
        env=_environment(),
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Failed(
            "bundle-unfit", f"Python {interpreter.version} cannot compile the bundle: {' '.join(said)}"
        )
    return compiled


def _compiled_name(source: str, target: Target) -> str:
    path = PurePosixPath(source)
    return str(path.parent / "__pycache__" / f"{path.stem}.{target.cache_tag}.pyc")


def _candidates(python: str) -> Iterator[str]:
    yield sys.executable
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if found := shutil.which(f"python{python}", path=folder or os.curdir):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, _newest_first(pyenv.glob(f"versions/{python}.*/bin/python{python}")))
    yield from _managed_by_uv(python)


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    def patch(path: Path) -> tuple[int, str]:
        number = path.parts[-3].split(".")[-1]
        return (int(number) if number.isdecimal() else -1, number)

    return sorted(paths, key=patch, reverse=True)


def _managed_by_uv(python: str) -> Iterator[str]:
    find = [
        find_uv(),
        "python",
        "find",
        "--quiet",
        "--no-project",
        "--no-python-downloads",
        "--managed-python",
        python,
    ]
    if found := _answer(find):
        yield found


def _version(path: str, cache_tag: str) -> str | None:
    """The full version of the Python at a path, if its released bytecode has that tag."""
    answer = _answer([path, *_ALONE, "-c", _ASK])
    try:
        tag, version = json.loads(answer)
    except ValueError:
        return None  # pyenv stands in for Pythons that it does not run
    return version if tag == cache_tag else None


def _answer(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            text=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.strip()


def _environment() -> dict[str, str]:
    """Ours without what would change how a Python works; constants come out in the same order each time."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "PYTHONHASHSEED": "0"
    }
