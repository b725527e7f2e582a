"""Reads the manifests of originals that are up to date, so that the page can show them."""

import os
import queue
import threading

from pixmill.errors import PixmillError
from pixmill.keys import manifest_key
from pixmill.local.library import Library
from pixmill.manifest import Manifest, Unreadable
from pixmill.storage import Meta, Store
from pixmill.storage.folder import FolderStore
from pixmill.storage.names import path_of

_NETWORK = 8  # threads, where each answer takes its time


class Reader:
    """Threads that read manifests.

    Args:
        destination: where they are.
    """

    def __init__(self, destination: Store) -> None:
        self._destination = destination
        self._queue: queue.SimpleQueue[Meta | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    def add(self, original: Meta) -> None:
        """Have an original's manifest read."""
        self._queue.put(original)

    def start(self, library: Library) -> None:
        """Read from now on, for this library."""
        count = 1 if isinstance(self._destination, FolderStore) else _NETWORK
        for _ in range(count):
            thread = threading.Thread(target=self._run, args=(library,), name="pixmill-reader", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Read no more, whatever waits. What is being read just now is not waited for."""
        self._stopping = True
        for _ in self._threads:
            self._queue.put(None)

    def _run(self, library: Library) -> None:
        while (original := self._queue.get()) is not None and not self._stopping:
            try:
                found = self._destination.get(manifest_key(original.key))
                manifest = Manifest.from_json(found[1]) if found else None
            except Unreadable:
                continue  # the survey has it made anew
            except PixmillError as error:
                library.troubled(error)
                continue
            if found and manifest and manifest.source.key == original.key:
                library.read(original, manifest, found[0].etag, self._written(original.key))

    def _written(self, key: str) -> float:
        """When a manifest was written; a bucket would have to be asked once more, so there nobody knows."""
        if not isinstance(self._destination, FolderStore):
            return 0.0
        path = os.path.join(os.fsencode(self._destination.location), path_of(manifest_key(key)))  # noqa: PTH118 - bytes
        try:
            return os.stat(path).st_mtime  # noqa: PTH116 - bytes
        except OSError:
            return 0.0
