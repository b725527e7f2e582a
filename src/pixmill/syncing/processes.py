"""Jobs on worker processes: all cores, and a decoder that crashes, hangs or eats memory costs one original.

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

import msgspec

from pixmill.confinement import Allowance, Loss
from pixmill.confinement.loss import Ended, Kind
from pixmill.errors import Failed, Rejected
from pixmill.recipe import Recipe
from pixmill.settings import FRUGAL
from pixmill.syncing import wire
from pixmill.syncing.work import Done, Failure, Job, Ready, Result, Setup

JOB_SECONDS = 120.0
"""How long one original may take before its worker is ended; some hundred times the usual."""

JOB_CPU_SECONDS = 100.0
"""How much of that the processor may be at work. What waits is given another try, what spins is not."""

START_SECONDS = 60.0
"""How long a worker may take to come to life; some hundred times the usual as well."""

_HELD = 2  # jobs that a worker holds: one in work, one so that it need not wait for the next
_TRIES = 2
_STILLBIRTHS = 3  # workers in a row that do not come to life before the sync gives up
_PIECE = 1 << 16

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
        self.killed_for: Kind | None = None
        self._inbox = wire.Inbox()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pixmill.syncing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            pass_fds=keep_open,
            env={**os.environ, **FRUGAL},
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
        if not piece:
            return None
        if self.killed_for == "babbled":
            return []
        answers = [*self._inbox.take(piece)]
        if self._inbox.garbled:
            self.kill_for("babbled")
        return answers

    def came_to_life(self) -> None:
        self.ready = True
        self.deadline = time.monotonic() + JOB_SECONDS

    def is_at(self, key: str) -> bool:
        return self.ready and bool(self.held) and self.held[0].job.key == key

    def finished_one(self) -> _Held:
        self.deadline = time.monotonic() + JOB_SECONDS
        return self.held.popleft()

    def kill_for(self, kind: Kind) -> None:
        self.killed_for = self.killed_for or kind
        self.kill()

    def kill(self) -> None:
        # It is not waited for before `end`, so the id is still its own.
        os.kill(self._process.pid, signal.SIGKILL)

    def loss(self, memory: int) -> Loss:
        """Wait for the end, close everything, and tell what it was."""
        ended = self.end()
        return Loss(self.killed_for, ended.status) if self.killed_for else Loss.of(ended, memory)

    def end(self) -> Ended:
        """Wait for the end and close everything."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # it died before it had read its last job
        _, status, usage = os.wait4(self._process.pid, 0)
        ended = Ended.told(status, usage)
        self._process.returncode = ended.status
        return ended

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
        limits = Recipe.from_dict(setup.recipe).limits
        self._allowance = Allowance.under(limits, cpu=JOB_CPU_SECONDS)
        self._setup = msgspec.structs.replace(setup, allowance=self._allowance)
        self._most = workers
        self._keep_open = keep_open
        self._blame = blame
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def run(self, jobs: Iterable[Job], begun: Callable[[], None] = lambda: None) -> Generator[Result]:
        """Do all jobs; results come as they are ready.

        Args:
            jobs: what is to be done.
            begun: is called once, as soon as there is nothing to do but wait: the workers come to life then.

        Raises:
            Failed: "worker-lost": no worker could be started.
        """
        fresh = (_Held(job, 0) for job in jobs)
        again: deque[_Held] = deque()
        try:
            self._hand_out(again, fresh)
            begun()
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
            if now > worker.deadline and not worker.killed_for:
                worker.kill_for("still")
        soonest = min((worker.deadline for worker in busy if not worker.killed_for), default=now + 1)
        return [key.data for key, _ in self._selector.select(max(0.0, soonest - now) + 0.01)]

    def _accept(self, worker: _Worker, answers: list[wire.Message]) -> Iterator[Result]:
        for answer in answers:
            result = answer.outcome if isinstance(answer, Done) else answer
            if isinstance(result, Ready):
                worker.came_to_life()
                self._stillborn = 0
            elif isinstance(result, Failure) and not worker.ready:
                raise Failed(
                    "worker-lost", f"A worker could not set itself up: {result.message}", hint=result.hint
                )
            elif isinstance(result, Result) and worker.is_at(result.key):
                worker.finished_one()
                yield result
            else:
                worker.kill_for("babbled")
                return

    def _bury(self, worker: _Worker, again: deque[_Held]) -> Iterator[Result]:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        loss, words = worker.loss(self._allowance.memory), worker.last_words()
        if not worker.ready:
            # It has not begun its first job, so the jobs are not to blame.
            again.extend(worker.held)
            self._stillborn += 1
            if self._stillborn == _STILLBIRTHS:
                said = words or "it said nothing"
                raise Failed("worker-lost", f"No worker could start (status {loss.status}): {said}")
            return
        if not worker.held:
            return
        suspect = worker.finished_one()
        again.extend(worker.held)
        suspect.tries += 1
        if suspect.tries < _TRIES and not loss.is_certain:
            again.appendleft(suspect)
            return
        verdict = loss.verdict
        if isinstance(verdict, Rejected):
            yield self._blame(suspect.job, verdict)
        else:
            yield Failure(suspect.job.key, verdict.code, verdict.message, verdict.hint)

    def _dismiss(self) -> None:
        """End all workers at once: what they have not answered is not done, and what they wrote is whole."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.end()
            worker.last_words()
        self._workers.clear()
        self._selector.close()
