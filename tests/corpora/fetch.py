"""Archives come through the clients of the package registries, and none of their code is run.

Debian's source packages and npm's packages can be had as they are. pip cannot be asked for that: it builds a
source distribution to learn of its metadata, and so runs it.
"""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tests.corpora.sources import CACHE, Source

_SECONDS = 180
_APT = CACHE / "apt"
_LISTS = Path("/etc/apt")


class Unavailable(Exception):  # noqa: N818 - a state of this machine, not a fault
    """An archive cannot be had here; the text says why."""


def fetch(source: Source) -> None:
    """See to the pictures of a source being in its folder.

    Raises:
        Unavailable: the client, the network or this version of the package is missing.
    """
    if source.folder.is_dir():
        return
    archive = CACHE / source.archive
    if not source.is_in(archive):
        _CLIENTS[source.client](source)
        if not source.is_in(archive):
            raise Unavailable(f"{source.client} has another {source.package} than {source.archive}")
    source.unpack(archive)
    archive.unlink()


def _npm(source: Source) -> None:
    _run("npm", "pack", "--silent", "--ignore-scripts", "--fetch-retries=0", source.package)


def _apt(source: Source) -> None:
    """Ask for the upstream archive alone; lists of sources are kept here, beside the machine's own."""
    problem = _list_sources()
    if problem:
        raise Unavailable(problem)
    _run(
        "apt-get", *_apt_options(), "source", "--download-only", "--tar-only", "--only-source", source.package
    )


@cache
def _list_sources() -> str:
    """Ask the machine's own archives, once, what they offer as sources; says why if they do not tell."""
    if _APT.is_dir():
        return ""
    partial = _APT.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "parts").mkdir(parents=True)
    for folder in ("lists/partial", "cache/archives/partial"):
        (partial / folder).mkdir(parents=True)
    for path in (_LISTS / "sources.list", *(_LISTS / "sources.list.d").glob("*")):
        if path.is_file() and path.suffix in {".list", ".sources"}:
            lines = path.read_text().splitlines()
            (partial / "parts" / path.name).write_text("\n".join(map(_as_source, lines)) + "\n")
    partial.rename(_APT)
    try:
        _run("apt-get", *_apt_options(), "update", "--quiet")
        problem = "" if any((_APT / "lists").glob("*_Sources*")) else "apt-get reached no archive of sources"
    except Unavailable as error:
        problem = str(error)
    if problem:
        shutil.rmtree(_APT)
    return problem


def _as_source(line: str) -> str:
    """A line of a list of archives, in either of its two notations, for sources instead of binaries."""
    if line.startswith("Types:"):
        return "Types: deb-src"
    return f"deb-src{line[3:]}" if line.startswith("deb ") else line


def _apt_options() -> list[str]:
    settings = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": str(_APT / "parts"),
        "Dir::State::Lists": str(_APT / "lists"),
        "Dir::Cache": str(_APT / "cache"),
        "Acquire::Retries": "1",
        "Acquire::http::Timeout": "20",
        "APT::Sandbox::User": "root",  # its own user may not write here
    }
    return [f"--option={name}={value}" for name, value in settings.items()]


def _run(program: str, *arguments: str) -> None:
    """Run a client in the cache.

    Raises:
        Unavailable: there is no such client, or it failed.
    """
    found = shutil.which(program)
    if not found:
        raise Unavailable(f"{program} is not on this machine")
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            [found, *arguments], cwd=CACHE, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{program} took more than {_SECONDS} s") from error
    if done.returncode:
        said = (done.stderr.strip() or "nothing").splitlines()[-1]
        raise Unavailable(f"{program} failed and said: {said}")


_CLIENTS: Mapping[str, Callable[[Source], None]] = {"apt": _apt, "npm": _npm}
