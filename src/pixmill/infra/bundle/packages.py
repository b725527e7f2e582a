"""The packages that the worker needs, installed for another machine by uv, without Docker.

`lambda.txt` is the lock: exact versions with the hashes of their files. It is part of the package, so that a
Pixmill that was installed from a wheel builds the same bundle as a checkout. uv takes nothing whose hash is
not in it.

pyvips alone is not on the index as a wheel. Its source is what the lock pins, and its wheel is built here:
plain Python, as `_pure` sees to, by the build tools that `lambda-build.txt` pins in the same way.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pixmill.errors import Failed, Refused
from pixmill.infra.bundle.target import Target

LOCK = Path(__file__).with_name("lambda.txt")
BUILD_LOCK = Path(__file__).with_name("lambda-build.txt")

_LONGEST = 400

# Where packages come from and how they are fetched is the user's to set; what is installed is not.
_DECIDED_HERE = (
    *(
        "UV_BUILD_CONSTRAINT",
        "UV_COMPILE_BYTECODE",
        "UV_CONSTRAINT",
        "UV_EXCLUDE",
        "UV_NO_BINARY",
        "UV_NO_BUILD",
    ),
    *(
        "UV_ONLY_BINARY",
        "UV_OVERRIDE",
        "UV_PREFIX",
        "UV_PRERELEASE",
        "UV_PYTHON",
        "UV_RESOLUTION",
        "UV_TARGET",
    ),
)


def install(target: Target, folder: Path) -> None:
    """Install what is locked into a folder, as `target` needs it.

    Raises:
        Refused: `uv-not-found`.
        Failed: `packages-unavailable`: a package could not be fetched, or is not the one that was locked.
    """
    command = [
        *(find_uv(), "pip", "install", "--quiet", "--no-progress", "--no-python-downloads"),
        *("--require-hashes", "--no-deps", "--requirements", str(LOCK)),
        *(
            "--python",
            sys.executable,
            "--python-platform",
            target.platform,
            "--python-version",
            target.python,
        ),
        *("--only-binary", ":all:", *_pure("pyvips"), "--build-constraints", str(BUILD_LOCK)),
        *("--target", str(folder)),
    ]
    # The current folder is ours, so that no project's settings for uv come in.
    done = subprocess.run(
        command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise Failed("packages-unavailable", f"uv could not install the packages: {said[:_LONGEST]}")


def find_uv() -> str:
    """Where uv is: beside this Python, or else on the PATH.

    Raises:
        Refused: `uv-not-found`.
    """
    places = (str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))
    found = shutil.which("uv", path=os.pathsep.join(places))
    if found is None:
        raise Refused("uv-not-found")
    return str(Path(found).absolute())


def _pure(package: str) -> list[str]:
    """Options that have uv build a package from its source, and not take a wheel that was built before.

    Where libvips' headers are installed, pyvips would compile a library for this machine; it looks for them
    with pkg-config. uv keeps the wheels that it has built, for whomever, under the settings they were built
    with; a setting that setuptools does not know keeps ours apart from theirs, and from those of other tools.
    """
    tools = hashlib.sha256(BUILD_LOCK.read_bytes()).hexdigest()
    return ["--no-binary", package, "--config-settings-package", f"{package}:pixmill-tools={tools}"]


def _environment() -> dict[str, str]:
    """Ours, less what would change the result, with a pkg-config that finds nothing: see `_pure`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DECIDED_HERE)}
    return kept | {"PKG_CONFIG": "false"}
