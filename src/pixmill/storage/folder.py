"""A folder as a store, over nothing but `os`.

docs/decisions/0001-own-folder-store.md says why this is not obstore's LocalStore. In short: a folder of
photos is not a bucket. It holds FIFOs, links that lead in circles, names that are no UTF-8, files being
written at this moment, and none of it may hang a sync, spoil a listing, or make an original look deleted.

Paths are bytes throughout, so that the locale has no say in which file is meant.

What a folder cannot do like a bucket:

- Links to files are followed, links to folders are not: a link has no place of its own in the tree, and
  following it could name one picture twice or never end.
- A put that expects an etag looks, then replaces. Between the two another program could write; another sync
  cannot, as long as both claim the folder first.
- Nothing is flushed to the disk. After a power cut a file may be short, but then its etag has changed with
  its size, and the next sync makes it anew.
"""
# Paths are bytes here, which pathlib does not take.
# ruff: noqa: PTH103, PTH106, PTH108, PTH112, PTH118, PTH120

import errno
import os
import stat
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress

from pixmill.errors import Failed, Refused, code_of
from pixmill.keys import is_litter
from pixmill.storage.atomic import ABSENT, etag_of, place, spare_with, status_of
from pixmill.storage.claim import claimed
from pixmill.storage.names import path_of, segment_of
from pixmill.storage.store import DRAWER, STATE, Conflict, Expected, Meta, Opened

_DRAWER = DRAWER.encode()
# Opening a FIFO waits for its writer, unless told not to.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_FILE = ABSENT | {errno.ENXIO, errno.ENODEV}  # the latter two: sockets, devices without a driver


class FolderStore:
    """A folder and all below it.

    Args:
        root: the folder.
        create: whether the folder may be missing: then it counts as empty until the first claim or write
            makes it.
    """

    def __init__(self, root: str | os.PathLike[str], *, create: bool = False) -> None:
        self._root = os.path.realpath(os.fsencode(root))
        self._drawer = os.path.join(self._root, _DRAWER)
        self._spares = os.path.join(self._drawer, b"tmp")
        self._may_be_missing = create

    def __repr__(self) -> str:
        return f"FolderStore({self.location!r})"

    @property
    def location(self) -> str:
        """The absolute path of the folder, all links resolved."""
        return os.fsdecode(self._root)

    def head(self, key: str) -> Meta | None:
        """See `Store.head`."""
        path = self._path(key)
        with _translated(key):
            status = status_of(path)
        return _meta(key, status) if status else None

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        """See `Store.get`."""
        path = self._path(key)
        with _translated(key):
            try:
                file = os.open(path, _READ)
            except OSError as error:
                if error.errno in _NO_FILE:
                    return None
                raise
            try:
                before = os.fstat(file)
                if not stat.S_ISREG(before.st_mode):
                    return None
                with open(file, "rb", buffering=0, closefd=False) as opened:
                    data = opened.readall()
                after = os.fstat(file)
            finally:
                os.close(file)
        meta = _meta(key, before)
        if meta != _meta(key, after) or len(data) != meta.size:
            raise Failed("changed-meanwhile", f"{key} was written while it was read.")
        return meta, data

    def open(self, key: str) -> Opened | None:
        """See `Store.open`. The file is opened when it is read, so that whoever waits holds none open."""
        meta = self.head(key)
        return meta and Opened(meta, lambda: self._read(meta))

    def _read(self, meta: Meta) -> bytes:
        found = self.get(meta.key)
        if found is None or found[0] != meta:
            raise Conflict(meta.key)
        return found[1]

    def put(  # noqa: PLR0913 - see Store
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,
        expect: Expected,
        cache_control: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """See `Store.put`. A folder keeps no media type, cache control or metadata."""
        del media_type, cache_control, metadata
        path = self._path(key)
        with _translated(key):
            spare, etag = spare_with(data, self._spares)
            try:
                place(key, spare, path, expect)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(spare)
        return etag

    def delete(self, key: str) -> None:
        """See `Store.delete`. Folders that it leaves empty go as well, up to the root."""
        path = self._path(key)
        with _translated(key):
            try:
                if status_of(path) is None:
                    return
                os.unlink(path)
            except FileNotFoundError:
                return
        # Until one is not empty, or not ours to remove, or the root.
        with suppress(OSError):
            while len(path := os.path.dirname(path)) > len(self._root):
                os.rmdir(path)

    def list(self, prefix: str = "") -> Iterator[Meta]:
        """See `Store.list`. A folder that must not be read is an error: its files are not deleted."""
        if not prefix:
            return self._walk(self._root, "")
        if not prefix.endswith("/"):
            raise ValueError(f"{prefix!r} is no folder: it must end in a slash")
        return iter(()) if prefix.startswith(DRAWER + "/") else self._walk(self._path(prefix[:-1]), prefix)

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        """See `Store.claim`. Clears away what killed writers left unfinished."""
        return self._claim()

    def made_by_us(self, key: str) -> bool:  # noqa: ARG002 - see Store
        """Whether a sync has ever written here: files carry no metadata that could tell."""
        return self.head(STATE) is not None

    def _path(self, key: str) -> bytes:
        return os.path.join(self._root, path_of(key))

    def _walk(self, start: bytes, prefix: str) -> Iterator[Meta]:
        pending = [(start, prefix)]
        while pending:
            folder, before = pending.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            if before or entry.name != _DRAWER:
                                pending.append((entry.path, f"{before}{segment_of(entry.name)}/"))
                        elif status := _entry_status(entry):
                            yield _meta(before + segment_of(entry.name, alone=not before), status)
            except OSError as error:
                if isinstance(error, PermissionError) and is_litter(f"{before}x"):
                    continue  # lost+found and its kind belong to the system, and hold no originals
                if error.errno not in ABSENT:
                    raise _failed(error, f"The folder {_shown(folder)} cannot be listed") from error
                # It was removed meanwhile. If the root was, that is another matter.
                if not (self._may_be_missing or os.path.isdir(self._root)):
                    raise Refused("source-not-found", f"There is no folder {_shown(self._root)}.") from error

    @contextmanager
    def _claim(self) -> Generator[tuple[int, ...]]:
        with _translated(DRAWER):
            os.makedirs(self._drawer, exist_ok=True)
            lock = claimed(os.path.join(self._drawer, b"lock"))
        try:
            if lock.exclusive:
                with _translated(DRAWER):
                    self._clear_spares()
            yield lock.descriptors
        finally:
            lock.release()

    def _clear_spares(self) -> None:
        with suppress(FileNotFoundError), os.scandir(self._spares) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    os.unlink(entry.path)


def _entry_status(entry: os.DirEntry[bytes]) -> os.stat_result | None:
    try:
        status = entry.stat()
    except OSError as error:
        # Removed meanwhile, or a link that leads nowhere.
        if error.errno in ABSENT:
            return None
        raise
    return status if stat.S_ISREG(status.st_mode) else None


def _meta(key: str, status: os.stat_result) -> Meta:
    return Meta(key, etag_of(status), status.st_size)


@contextmanager
def _translated(key: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise _failed(error, key) from error


def _failed(error: OSError, subject: str) -> Failed:
    return Failed(code_of(error), f"{subject}: {error.strerror or error}.")


def _shown(path: bytes) -> str:
    return path.decode("utf-8", "replace")
