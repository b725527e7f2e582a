"""The worker as one zip for AWS Lambda, built without Docker from a lock with hashes.

The same lock, the same Pixmill and the same compiling Python give the same bytes, on any machine.
docs/decisions/0005-bundle.md says what is in it, and why.
"""

import hashlib
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from pixmill.errors import Failed, Refused
from pixmill.infra.bundle import sbom as bill
from pixmill.infra.bundle.archive import check, digest, files_of_packages, files_of_pixmill, write_zip
from pixmill.infra.bundle.bytecode import Interpreter, compile_sources, find_interpreter
from pixmill.infra.bundle.packages import install
from pixmill.infra.bundle.target import Architecture, Precompile, Python, Target

__all__ = ["HANDLER", "Architecture", "Bundle", "Precompile", "Python", "Target", "build", "is_bundle"]

HANDLER = "pixmill.aws.worker.handler"
"""What Lambda calls."""

_PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that was built.

    Attributes:
        path: the zip.
        target: what it is for.
        compiler: the version of the Python that wrote its bytecode; None if it holds sources alone.
        files: how many it holds.
        compressed: the zip's size in bytes.
        unzipped: the size of its files in bytes.
        sha256: of the zip, in hexadecimal.
        contents: a fingerprint of the files' names and contents, in hexadecimal. Where two zlibs compress
            them differently, `sha256` differs and this does not.
    """

    path: Path
    target: Target
    compiler: str | None
    files: int
    compressed: int
    unzipped: int
    sha256: str
    contents: str


def build(
    path: Path,
    target: Target | None = None,
    *,
    precompile: Precompile = "auto",
    sbom: Path | None = None,
) -> Bundle:
    """Build the worker's bundle. What is at `path` is replaced, once the bundle is whole.

    Args:
        path: where to write it. Its folder is made.
        target: the processor and the Python; arm64 and 3.13 if left out.
        precompile: see `Precompile`.
        sbom: where to write what is in it, as CycloneDX. Left out: nowhere.

    Raises:
        Refused: `uv-not-found`; `python-not-found`: bytecode was asked for, and no Python here can write it.
        Failed: `packages-unavailable`, `bundle-unfit`; or the zip cannot be written.
    """
    target = target or Target()
    compiler = _compiler(target, precompile)
    with TemporaryDirectory(prefix="pixmill-bundle-") as place:
        packages, compiled = Path(place, "packages"), Path(place, "compiled")
        packages.mkdir()
        compiled.mkdir()
        install(target, packages)
        files = files_of_packages(packages) | files_of_pixmill(_PACKAGE, target)
        if compiler:
            sources = {name: files[name] for name in sorted(files) if name.endswith(".py")}
            files |= compile_sources(compiler, target, sources, compiled)
        check(files, target)
        contents = digest(files)
        _write(path, lambda file: write_zip(files, file))
        if sbom is not None:
            told = bill.write(packages, target, contents)
            _write(sbom, lambda file: file.write(told))
        return Bundle(
            path=path,
            target=target,
            compiler=compiler.version if compiler else None,
            files=len(files),
            compressed=path.stat().st_size,
            unzipped=sum(each.stat().st_size for each in files.values()),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            contents=contents,
        )


def is_bundle(path: Path) -> bool:
    """Whether the file at a path is a zip that holds Pixmill."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "pixmill/__init__.py" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _compiler(target: Target, precompile: Precompile) -> Interpreter | None:
    found = None if precompile == "no" else find_interpreter(target)
    if found is None and precompile == "yes":
        raise Refused("python-not-found", f"There is no Python {target.python} here to write bytecode with.")
    return found


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    spare = path.with_name(f".pixmill-{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with spare.open("xb") as file:
                fill(file)
            spare.replace(path)
        finally:
            spare.unlink(missing_ok=True)
    except OSError as error:
        raise Failed("storage-unavailable", f"{path} cannot be written: {error.strerror}.") from error
