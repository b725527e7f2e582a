"""Which files go into the bundle, and the zip that is the same each time it is written."""

import hashlib
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pixmill.errors import Failed
from pixmill.infra.bundle.target import Target

LEFT_OUT = frozenset(("cli", "estimate", "infra", "local", "syncing"))
"""The parts of Pixmill that the worker does not need."""

MOST_UNZIPPED = 250 << 20
"""What Lambda takes, in bytes."""

_OURS = frozenset((".py", ".json", ".toml", ".so"))
_TYPES_AND_HEADERS = frozenset((".pyi", ".typed", ".h", ".pyc"))
_NOT_RUN = frozenset(("bin", "tests", "test", "__pycache__"))
# Of a package's records the worker's owner needs the licences, and scanners for known weaknesses the rest.
_RECORDS = frozenset(("METADATA", "licenses", "sboms"))

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_UNIX = 3
_ELF = b"\x7fELF"


def files_of_pixmill(package: Path, target: Target) -> dict[str, Path]:
    """The worker's part of Pixmill, by the names in the bundle: of its libraries, the target's."""
    return {
        f"pixmill/{name}": path
        for name, path in _files(package)
        if path.suffix in _OURS
        and name.partition("/")[0] not in LEFT_OUT
        and not _NOT_RUN & set(name.split("/"))
        and elf_machine(path) in {None, target.elf_machine}
    }


def files_of_packages(folder: Path) -> dict[str, Path]:
    """What was installed, less what is not used at run time, by the names in the bundle."""
    return {name: path for name, path in _files(folder) if _runs(PurePosixPath(name))}


def check(files: Mapping[str, Path], target: Target) -> None:
    """See that the files can run on the target.

    Raises:
        Failed: `bundle-unfit`: a library is made for another processor, or there is more than Lambda takes.
    """
    for name, path in files.items():
        machine = elf_machine(path)
        if machine not in {None, target.elf_machine}:
            raise Failed("bundle-unfit", f"{name} is not made for {target.architecture}.")
    size = sum(path.stat().st_size for path in files.values())
    if size > MOST_UNZIPPED:
        raise Failed("bundle-unfit", f"The bundle has {size} bytes; Lambda takes {MOST_UNZIPPED}.")


def write_zip(files: Mapping[str, Path], file: BinaryIO) -> None:
    """Write the bundle: names sorted, one time and one mode for all."""
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name].read_bytes(), zipfile.ZIP_DEFLATED, 6)


def digest(files: Mapping[str, Path]) -> str:
    """A fingerprint of names and contents, in hexadecimal, whatever zlib compresses them."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + hashlib.sha256(files[name].read_bytes()).digest())
    return whole.hexdigest()


def elf_machine(path: Path) -> int | None:
    """The processor that a library or program is made for; None if it is neither."""
    with path.open("rb") as file:
        head = file.read(20)
    return int.from_bytes(head[18:20], "little") if head.startswith(_ELF) else None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _runs(name: PurePosixPath) -> bool:
    top, *below = name.parts
    if not below:
        return name.suffix not in _TYPES_AND_HEADERS and not top.startswith(".")
    if top.endswith(".dist-info"):
        return below[0] in _RECORDS
    return name.suffix not in _TYPES_AND_HEADERS and not _NOT_RUN & set(name.parts)
