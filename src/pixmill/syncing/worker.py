"""A worker process: `python -m pixmill.syncing.worker`, started by `processes` and by nobody else.

It reads jobs from its standard input, answers on its standard output in the same order, and ends when the
input does. It must not outlive its parent: on Linux the kernel sees to that.
"""

import ctypes
import logging
import os
import signal
import sys

from pixmill.errors import PixmillError
from pixmill.recipe import Recipe
from pixmill.storage import open_store
from pixmill.syncing import wire
from pixmill.syncing.work import Bench, Done, Failure, Job, Ready, Setup

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve until the input ends."""
    _die_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    logging.disable()
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever else prints must not end up between the messages.
    os.dup2(2, 1)

    def say(message: wire.Message) -> None:
        answers.write(wire.pack(message))
        answers.flush()

    setup = wire.read(jobs)
    if not isinstance(setup, Setup):
        return 1
    try:
        bench = Bench(
            open_store(setup.source),
            open_store(setup.destination, create=True),
            Recipe.from_dict(setup.recipe),
            dry_run=False,
        )
    except PixmillError as error:
        say(Failure("", error.code, error.message, error.hint))
        return 1
    say(Ready())
    while isinstance(job := wire.read(jobs), Job):
        result = bench.do(job)
        say(result if isinstance(result, Failure) else Done(result))
    return 0


def _die_with(parent: int) -> None:
    """End when the parent does, even if it is killed while this process is in the middle of a job."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
