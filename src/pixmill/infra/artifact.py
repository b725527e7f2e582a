"""The bundle that a pipeline deploys: one that was given, or one that is built once and kept."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pixmill.infra.bundle import build, is_bundle
from pixmill.infra.bundle.archive import digest, files_of_pixmill
from pixmill.infra.bundle.bytecode import find_interpreter
from pixmill.infra.bundle.packages import BUILD_LOCK, LOCK
from pixmill.infra.refusal import DeploymentError
from pixmill.recipe.problems import Problem, shown

if TYPE_CHECKING:
    from pixmill.infra.blueprint import Blueprint
    from pixmill.infra.bundle import Target

_PACKAGE = Path(__file__).parents[1]


def bundle_for(blueprint: "Blueprint") -> Path:
    """The bundle to deploy. It is built if there is none of this very Pixmill for this target.

    Raises:
        DeploymentError: the file that was given is no bundle.
        Refused: `uv-not-found`.
        Failed: `packages-unavailable`, `bundle-unfit`; or it cannot be kept.
    """
    if blueprint.bundle is not None:
        given = Path(blueprint.bundle)
        if not is_bundle(given):
            hint = "build it with `pixmill bundle`, or leave it out"
            raise DeploymentError([Problem("bundle", "a bundle of Pixmill", shown(blueprint.bundle), hint)])
        return given
    path = cached(blueprint.target)
    if not is_bundle(path):
        build(path, blueprint.target)
    return path


def cached(target: "Target") -> Path:
    """Where the bundle for a target is kept: under a name that changes with all that goes into it."""
    compiler = find_interpreter(target)
    parts = (
        digest(files_of_pixmill(_PACKAGE, target)),
        hashlib.sha256(LOCK.read_bytes()).hexdigest(),
        hashlib.sha256(BUILD_LOCK.read_bytes()).hexdigest(),
        compiler.version if compiler else "",
    )
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "pixmill", f"{target.architecture}-python{target.python}-{key}.zip")
