"""A watch over the destination while everything goes wrong: does a manifest name what is not there?

That is allowed while a replacement or removal is under way: while a message about the original has been
received and not yet been dealt with, which covers workers at work, dead ones, and those that gave up. A
message that was never received is no excuse. See docs/decisions/0004-convergence.md.
"""

import random
import threading
from types import TracebackType
from typing import Self

from tests.faults.buckets import Buckets
from tests.faults.queues import Queue

from pixmill.keys import manifest_key
from pixmill.manifest import Manifest

_PAUSE = 0.05  # seconds


class Watch:
    """Looks at one original after another, from `__enter__` to `__exit__`.

    Args:
        buckets: past the proxy.
        queue: who knows what is under way.
        seed: decides where to look.

    Attributes:
        keys: where there may be something to look at; whoever uploads says so.
        looks: how many manifests were looked at.
        at_rest: how many of these while nothing was under way with them.
        half_made: how many named what was not there while something was, which is allowed.
        broken: a sentence for each that did so at rest, which is not.
        failure: what ended the watch too early.
    """

    def __init__(self, buckets: Buckets, queue: Queue, seed: int) -> None:
        self._buckets = buckets
        self._queue = queue
        self._dice = random.Random(f"watch {seed}")  # noqa: S311 - where to look, no secret
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.keys: list[str] = []
        self.looks = self.at_rest = self.half_made = 0
        self.broken: list[str] = []
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if self.failure and error is None:
            raise self.failure

    def look(self, key: str) -> None:
        """Look at one original."""
        before = self._queue.received[key], key in self._queue.unfinished
        found = self._buckets.manifest(manifest_key(key))
        if found is None:
            return
        manifest = Manifest.from_json(found[1])
        named = [(each.key, each.etag) for each in manifest.renditions if each.key]
        missing = [name for name, etag in named if self._buckets.etag(name) != etag]
        # Whoever came meanwhile and has gone again was counted.
        at_rest = before == (self._queue.received[key], False) and key not in self._queue.unfinished
        self.looks += 1
        self.at_rest += at_rest
        if missing and at_rest:
            self.broken.append(f"at rest, the manifest of {key!r} names {', '.join(missing)}: not there")
        elif missing:
            self.half_made += 1

    def _watch(self) -> None:
        try:
            while not self._over.wait(_PAUSE):
                if self.keys:
                    self.look(self._dice.choice(self.keys[-200:]))
        except Exception as error:  # noqa: BLE001 - raised where the watch ends
            self.failure = error
