"""Writing a file so that it is seen whole or not at all, and only where that was expected.

The bytes go to a spare file on the same file system first, which then takes its name in one step. A writer
that is killed leaves at most the spare behind.
"""
# Paths are bytes here, which pathlib does not take.
# ruff: noqa: PTH103, PTH104, PTH105, PTH108, PTH110, PTH112, PTH116, PTH118, PTH120, PTH123

import errno
import os
import secrets
import stat
import time
from contextlib import suppress

from pixmill.errors import Failed
from pixmill.storage.store import ANY, Conflict, Expected

ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
"""What the system says when there can be no file of that name."""

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_TRIES = 100  # at making a folder that others keep removing; each of their turns removes one that was empty
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def status_of(path: bytes) -> os.stat_result | None:
    """What the system knows of a file, links followed; None if there is none, or what is there is no file."""
    try:
        status = os.stat(path)
    except OSError as error:
        if error.errno in ABSENT:
            return None
        raise
    return status if stat.S_ISREG(status.st_mode) else None


def etag_of(status: os.stat_result) -> str:
    """The entity tag of a file: it changes when the file is written or replaced, not when it is linked."""
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"


def spare_with(data: bytes, folder: bytes) -> tuple[bytes, str]:
    """Write a file of a name that nobody else uses.

    Args:
        data: all of it.
        folder: where to; made if it is not there.

    Returns:
        The file's path and its etag.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    path = os.path.join(folder, f"{os.getpid()}-{secrets.token_hex(8)}".encode())
    try:
        file = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        file = os.open(path, _NEW, 0o666)
    try:
        with open(file, "wb", buffering=0) as opened:
            rest = memoryview(data)
            while rest:
                rest = rest[opened.write(rest) :]
        # The kernel's own stamp may stand still for milliseconds, and inodes are used again: a file replaced
        # twice in that time would get its first etag back.
        now = time.time_ns()
        os.utime(path, ns=(now, now))
        return path, etag_of(os.stat(path))
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(path)
        raise


def place(key: str, spare: bytes, path: bytes, expect: Expected) -> None:
    """Give a spare file its name, in one step. The spare's own name may remain.

    Raises:
        Conflict: what is there is not what was expected.
        Failed: something that is no file is in its place, or its folder keeps being removed.
        OSError: the system refuses.
    """
    for _ in range(_TRIES):
        try:
            if expect is None:
                _create(key, spare, path)
            else:
                _replace(key, spare, path, expect)
        except FileNotFoundError:
            # Its folder is not there: never was, or a delete just took it away, being empty.
            if not os.path.exists(spare):
                raise
            _make_folder(key, os.path.dirname(path))
        except NotADirectoryError:
            raise _no_folder(key) from None
        else:
            return
    raise Failed("storage-unavailable", f"The folder of {key} keeps being removed.")


def _make_folder(key: str, folder: bytes) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except FileNotFoundError:
        return  # removed again while it was made; the caller tries once more
    except FileExistsError:
        # The same, a moment later, unless there is something that stays.
        if os.path.lexists(folder) and not os.path.isdir(folder):
            raise _no_folder(key) from None
    except NotADirectoryError:
        raise _no_folder(key) from None


def _no_folder(key: str) -> Failed:
    return Failed("place-taken", f"{key}: what should be its folder is a file.")


def _replace(key: str, spare: bytes, path: bytes, expect: Expected) -> None:
    if expect is not ANY:
        status = status_of(path)
        if status is None or etag_of(status) != expect:
            raise Conflict(key)
    os.replace(spare, path)


def _create(key: str, spare: bytes, path: bytes) -> None:
    try:
        os.link(spare, path)
    except FileExistsError:
        if status_of(path) is None and os.path.lexists(path):
            # A folder, a dangling link, a device: the caller sees nothing there, so trying again is no help.
            raise Failed("place-taken", f"{key}: something that is no file is in its place.") from None
        raise Conflict(key) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links, such as exFAT: look, then rename.
        if os.path.lexists(path):
            raise Conflict(key) from None
        os.rename(spare, path)
