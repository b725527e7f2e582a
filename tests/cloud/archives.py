"""Assets and archives: the files that a program hands to a resource, known by what is in them."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive
_MODE = 0o755 << 16


@dataclass(frozen=True)
class Asset:
    """One file, or one text.

    Attributes:
        path: of the file.
        text: what it holds, if it is no file.
    """

    path: Path | None
    text: str | None = None

    @cached_property
    def data(self) -> bytes:
        """What it holds.

        Raises:
            FileNotFoundError: there is no such file.
        """
        return self.path.read_bytes() if self.path else (self.text or "").encode()

    @property
    def digest(self) -> str:
        """The SHA-256 of what it holds, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Archive:
    """Files with names: of a zip file, of a folder, or put together.

    Attributes:
        path: of the zip file or the folder.
        members: assets and archives by their names, if it is put together.
    """

    path: Path | None
    members: Mapping[str, "Asset | Archive"] = field(default_factory=dict[str, "Asset | Archive"])

    @cached_property
    def zipped(self) -> bytes:
        """The archive as a zip file; a zip file is taken as it is.

        Raises:
            FileNotFoundError: there is no such file or folder.
        """
        if self.path and not self.path.is_dir():
            return self.path.read_bytes()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(self.files.items()):
                member = zipfile.ZipInfo(name, _EPOCH)
                member.external_attr = _MODE
                archive.writestr(member, data, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    @property
    def digest(self) -> str:
        """The SHA-256 of the zip file, in hexadecimal digits."""
        return hashlib.sha256(self.zipped).hexdigest()

    @property
    def files(self) -> dict[str, bytes]:
        """All files by their names.

        Raises:
            FileNotFoundError: there is no such file or folder.
        """
        if self.path is None:
            return _joined(self.members)
        if self.path.is_dir():
            found = (each for each in self.path.rglob("*") if each.is_file())
            return {each.relative_to(self.path).as_posix(): each.read_bytes() for each in found}
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _joined(members: Mapping[str, Asset | Archive]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, member in members.items():
        if isinstance(member, Asset):
            files[str(PurePosixPath(name))] = member.data
        else:
            files |= {str(PurePosixPath(name) / each): data for each, data in member.files.items()}
    return files
