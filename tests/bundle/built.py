"""Bundles as the tests need them, each built once in a run, and the Pythons here that can run one."""

import platform
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from pixmill.infra.bundle import Architecture, Bundle, Python, Target, build
from pixmill.infra.bundle.bytecode import Interpreter, find_interpreter

HOST = cast("Architecture", {"aarch64": "arm64"}.get(platform.machine(), platform.machine()))
"""Lambda's name for the processor of this machine."""


@dataclass(frozen=True, slots=True)
class OwnTarget(Target):
    """A Python that Lambda may not offer with these wheels, but that is here."""

    def __post_init__(self) -> None:
        """Any version is well."""


@cache
def runnable() -> tuple[tuple[Target, Interpreter], ...]:
    """What this machine can run: each Python of a bundle that is here, 3.13 first, or else this very one."""
    if sys.platform != "linux" or HOST not in get_args(Architecture):
        return ()
    versions = sorted(get_args(Python), key=lambda version: version != Target().python)
    targets = [Target(HOST, version) for version in versions]
    own = OwnTarget(HOST, cast("Any", "{}.{}".format(*sys.version_info)))
    found = [(target, here) for target in targets if (here := find_interpreter(target))]
    return tuple(found) or ((own, Interpreter(sys.executable, platform.python_version())),)


@cache
def built(target: Target, base: Path) -> Bundle:
    """The bundle for a target, as the command builds it."""
    return build(base / f"{target.architecture}-{target.python}.zip", target)


@cache
def unzipped(target: Target, base: Path) -> Path:
    """The folder that Lambda would unpack the bundle to. Do not write there."""
    folder = base / f"task-{target.architecture}-{target.python}"
    with zipfile.ZipFile(built(target, base).path) as archive:
        archive.extractall(folder)
    return folder
