"""The originals of one invocation, reconciled so that the network does not keep the CPU waiting.

Several threads reconcile; one at a time renders. While it does, the others fetch the next originals and
store the last renditions. Each original that is begun has its bytes counted against a budget, so that
however many threads wait, memory holds only what it can. None is begun that the function's time may not
suffice for; what is not done shortly before its end is given back, so that the others need not come again.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec

from pixmill import engine
from pixmill.aws.watch import Watch
from pixmill.errors import Failed, PixmillError
from pixmill.recipe import Recipe
from pixmill.reconcile import AtOnce, Delivery, Outcome, Render, Together, reconcile
from pixmill.storage import Meta, Opened, Store

_MOST_THREADS = 10  # enough to hide storage calls of 50 ms behind renderings of as much
# Further threads, for calls that an original makes at once. Many functions may be at work on one bucket, and
# a store that is late already is not helped by more calls at a time.
_MOST_CALLS = 8
_LAST_WORD = 1.0  # seconds of the function's time that are kept for the answer


class Task(msgspec.Struct, frozen=True):
    """One original that something was heard of.

    Attributes:
        key: its key, relative to the source.
        verify: some message about it was here before.
        delivery: what is known of its messages, if they are a queue's.
        watch: looks on while it is worked on.
    """

    key: str
    verify: bool
    delivery: Delivery | None = None
    watch: Watch = msgspec.field(default_factory=Watch)


Done = Outcome | PixmillError | Exception | None
"""What became of a task: its outcome, what went wrong, or None if there was no time for it."""


class Shift:
    """Works tasks off.

    Args:
        source: where originals are.
        destination: where renditions go.
        recipe: what is wanted.
        render: the engine, which must be done `within` so many seconds.
        budget: bytes of originals to hold at a time; one larger than that is worked on alone.
        remaining: the seconds that are left of the function's time.
        reserve: how many of them must be left for an original to be begun.
    """

    def __init__(  # noqa: PLR0913 - a shift has this many circumstances
        self,
        source: Store,
        destination: Store,
        recipe: Recipe,
        *,
        render: Render,
        budget: int,
        remaining: Callable[[], float],
        reserve: float,
    ) -> None:
        self._over = threading.Event()
        self._source = source
        self._destination = destination
        self._recipe = recipe
        self._engine = render
        self._budget = Budget(budget)
        self._remaining = remaining
        self._reserve = reserve
        self._rendering = threading.Lock()

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Done]]:
        """Work all tasks off; each is told as it is done, or when the time is over."""
        if not tasks:
            return
        workers = min(_MOST_THREADS, len(tasks))
        pool = ThreadPoolExecutor(workers, thread_name_prefix="pixmill")
        calls = ThreadPoolExecutor(_MOST_CALLS, thread_name_prefix="pixmill-call")
        together = AtOnce(calls)
        running = {pool.submit(self._one, task, together): task for task in tasks}
        try:
            for future in as_completed(list(running), timeout=max(0.0, self._remaining() - _LAST_WORD)):
                yield running.pop(future), future.result()
        except TimeoutError:
            # Whoever is still at it can make no further call, and ends with the first that it tries.
            self._over.set()
            for task in running.values():
                yield task, None
        finally:
            pool.shutdown(wait=not self._over.is_set(), cancel_futures=True)
            calls.shutdown(wait=not self._over.is_set())

    def _one(self, task: Task, together: Together) -> Done:
        if self._remaining() <= self._reserve:
            return None
        with task.watch.work(), self._budget.held() as hold:
            try:
                return reconcile(
                    task.key,
                    source=_Weighed(self._source, self._over, hold, task.watch),
                    destination=_Stored(self._destination, self._over, task.watch),
                    recipe=self._recipe,
                    verify=task.verify,
                    render=partial(self._render, task.watch),
                    together=together,
                    delivery=task.delivery,
                )
            except Exception as error:  # noqa: BLE001 - one original must not take its batch along; it is reported
                return error

    def _render(self, watch: Watch, *arguments: Any, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
        with watch.part("wait for the engine"):
            self._rendering.acquire()
        try:
            with watch.part("render"):
                return self._engine(*arguments, within=self._remaining() - _LAST_WORD, **options)
        finally:
            self._rendering.release()


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


class _Guarded:
    """A store that takes no more calls when the shift is over."""

    def __init__(self, store: Store, over: threading.Event) -> None:
        self._store = store
        self._over = over
        self.location = store.location
        self.list, self.claim, self.made_by_us = store.list, store.claim, store.made_by_us

    def head(self, key: str) -> Meta | None:
        return self._open_still.head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        return self._open_still.get(key)

    def open(self, key: str) -> Opened | None:
        return self._open_still.open(key)

    def put(self, key: str, data: bytes, **options: Any) -> str:  # noqa: ANN401 - passed on
        return self._open_still.put(key, data, **options)

    def delete(self, key: str) -> None:
        self._open_still.delete(key)

    @property
    def _open_still(self) -> Store:
        if self._over.is_set():
            raise Failed("out-of-time")
        return self._store


class _Stored(_Guarded):
    """A destination that says how long its writes took."""

    def __init__(self, store: Store, over: threading.Event, watch: Watch) -> None:
        super().__init__(store, over)
        self._watch = watch

    def put(self, key: str, data: bytes, **options: Any) -> str:  # noqa: ANN401 - passed on
        with self._watch.part("store"):
            return super().put(key, data, **options)


class _Weighed(_Guarded):
    """A source whose originals are counted before their bytes are fetched."""

    def __init__(
        self, store: Store, over: threading.Event, hold: Callable[[int], None], watch: Watch
    ) -> None:
        super().__init__(store, over)
        self._hold = hold
        self._watch = watch
        self._sizes: dict[str, int] = {}

    def head(self, key: str) -> Meta | None:
        meta = super().head(key)
        if meta is not None:
            self._sizes[key] = meta.size
        return meta

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self._wait(self._sizes.pop(key, 0))
        with self._watch.part("fetch"):
            return super().get(key)

    def open(self, key: str) -> Opened | None:
        opened = super().open(key)
        return opened and Opened(opened.meta, lambda: self._read(opened))

    def _read(self, opened: Opened) -> bytes:
        self._wait(opened.meta.size)
        with self._watch.part("fetch"):
            return opened.read()

    def _wait(self, size: int) -> None:
        with self._watch.part("wait for memory"):
            self._hold(size)
