"""Hints that something in a folder may have changed. They are no more than that.

The system's own notices get lost: its queue overflows, which watchfiles does not tell; files that come
together with their folder are there before the folder is watched; a name that is not UTF-8 is an error.
Whoever takes these hints looks for himself, and lists everything from time to time.
"""
# The root's identity is asked of the system as it stands.
# ruff: noqa: PTH116

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pixmill.keys import is_litter
from pixmill.storage.names import segment_of

Hint: TypeAlias = frozenset[str] | None
"""Keys of files or folders to look at; None: look at everything."""

MOST = 1000
"""Changes at once beyond which everything is looked at: one listing costs less than so many looks."""

_DEBOUNCE = 400  # milliseconds, at most, in which changes are gathered
_STEP = 50  # milliseconds without a change after which they are handed over
_LOOK = 1000  # milliseconds after which the root itself is looked at
_PAUSE = 0.5  # seconds before a watch that broke is set up again


def watch_folder(root: str, hint: Callable[[Hint], None], stop: threading.Event) -> None:
    """Watch a folder and all below it, also when it goes away and comes back.

    Args:
        root: the folder's real path.
        hint: is called with each hint, also once after each time the watch was set up.
        stop: ends it.
    """
    while not stop.is_set():
        identity = _identity(root)
        if identity is not None:
            _watch(root, identity, hint, stop)
            hint(None)
        stop.wait(_PAUSE)


def _watch(root: str, identity: tuple[int, int], hint: Callable[[Hint], None], stop: threading.Event) -> None:
    from watchfiles import watch  # noqa: PLC0415 - an extra, and only folders need it
    from watchfiles._rust_notify import WatchfilesRustInternalError  # noqa: PLC0415 - its only home

    changes = watch(
        root,
        watch_filter=None,
        debounce=_DEBOUNCE,
        step=_STEP,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    fresh = True
    try:
        for found in changes:
            # It stands from its first word on; what changed before that was not watched.
            if fresh or len(found) > MOST:
                hint(None)
            elif found:
                hint(frozenset(filter(None, (key_of(root, path) for _, path in found))))
            fresh = False
            if _identity(root) != identity:
                return
    except (OSError, WatchfilesRustInternalError):
        return  # whoever called sets up another one


def key_of(root: str, path: str) -> str | None:
    """The key of a path below the root; None for what is no original and holds none."""
    try:
        names = Path(path).relative_to(root).parts
    except ValueError:
        return None
    key = "/".join(segment_of(os.fsencode(name), alone=len(names) == 1) for name in names)
    return None if is_litter(key) else key


def _identity(root: str) -> tuple[int, int] | None:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino
