"""The originals of one invocation, reconciled so that the network does not keep the CPU waiting.

Several threads reconcile; one at a time renders. While it does, the others fetch the next originals and
store the last renditions. Each original that is begun has its bytes counted against a budget, so that
however many threads wait, memory holds only what it can; and none is begun that the function's time may not
suffice for.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any

import msgspec

from pixmill import engine
from pixmill.errors import PixmillError
from pixmill.recipe import Recipe
from pixmill.reconcile import Outcome, reconcile
from pixmill.storage import Meta, Store

_MOST_THREADS = 8  # enough to hide storage calls of 50 ms behind renderings of as much


class Task(msgspec.Struct, frozen=True):
    """One original that something was heard of.

    Attributes:
        key: its key, relative to the source.
        verify: some message about it was here before.
    """

    key: str
    verify: bool


Done = Outcome | PixmillError | Exception | None
"""What became of a task: its outcome, what went wrong, or None if there was no time to begin it."""


class Shift:
    """Works tasks off.

    Args:
        source: where originals are.
        destination: where renditions go.
        recipe: what is wanted.
        budget: bytes of originals to hold at a time; one larger than that is worked on alone.
        may_begin: whether there is time for another original.
    """

    def __init__(
        self, source: Store, destination: Store, recipe: Recipe, *, budget: int, may_begin: Callable[[], bool]
    ) -> None:
        self._source = source
        self._destination = destination
        self._recipe = recipe
        self._budget = Budget(budget)
        self._may_begin = may_begin
        self._rendering = threading.Lock()

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Done]]:
        """Work all tasks off; each is told as it is done."""
        waiting = deque(tasks)
        if not waiting:
            return
        with ThreadPoolExecutor(min(_MOST_THREADS, len(waiting)), thread_name_prefix="pixmill") as pool:
            running = {pool.submit(self._one, task): task for task in waiting}
            for future in as_completed(running):
                yield running[future], future.result()

    def _one(self, task: Task) -> Done:
        if not self._may_begin():
            return None
        with self._budget.held() as hold:
            try:
                return reconcile(
                    task.key,
                    source=_Weighed(self._source, hold),
                    destination=self._destination,
                    recipe=self._recipe,
                    verify=task.verify,
                    render=self._render,
                )
            except Exception as error:  # noqa: BLE001 - one original must not take its batch along; it is reported
                return error

    def _render(self, *arguments: Any, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
        with self._rendering:
            return engine.render(*arguments, **options)


class Budget:
    """Bytes that may be held at a time. Whoever wants more than there is waits, unless nobody holds any."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._used = 0
        self._changed = threading.Condition()

    @contextmanager
    def held(self) -> Generator[Callable[[int], None]]:
        """A function that takes bytes in place of those it took before; the end gives them back."""
        taken = 0

        def take(size: int) -> None:
            nonlocal taken
            with self._changed:
                # First given back: two holders who both want more would wait for each other for ever.
                self._used -= taken
                taken = 0
                self._changed.notify_all()
                self._changed.wait_for(lambda: not self._used or self._used + size <= self._total)
                self._used += size
                taken = size

        try:
            yield take
        finally:
            with self._changed:
                self._used -= taken
                self._changed.notify_all()


class _Weighed:
    """A source whose originals are counted before they are fetched."""

    def __init__(self, store: Store, hold: Callable[[int], None]) -> None:
        self._store = store
        self._hold = hold
        self._sizes: dict[str, int] = {}
        self.location = store.location
        self.put, self.delete, self.list = store.put, store.delete, store.list
        self.claim, self.made_by_us = store.claim, store.made_by_us

    def head(self, key: str) -> Meta | None:
        meta = self._store.head(key)
        if meta is not None:
            self._sizes[key] = meta.size
        return meta

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self._hold(self._sizes.pop(key, 0))
        return self._store.get(key)
