"""Whose turn it is: steps go one by one, and those that only give rights come as late as they may.

A program that forgets to say that something needs a right works with luck, as long as the right happens to be
there first. Here it has no luck: what gives rights waits until nothing else has come for a while, which is an
order that Pulumi's own engine may take, too.
"""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

_QUIET = 0.06  # seconds in which the program would have asked for what it can ask for


class Turns:
    """Gives one turn at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._waiting = 0  # that are not late
        self._last = 0.0  # when something happened

    @contextmanager
    def turn(self, *, late: bool) -> Generator[None]:
        """Wait for a turn, and have it.

        Args:
            late: whether everything else goes first.
        """
        with self._changed:
            if late:
                while self._taken or self._waiting or self._restless() > 0:
                    self._changed.wait(max(self._restless(), 0) or None)
            else:
                self._waiting += 1
                self._last = time.monotonic()
                self._changed.wait_for(lambda: not self._taken)
                self._waiting -= 1
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._last = time.monotonic()
                self._changed.notify_all()

    def _restless(self) -> float:
        """Seconds for which something may still come."""
        return self._last + _QUIET - time.monotonic()
