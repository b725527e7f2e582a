"""A queue that behaves like a standard queue of SQS, as far as a worker can tell, and tells tests more.

A message that was received and not deleted comes again when its visibility timeout is over, or sooner if it
is given back; one that was received too often goes to the dead-letter queue. There is no order.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Message(NamedTuple):
    """A message, as it is received.

    Attributes:
        id: its name.
        body: its text.
        about: the key that it is about; the worker is not told.
        times: how often it has been received.
        visible: when it can be received, on the clock of `time.monotonic`.
    """

    id: str
    body: str
    about: str | None
    times: int
    visible: float


class Queue:
    """The queue and its dead-letter queue.

    Args:
        seed: decides the order.
        visibility: seconds.
        receives: how often a message may be received.
        pause: seconds until a message that was given back comes again.

    Attributes:
        received: how many deliveries there were of each key.
        counts: "sent", "redelivered", "dead" and "redriven" messages.
    """

    def __init__(self, seed: int, *, visibility: float, receives: int, pause: float = 0.5) -> None:
        self._dice = random.Random(f"queue {seed}")  # noqa: S311 - an order, no secret
        self._visibility = visibility
        self._receives = receives
        self._pause = pause
        self._lock = threading.Lock()
        self._messages: dict[str, Message] = {}
        self._dead: list[Message] = []
        self.received: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def send(self, body: str, about: str | None) -> None:
        with self._lock:
            self.counts["sent"] += 1
            self._add(body, about)

    def receive(self, most: int) -> list[Message]:
        """At most so many messages that are visible now."""
        now = time.monotonic()
        with self._lock:
            visible = [each for each in self._messages.values() if each.visible <= now]
            taken: list[Message] = []
            for each in self._dice.sample(visible, min(most, len(visible))):
                if each.times >= self._receives:
                    self.counts["dead"] += 1
                    self._dead.append(self._messages.pop(each.id))
                    continue
                self.counts["redelivered"] += each.times > 0
                self.received[each.about or ""] += 1
                again = each._replace(times=each.times + 1, visible=now + self._visibility)
                self._messages[each.id] = again
                taken.append(again)
            return taken

    def delete(self, ids: Iterable[str]) -> None:
        with self._lock:
            for each in ids:
                self._messages.pop(each, None)

    def release(self, ids: Iterable[str]) -> None:
        """Let messages that were received come again soon, since nobody is at work on them."""
        soon = time.monotonic() + self._pause
        with self._lock:
            for each in ids:
                self._messages[each] = self._messages[each]._replace(visible=soon)

    def redrive(self, change: Callable[[str], str]) -> int:
        """Move the dead messages back, each as a new one; how many there were that are about a key."""
        with self._lock:
            moved = [each for each in self._dead if each.about is not None]
            self._dead = [each for each in self._dead if each.about is None]
            for each in moved:
                self._add(change(each.body), each.about)
            self.counts["redriven"] += len(moved)
            return len(moved)

    @property
    def waiting(self) -> int:
        """How many messages there are, received or not, but for the dead ones."""
        return len(self._messages)

    @property
    def dead(self) -> list[str]:
        """The bodies of the dead messages."""
        with self._lock:
            return [each.body for each in self._dead]

    @property
    def unfinished(self) -> set[str]:
        """Keys that somebody is at work on or has not brought to an end: they will be looked at again."""
        with self._lock:
            begun = [each.about for each in self._messages.values() if each.times]
            return {each for each in (*begun, *(dead.about for dead in self._dead)) if each is not None}

    def _add(self, body: str, about: str | None) -> None:
        name = f"{self._dice.getrandbits(128):032x}"
        self._messages[name] = Message(name, body, about, 0, 0.0)
