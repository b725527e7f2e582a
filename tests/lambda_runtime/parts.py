"""What stands in for Lambda, set up once under build/lambda by its locks: AWS's runtime and AWS's emulator.

The runtime interface client (`awslambdaric`) is what runs a handler on Lambda. The runtime interface emulator
is a program of AWS's, which the SAM command line carries along for two processors.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
from functools import cache
from pathlib import Path

from pixmill.infra.bundle.bytecode import Interpreter
from pixmill.infra.bundle.packages import find_uv

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "lambda"


@cache
def runtime(here: Interpreter) -> Path:
    """A folder with the runtime interface client for a Python, compiled, as Lambda has it."""
    return installed("lambda-test", here, "--compile-bytecode")


@cache
def emulator(architecture: str, here: Interpreter) -> Path:
    """The emulator's program."""
    rapid = installed("lambda-emulator", here, "--no-deps") / "samcli" / "local" / "rapid"
    return rapid / f"aws-lambda-rie-{architecture}"


def installed(lock: str, here: Interpreter, *options: str) -> Path:
    """The folder that holds a lock's packages; kept for as long as the lock stays the same."""
    file = ROOT / "requirements" / f"{lock}.txt"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    folder = BUILD / f"{lock}-{here.version}-{digest}"
    if folder.is_dir():
        return folder
    spare = BUILD / f".{secrets.token_hex(4)}"
    command = [
        *(find_uv(), "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"),
        *("--python", here.path, "--target", str(spare), "--requirements", str(file), *options),
    ]
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=True)
    try:
        spare.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(spare)
    return folder


def search_path(*folders: Path) -> str:
    """Folders as PYTHONPATH has them."""
    return os.pathsep.join(map(str, folders))
