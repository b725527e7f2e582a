"""Files that are being written: an original is worked on when it has come to rest."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pixmill.storage import Meta

REST = 0.5
"""Seconds for which a file must stay as it is."""

MOST = 30.0
"""Seconds after which a file that never rests is taken as it is; its next change brings it back."""


@dataclass(slots=True)
class _Restless:
    meta: Meta
    since: float
    first: float


class Resting:
    """Originals that may still be growing.

    Args:
        look: what the source holds under a key now.
    """

    def __init__(self, look: Callable[[str], Meta | None]) -> None:
        self._look = look
        self._found: dict[str, _Restless] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, meta: Meta) -> None:
        """A file was seen to change."""
        now = time.monotonic()
        known = self._found.get(meta.key)
        self._found[meta.key] = _Restless(meta, now, known.first if known else now)

    def drop(self, key: str) -> None:
        """It is gone."""
        self._found.pop(key, None)

    def rested(self) -> Iterator[tuple[str, Meta | None]]:
        """Those that have come to rest, or are gone, with what they are now; they are forgotten here."""
        now = time.monotonic()
        for key, found in list(self._found.items()):
            if now - found.since < REST:
                continue
            meta = self._look(key)
            if meta is not None and meta != found.meta and now - found.first < MOST:
                self._found[key] = _Restless(meta, now, found.first)
                continue
            del self._found[key]
            yield key, meta
