"""What guides a campaign, apart from what else the tests run with: set up under build/fuzz by its lock."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from pixmill.errors import PixmillError
from pixmill.infra.bundle.packages import find_uv

LOCK = Path(__file__).with_name("requirements.txt")

_SECONDS = 300


class Unavailable(Exception):  # noqa: N818 - a state of this machine, not a fault
    """The packages cannot be had here; the text says why."""


def installed(build: Path) -> Path:
    """The folder that holds them; kept for as long as the lock stays the same.

    Raises:
        Unavailable: there is no wheel for this machine, no uv, or no network.
    """
    version = "".join(map(str, sys.version_info[:2]))
    folder = build / f"packages-{version}-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        command = [
            *(find_uv(), "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"),
            *("--python", sys.executable, "--target", str(partial), "--requirements", str(LOCK)),
        ]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_SECONDS)
    except (PixmillError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        raise Unavailable(said.decode(errors="replace").strip().partition("\n")[0]) from error
    partial.rename(folder)
    return folder
