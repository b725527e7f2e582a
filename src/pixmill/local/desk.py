"""What has to be looked at, and by whom: one key is never in two hands, and none is forgotten."""

import os
import threading
import weakref


class Desk:
    """Keys that wait for a worker, the first come first. May be used from several threads.

    Its bell is a file descriptor that can be read when something may have come.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, None] = {}
        self._in_work: set[str] = set()
        self._again: set[str] = set()
        self.bell, self._button = os.pipe()
        weakref.finalize(self, _close, self.bell, self._button)
        os.set_blocking(self.bell, False)
        os.set_blocking(self._button, False)

    def ring(self) -> None:
        """Wake whoever waits for the bell."""
        try:
            os.write(self._button, b"!")
        except BlockingIOError:
            return  # it rings already

    def silence(self) -> None:
        """Stop the bell, before looking at what has come."""
        try:
            while os.read(self.bell, 4096):
                pass
        except BlockingIOError:
            return

    def add(self, *keys: str) -> None:
        """Have keys looked at: each once more after now, however often it is said."""
        with self._lock:
            for key in keys:
                if key in self._in_work:
                    self._again.add(key)
                else:
                    self._waiting.setdefault(key)
        self.ring()

    def take(self) -> str | None:
        """The next key, which is in work from now on; None if none waits."""
        with self._lock:
            key = next(iter(self._waiting), None)
            if key is not None:
                del self._waiting[key]
                self._in_work.add(key)
            return key

    def begin(self, key: str) -> bool:
        """Take a key that was found elsewhere; False if it waits here or is in work already."""
        with self._lock:
            if key in self._waiting or key in self._in_work:
                return False
            self._in_work.add(key)
            return True

    def done(self, key: str) -> None:
        """Put a key down. It waits again if it was added meanwhile."""
        with self._lock:
            self._in_work.discard(key)
            if key in self._again:
                self._again.discard(key)
                self._waiting.setdefault(key)

    def drop_all(self) -> None:
        """Put all keys down unfinished: they wait again."""
        with self._lock:
            self._waiting.update(dict.fromkeys(self._in_work))
            self._in_work.clear()
            self._again.clear()

    @property
    def is_empty(self) -> bool:
        """Whether no key waits and none is in work."""
        with self._lock:
            return not (self._waiting or self._in_work)


def _close(*files: int) -> None:
    for file in files:
        os.close(file)
