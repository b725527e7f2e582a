"""Worker processes that stay: jobs come as they come, and the workers wait for them."""

import selectors
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any

from pixmill.local.desk import Desk
from pixmill.syncing.processes import Blame, Crew
from pixmill.syncing.work import Job, Result, Setup


class _DismissedError(Exception):
    """The crew is not wanted any more."""


class StandingCrew(Crew):
    """A crew that is not done when no job is left.

    Args:
        setup: what each worker is told first.
        workers: how many, at most.
        keep_open: file descriptors that they inherit.
        blame: records that an original made its worker die.
        desk: its bell wakes the crew.
    """

    def __init__(
        self, setup: Setup, workers: int, keep_open: tuple[int, ...], blame: Blame, desk: Desk
    ) -> None:
        super().__init__(setup, workers, keep_open, blame)
        self._desk = desk
        self._selector.register(desk.bell, selectors.EVENT_READ, None)
        self._next: deque[Job] = deque(maxlen=1)

    def serve(self, take: Callable[[], Job | None], wanted: Callable[[], bool]) -> Generator[Result]:
        """Do jobs as they come; results come as they are ready.

        Args:
            take: the next job; None if there is none just now.
            wanted: whether to go on. If not, the workers are ended at once.

        Raises:
            Failed: "worker-lost": no worker could be started.
        """
        self._take, self._wanted = take, wanted
        try:
            yield from self.run(self._jobs())
        except _DismissedError:
            return

    def _jobs(self) -> Iterator[Job]:
        # Is only ever asked for one more when one is there.
        while True:
            yield self._next.popleft()

    def _coming(self, fresh: Iterator[Any]) -> Iterator[Any]:
        # To idle hands alone: whatever is put behind an original that hangs would wait for minutes.
        while self._has_idle_hands() and (job := self._take()) is not None:
            self._next.append(job)
            yield next(fresh)

    def _has_idle_hands(self) -> bool:
        return len(self._workers) < self._most or any(not worker.held for worker in self._workers)

    def _hand_out(self, again: deque[Any], fresh: Iterator[Any]) -> bool:
        if not self._wanted():
            raise _DismissedError
        super()._hand_out(again, self._coming(fresh))
        return True  # there may always be more

    def _wait(self) -> list[Any]:
        found: list[Any] = [*super()._wait()]
        self._desk.silence()
        return [worker for worker in found if worker is not None]
