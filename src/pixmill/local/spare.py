"""A place for the bytes of an upload until they are an original.

In a folder that is a spare file in the source's own drawer, which takes its name in one step. A server that
is killed leaves at most the spare behind, and the next one clears it away: a spare is locked for as long as
somebody writes to it. For a bucket it is a temporary file, sent in one request when it is whole.
"""
# Paths are bytes here, which pathlib does not take.
# ruff: noqa: PTH103, PTH108, PTH118, PTH120, PTH123

import filecmp
import os
import secrets
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Protocol

from pixmill.engine import FORMATS
from pixmill.errors import Failed, Refused, code_of
from pixmill.storage import DRAWER, Meta, Store
from pixmill.storage.atomic import place, status_of
from pixmill.storage.claim import claimed
from pixmill.storage.folder import FolderStore
from pixmill.storage.names import path_of

_MEDIA_TYPES = {"jpeg": "image/jpeg", "tif": "image/tiff"} | {
    row.extension: row.media_type for row in FORMATS.values()
}


class Spare(Protocol):
    """One upload on its way."""

    def write(self, piece: bytes) -> None:
        """Add to it."""
        ...

    def put(self, key: str) -> Meta:
        """Make it an original.

        Raises:
            Conflict: there is one of that name.
        """
        ...

    def twin(self, key: str) -> Meta | None:
        """The original of that name, if it has the same bytes."""
        ...

    def close(self) -> None:
        """Give up what has not become an original."""
        ...


def spare_for(store: Store) -> Spare:
    """A place for one upload to a store.

    Raises:
        Failed: there is none.
    """
    return _FolderSpare(store) if isinstance(store, FolderStore) else _BucketSpare(store)


def clear_spares(store: Store) -> None:
    """Remove what killed servers have left of uploads; what is being written stays."""
    if not isinstance(store, FolderStore):
        return
    with _translated("uploads"):
        try:
            entries = list(os.scandir(_drawer(store)))
        except FileNotFoundError:
            return
        for entry in entries:
            with suppress(Refused):  # somebody writes to it
                lock = claimed(entry.path)
                os.unlink(entry.path)
                lock.release()


class _FolderSpare:
    def __init__(self, store: FolderStore) -> None:
        self._store = store
        folder = _drawer(store)
        self._path = os.path.join(folder, secrets.token_hex(12).encode())
        with _translated("uploads"):
            os.makedirs(folder, exist_ok=True)
            self._lock = claimed(self._path)
            self._file = open(self._path, "wb", buffering=0)  # noqa: SIM115 - until it is closed

    def write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        with _translated("uploads"):
            while rest:
                rest = rest[self._file.write(rest) :]

    def put(self, key: str) -> Meta:
        path = self._place_of(key)
        with _translated(key):
            # As a store stamps what it writes, so that no two files ever have one etag.
            now = time.time_ns()
            os.utime(self._path, ns=(now, now))
            place(key, self._path, path, None)
        return self._found(key)

    def twin(self, key: str) -> Meta | None:
        path = self._place_of(key)
        with _translated(key):
            same = status_of(path) is not None and filecmp.cmp(self._path, path, shallow=False)
        return self._found(key) if same else None

    def close(self) -> None:
        self._file.close()
        with _translated("uploads"), suppress(FileNotFoundError):
            os.unlink(self._path)
        self._lock.release()

    def _place_of(self, key: str) -> bytes:
        """The path of a key, which must not lead through a link to another place."""
        path = os.path.join(os.fsencode(self._store.location), path_of(key))
        folder = os.path.dirname(path)
        if os.path.realpath(folder) != folder:
            raise Refused("unusable-name", f"{key} leads through a link out of the source.")
        return path

    def _found(self, key: str) -> Meta:
        found = self._store.head(key)
        if found is None:
            raise Failed("changed-meanwhile", f"{key} was removed as soon as it was there.")
        return found


class _BucketSpare:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - until it is closed

    def write(self, piece: bytes) -> None:
        with _translated("uploads"):
            self._file.write(piece)

    def put(self, key: str) -> Meta:
        data = self._read()
        media_type = _MEDIA_TYPES.get(key.rpartition(".")[2].lower(), "application/octet-stream")
        etag = self._store.put(key, data, media_type=media_type, expect=None)
        return Meta(key, etag, len(data))

    def twin(self, key: str) -> Meta | None:
        found = self._store.get(key)
        return found[0] if found and found[1] == self._read() else None

    def close(self) -> None:
        self._file.close()

    def _read(self) -> bytes:
        with _translated("uploads"):
            self._file.seek(0)
            return self._file.read()


def _drawer(store: FolderStore) -> bytes:
    return os.path.join(os.fsencode(store.location), DRAWER.encode(), b"uploads")


@contextmanager
def _translated(subject: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise Failed(code_of(error), f"{subject}: {error.strerror or error}.") from error
