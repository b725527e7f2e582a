"""Server-sent events: what changes in the library, as it changes, to each page that listens.

An event is only written when it is sent, so it says how things stand then. Each piece carries a mark; a
browser that comes back with its last one is told what it has missed, or, after too long, to begin anew.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from pixmill.local.library import Library, Name

_GATHER = 0.05  # seconds in which changes are gathered
_MOST = 500  # changes in one piece
_ALIVE = 15.0  # seconds after which a comment says that the server is there


class Bell:
    """Wakes all who listen, from whatever thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Event] = set()
        self._is_rung = False
        self._lock = threading.Lock()
        self.is_closed = False

    def attach(self) -> None:
        """Belong to the loop that runs now."""
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Wake them. Of many rings at once one is enough, since whoever is woken looks for himself."""
        with self._lock:
            if self._loop is not None and not self._is_rung:
                self._is_rung = True
                self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Let all listeners end."""
        with self._lock:
            loop, self._loop = self._loop, None
            self.is_closed = True
            if loop is not None:
                loop.call_soon_threadsafe(self._wake)

    def join(self) -> asyncio.Event:
        """A listener; it finds it has been rung already."""
        event = asyncio.Event()
        event.set()
        self._listeners.add(event)
        return event

    def leave(self, event: asyncio.Event) -> None:
        """A listener goes."""
        self._listeners.discard(event)

    def _wake(self) -> None:
        self._is_rung = False
        for event in self._listeners:
            event.set()


async def stream(
    library: Library, bell: Bell, recipe: Callable[[], dict[str, Any]], last: str | None
) -> AsyncIterator[bytes]:
    """The events for one listener, until the server closes.

    Args:
        library: what they are about.
        bell: rings when there is something.
        recipe: tells the recipe that holds.
        last: the mark of the last event that the listener has; None if it has just come.
    """
    mark = library.mark if last is None else last
    listening = bell.join()
    try:
        yield b"retry: 1000\n\n"
        if last is None:
            yield _written("totals", library.totals(), mark)
        while not bell.is_closed:
            try:
                await asyncio.wait_for(listening.wait(), _ALIVE)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            listening.clear()
            await asyncio.sleep(_GATHER)
            is_full = True
            while is_full:
                batch = library.since(mark, _MOST)
                mark, is_full = batch.mark, len(batch.names) == _MOST
                if batch.is_reset:
                    yield _written("reset", {}, mark)
                elif batch.names:
                    yield _gathered(library, recipe, batch.names, mark)
    finally:
        bell.leave(listening)


def _gathered(library: Library, recipe: Callable[[], dict[str, Any]], names: list[Name], mark: str) -> bytes:
    """Several events in one piece, of which only the last bears the mark: they are missed together."""
    events: list[tuple[str, Any]] = []
    for kind, key in names:
        if kind == "original":
            item = library.item(key)
            events.append(("removed", {"key": key}) if item is None else ("original", item))
        elif kind == "recipe":
            events.append((kind, recipe()))
    # Whatever has changed, the whole has as well.
    events.append(("totals", library.totals()))
    *others, (kind, value) = events
    return b"".join(_written(*other) for other in others) + _written(kind, value, mark)


def _written(kind: str, value: object, mark: str | None = None) -> bytes:
    # No JSON has a line break in it, so one line of data is enough.
    line = f"id: {mark}\n".encode() if mark else b""
    return line + f"event: {kind}\ndata: ".encode() + msgspec.json.encode(value) + b"\n\n"
