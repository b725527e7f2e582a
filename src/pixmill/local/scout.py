"""Finds out what has changed in the source, and has it worked on.

A hint, an upload, a tick of the clock: each is only a reason to look. What counts is what the source holds
now, beside what it was last seen to hold.
"""
# Paths are bytes here, which pathlib does not take.
# ruff: noqa: PTH112, PTH118, PTH120

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator

from pixmill.errors import PixmillError
from pixmill.keys import is_litter
from pixmill.local.desk import Desk
from pixmill.local.hints import Hint, watch_folder
from pixmill.local.known import Known
from pixmill.local.resting import Resting
from pixmill.local.told import Told
from pixmill.storage import Meta, Store
from pixmill.storage.folder import FolderStore
from pixmill.storage.names import path_of

SHARE = 100
"""Between two listings that only find what was missed passes so many times the time that one takes."""

_FOLDER_EVERY = 10.0  # seconds between listings of a folder, at least; they only find what hints have missed
_TICK = 0.1  # seconds between looks at files that may be growing
_IDLE = 1.0
_SECOND_LOOK = 2.0  # seconds after which a folder that has come is looked at once more


class Scout:
    """Looks after one source.

    Args:
        source: where originals are.
        known: what it was last seen to hold.
        desk: where keys go that have to be worked on.
        told: is told of what waits.
        every: seconds between listings of a store that gives no hints.
        returned: is called when a folder that was gone is back.
    """

    def __init__(  # noqa: PLR0913 - all of it is where a look leads
        self,
        source: Store,
        known: Known,
        desk: Desk,
        told: Told,
        *,
        every: float,
        returned: Callable[[], None],
    ) -> None:
        self._source = source
        self._known = known
        self._desk = desk
        self._told = told
        self._returned = returned
        self._was_gone = False
        self._is_folder = isinstance(source, FolderStore)
        self._every = _FOLDER_EVERY if self._is_folder else every
        self._hints: queue.SimpleQueue[Hint] = queue.SimpleQueue()
        self._resting = Resting(self._look)
        self._again: dict[str, float] = {}
        self._stop = threading.Event()
        self._next_listing = time.monotonic() + self._every

    def hint(self, keys: Hint) -> None:
        """Something may have changed: these keys or folders, or, if None, anything."""
        self._hints.put(keys)

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._stop.set()
        self._hints.put(frozenset())

    def run(self) -> None:
        """Look, until stopped."""
        watching = None
        if self._is_folder:
            arguments = (self._source.location, self._hints.put, self._stop)
            watching = threading.Thread(
                target=watch_folder, args=arguments, name="pixmill-hints", daemon=True
            )
            watching.start()
        while not self._stop.is_set():
            try:
                self._step()
            except PixmillError as error:
                self._is_gone()
                self._told.troubled(error)
                self._next_listing = time.monotonic() + self._every
                self._stop.wait(_IDLE)
        if watching:
            watching.join()

    def _step(self) -> None:
        try:
            hint = self._hints.get(timeout=_TICK if self._resting else _IDLE)
        except queue.Empty:
            hint = frozenset[str]()
        for key, meta in self._resting.rested():
            self._known.note(key, meta)
            if meta or not self._is_gone():
                self._desk.add(key)
        now = time.monotonic()
        if hint is None or now >= self._next_listing:
            self._list_all()
        for key in hint or ():
            self._look_at(key, now)
        for folder in [folder for folder, due in self._again.items() if now >= due]:
            del self._again[folder]
            self._look_below(folder)

    def _list_all(self) -> None:
        start = time.monotonic()
        originals = (meta for meta in self._source.list() if not is_litter(meta.key))
        changed, gone = self._known.compare(originals)
        for meta in changed:
            self._found(meta)
        for key in gone:
            self._lost(key)
        if self._was_gone:
            self._was_gone = False
            self._returned()
        now = time.monotonic()
        # Where listings are all there is to go by, whoever started this has said how often.
        share = SHARE if self._is_folder else 1
        self._next_listing = now + max(self._every, share * (now - start))

    def _look_at(self, key: str, now: float) -> None:
        meta = self._look(key)
        if meta is None and self._is_gone():
            return
        if self._known.note(key, meta):
            if meta is None:
                self._lost(key)
            else:
                self._found(meta)
        if meta is None:  # it may be a folder, or have been one
            self._look_below(key)
            self._again[key] = now + _SECOND_LOOK

    def _look_below(self, folder: str) -> None:
        for key in list(self._known.below(f"{folder}/")):
            if self._look(key) is None:
                if self._is_gone():
                    return
                self._known.note(key, None)
                self._lost(key)
        for meta in self._listed_below(folder):
            if self._known.note(meta.key, meta):
                self._found(meta)

    def _listed_below(self, folder: str) -> Iterator[Meta]:
        if not self._is_in_place(f"{folder}/x"):
            return
        for meta in self._source.list(f"{folder}/"):
            if not is_litter(meta.key):
                yield meta

    def _look(self, key: str) -> Meta | None:
        return self._source.head(key) if self._is_in_place(key) else None

    def _is_in_place(self, key: str) -> bool:
        """Whether a listing would come to a key: it does not follow links to folders."""
        if not self._is_folder:
            return True
        root = os.fsencode(self._source.location or "")
        folder = os.path.dirname(os.path.join(root, path_of(key)))
        return os.path.realpath(folder) == folder

    def _found(self, meta: Meta) -> None:
        self._told.noticed(meta)
        if self._is_folder:
            self._resting.add(meta)
        else:
            self._desk.add(meta.key)

    def _lost(self, key: str) -> None:
        self._resting.drop(key)
        self._desk.add(key)

    def _is_gone(self) -> bool:
        """Whether the source itself is away, so that nothing is known of what it holds."""
        gone = self._is_folder and not os.path.isdir(self._source.location or "")
        self._was_gone |= gone
        return gone
