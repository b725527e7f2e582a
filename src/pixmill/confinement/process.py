"""A renderer's process, as its parent sees it."""

import fcntl
import os
import select
import signal
import sys
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from pixmill.confinement import child, door, frames
from pixmill.confinement.loss import Ended
from pixmill.confinement.patience import Patience

_PIECE = 1 << 16
_WIDE = 1 << 20
_MOURNING = 1.0  # seconds for a process that has closed its pipes to end
_COMMAND = ("-s", "-P", "-c", "from pixmill.confinement.child import main; main()")


class Process:
    """A process with a pipe to it and one from it.

    Args:
        process: its id; a child of this one, that nobody else waits for.
        jobs: the descriptor to write to.
        answers: the descriptor to read from.
        errors: the descriptor of a file for what goes wrong while it comes to life.

    Attributes:
        last_words: the last line of that, as soon as it has ended.
    """

    def __init__(self, process: int, jobs: int, answers: int, errors: int | None = None) -> None:
        self.id = process
        self.last_words = "nothing"
        self._errors = errors
        self._jobs = jobs
        self._answers = answers
        os.set_blocking(jobs, False)
        os.set_blocking(answers, False)
        # Nobody may forget it: it would stay as a zombie, and its pipes open.
        self._forgotten = weakref.finalize(self, _end, process, (jobs, answers, errors))

    @classmethod
    def forked(cls) -> Self:
        """A copy of this process, which must not have other threads: it costs a few milliseconds."""
        parent = os.getpid()
        theirs, jobs = _wide_pipe()
        answers, ours = os.pipe()
        process = os.fork()
        if not process:
            _be_child(parent, theirs, ours)
        os.close(theirs)
        os.close(ours)
        return cls(process, jobs, answers)

    @classmethod
    def started(cls) -> Self:
        """A new interpreter, with nothing of this process in it."""
        import tempfile  # noqa: PLC0415 - it takes some milliseconds, and mostly a fork will do

        with tempfile.TemporaryFile() as file:
            errors = os.dup(file.fileno())
        theirs, jobs = _wide_pipe()
        answers, ours = os.pipe()
        try:
            process = os.posix_spawn(
                sys.executable,
                [sys.executable, *_COMMAND],
                _environment(),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs, 0),
                    (os.POSIX_SPAWN_DUP2, ours, 1),
                    (os.POSIX_SPAWN_DUP2, errors, 2),
                ],
            )
        finally:
            for each in (theirs, ours):
                os.close(each)
        return cls(process, jobs, answers, errors)

    def write(self, pieces: Sequence[bytes], patience: Patience) -> None:
        """Write all of it.

        Raises:
            BrokenPipeError: the process has ended.
            Loss, OutOfTimeError: see `Patience`.
        """
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                try:
                    rest = rest[os.write(self._jobs, rest) :]
                except BlockingIOError:
                    patience.wait(self._jobs, select.POLLOUT)

    def read(self, most: int, patience: Patience) -> bytes | None:
        """Read one message; None if the process has closed its pipe.

        Raises:
            Garbled: it is longer than it may be, or there is something behind it.
            Loss, OutOfTimeError: see `Patience`.
        """
        inbox = frames.Inbox(most)
        while True:
            patience.wait(self._answers, select.POLLIN)
            piece = os.read(self._answers, _PIECE)
            if not piece:
                return None
            messages = inbox.take(piece)
            if inbox.garbled or len(messages) > 1 or (messages and inbox.holds_more):
                raise frames.Garbled("too much for an answer")
            if messages:
                return messages[0]

    @property
    def is_well(self) -> bool:
        """Whether it lives, and has not said anything that nobody asked for."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        return not poll.poll(0)

    @property
    def peak(self) -> int:
        """The most bytes of memory that it has held; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self.id}/status", "rb") as status:  # noqa: PTH123 - Path would not be quicker
                return next((int(line.split()[1]) << 10 for line in status if line.startswith(b"VmHWM:")), 0)
        except FileNotFoundError:
            return 0

    def end(self, *, at_once: bool = True) -> Ended:
        """End it, or wait for its end for a moment."""
        self._forgotten.detach()
        ended = _end(self.id, (self._jobs, self._answers), 0 if at_once else _MOURNING)
        if self._errors is not None:
            with open(self._errors, "rb") as file:  # noqa: PTH123 - a descriptor
                file.seek(0)
                lines = file.read().decode("utf-8", "replace").strip().splitlines()
            self.last_words = lines[-1] if lines else self.last_words
        return ended


def _end(process: int, descriptors: Sequence[int | None], patience: float = 0) -> Ended:
    for each in descriptors:
        if each is not None:
            os.close(each)
    deadline = time.monotonic() + patience
    while not (found := os.wait4(process, os.WNOHANG))[0] and time.monotonic() < deadline:
        time.sleep(0.001)
    if not found[0]:
        # Nobody has waited for it yet, so its id is still its own.
        os.kill(process, signal.SIGKILL)
        found = os.wait4(process, 0)
    _, status, usage = found
    return Ended.told(status, usage)


def is_single() -> bool:
    """Whether this process has one thread, so that a copy of it is whole; False where nobody can tell."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - Path would not be quicker
    except FileNotFoundError:
        return False


def _wide_pipe() -> tuple[int, int]:
    """A pipe that takes most originals in a few pieces, since each is a turn between the processes."""
    reading, writing = os.pipe()
    if sys.platform == "linux":
        with suppress(OSError):  # a user may have only so much of it; then it is slower
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _WIDE)
    return reading, writing


def _be_child(parent: int, jobs: int, answers: int) -> None:
    """All that the child does. It never returns, whatever happens: it is a copy of its parent."""
    try:
        door.die_with(parent)
        os.dup2(jobs, 0)
        os.dup2(answers, 1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        child.serve()
        os._exit(0)
    finally:
        os._exit(1)


def _environment() -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if name in door.KEPT}
    # Where this process finds its modules is where the child has to look, whoever has added to it.
    return {**known, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
