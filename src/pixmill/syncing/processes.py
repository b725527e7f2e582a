"""Jobs on worker processes: all cores, and a decoder that crashes or hangs costs one original.

Each worker does its jobs in order and answers each, so when one dies the oldest unanswered job is the one
that it died of. That job is given to a fresh worker once more; if that dies as well, the original is to
blame. The others that the dead worker held are simply given to somebody else.
"""

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from pixmill.errors import Failed, Rejected
from pixmill.syncing import wire
from pixmill.syncing.work import Done, Failure, Job, Ready, Result, Setup

JOB_SECONDS = 120.0
"""How long one original may take before its worker is ended; some hundred times the usual."""

START_SECONDS = 60.0
"""How long a worker may take to come to life; some hundred times the usual as well."""

_HELD = 2  # jobs that a worker holds: one in work, one so that it need not wait for the next
_TRIES = 2
_STILLBIRTHS = 3  # workers in a row that do not come to life before the sync gives up
_PIECE = 1 << 16
_OURS_TO_BLAME = frozenset((-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP))

Blame = Callable[[Job, Rejected], Result]


@dataclass(slots=True, eq=False)
class _Held:
    job: Job
    tries: int


class _Worker:
    """One process and the jobs that it holds."""

    def __init__(self, setup: Setup, keep_open: tuple[int, ...]) -> None:
        self.held: deque[_Held] = deque()
        self.deadline = time.monotonic() + START_SECONDS
        self.ready = False
        self.overran = False
        self._inbox = wire.Inbox()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pixmill.syncing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            pass_fds=keep_open,
            env={
                **os.environ,
                # A core each is all there is to share out. Both must be set before a process starts.
                "VIPS_CONCURRENCY": "1",
                "MALLOC_ARENA_MAX": "1",
            },
        )
        self._send(setup)

    @property
    def output(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdout)

    def give(self, held: _Held) -> None:
        if self.ready and not self.held:
            self.deadline = time.monotonic() + JOB_SECONDS
        self.held.append(held)
        self._send(held.job)

    def answers(self) -> list[wire.Message] | None:
        """What has come in; None if the process has ended."""
        piece = os.read(self.output.fileno(), _PIECE)
        return self._inbox.take(piece) if piece else None

    def came_to_life(self) -> None:
        self.ready = True
        self.deadline = time.monotonic() + JOB_SECONDS

    def finished_one(self) -> _Held:
        self.deadline = time.monotonic() + JOB_SECONDS
        return self.held.popleft()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """Wait for the end, close everything, and tell the exit status."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # it died before it had read its last job
        return self._process.wait()

    def last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        self._errors.close()
        return lines[-1] if lines else ""

    def _send(self, message: wire.Message) -> None:
        stdin = cast("BinaryIO", self._process.stdin)
        try:
            stdin.write(wire.pack(message))
            stdin.flush()
        except BrokenPipeError:
            return  # its output will end as well, and what it held is given to another


class Crew:
    """Worker processes for one sync.

    Args:
        setup: what each is told first.
        workers: how many, at most.
        keep_open: file descriptors that they inherit.
        blame: records that an original made its worker die.
    """

    def __init__(self, setup: Setup, workers: int, keep_open: tuple[int, ...], blame: Blame) -> None:
        self._setup = setup
        self._most = workers
        self._keep_open = keep_open
        self._blame = blame
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def run(self, jobs: Iterable[Job]) -> Generator[Result]:
        """Do all jobs; results come as they are ready.

        Raises:
            Failed: "worker-lost": no worker could be started.
        """
        fresh = (_Held(job, 0) for job in jobs)
        again: deque[_Held] = deque()
        try:
            while self._hand_out(again, fresh) or any(worker.held for worker in self._workers):
                for worker in self._wait():
                    answers = worker.answers()
                    if answers is None:
                        yield from self._bury(worker, again)
                    else:
                        yield from self._accept(worker, answers)
        finally:
            self._dismiss()

    def _hand_out(self, again: deque[_Held], fresh: Iterator[_Held]) -> bool:
        """Give jobs to whoever has room, the emptiest first; whether any job was given."""
        given = False
        while True:
            worker = min(self._workers, key=lambda each: len(each.held), default=None)
            if (worker is None or worker.held) and len(self._workers) < self._most:
                worker = None
            elif worker is None or len(worker.held) >= _HELD:
                return given
            held = again.popleft() if again else next(fresh, None)
            if held is None:
                return given
            (worker or self._hire()).give(held)
            given = True

    def _hire(self) -> _Worker:
        worker = _Worker(self._setup, self._keep_open)
        self._workers.append(worker)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)
        return worker

    def _wait(self) -> list[_Worker]:
        busy = [worker for worker in self._workers if worker.held]
        now = time.monotonic()
        for worker in busy:
            if now > worker.deadline and not worker.overran:
                worker.overran = True
                worker.kill()
        soonest = min((worker.deadline for worker in busy if not worker.overran), default=now + 1)
        return [key.data for key, _ in self._selector.select(max(0.0, soonest - now) + 0.01)]

    def _accept(self, worker: _Worker, answers: list[wire.Message]) -> Iterator[Result]:
        for answer in answers:
            if isinstance(answer, Ready):
                worker.came_to_life()
                self._stillborn = 0
            elif isinstance(answer, Done):
                worker.finished_one()
                yield answer.outcome
            elif isinstance(answer, Failure):
                if not worker.ready:
                    raise Failed(
                        "worker-lost", f"A worker could not set itself up: {answer.message}", hint=answer.hint
                    )
                worker.finished_one()
                yield answer

    def _bury(self, worker: _Worker, again: deque[_Held]) -> Iterator[Result]:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        status, words = worker.end(), worker.last_words()
        if not worker.ready:
            # It has not begun its first job, so the jobs are not to blame.
            again.extend(worker.held)
            self._stillborn += 1
            if self._stillborn == _STILLBIRTHS:
                raise Failed(
                    "worker-lost", f"No worker could start (status {status}): {words or 'it said nothing'}"
                )
            return
        if not worker.held:
            return
        suspect = worker.finished_one()
        again.extend(worker.held)
        suspect.tries += 1
        if suspect.tries < _TRIES:
            again.appendleft(suspect)
        elif worker.overran:
            yield self._blame(
                suspect.job,
                Rejected(
                    "decoder-crashed", f"The decoder ran for more than {JOB_SECONDS:.0f} seconds, twice."
                ),
            )
        elif status in _OURS_TO_BLAME:
            error = Failed("worker-lost", f"The worker process was ended by signal {-status}, twice.")
            yield Failure(suspect.job.key, error.code, error.message, error.hint)
        else:
            how = f"by signal {-status}" if status < 0 else f"with status {status}"
            yield self._blame(suspect.job, Rejected("decoder-crashed", f"The decoder died {how}, twice."))

    def _dismiss(self) -> None:
        """End all workers at once: what they have not answered is not done, and what they wrote is whole."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.end()
            worker.last_words()
        self._workers.clear()
        self._selector.close()
