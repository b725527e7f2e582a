"""Waiting for a process that may never answer."""

import select
import sys
import time

from pixmill.confinement.loss import Loss

_AWAKE = 0.03  # of the time; a small function has no more than twice as much of the processor


class OutOfTimeError(Exception):
    """The time is over, which is not the process's fault."""


class Patience:
    """Waits until a process has done its part, or does nothing.

    Args:
        process: its id.
        still: seconds for which it may do nothing.
        end: when all waiting ends, as `time.monotonic` has it.
    """

    def __init__(self, process: int, still: float, end: float) -> None:
        self._process = process
        self._still = still
        self._end = end
        self._looked = time.monotonic()
        self._used = _processor_time(process)

    def wait(self, descriptor: int, event: int) -> None:
        """Wait until a pipe has something to read, or room.

        Raises:
            OutOfTimeError: the time is over.
            Loss: the process stood still.
        """
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(max(0.0, min(self._end, self._looked + self._still) - time.monotonic()) * 1000):
            now = time.monotonic()
            if now >= self._end:
                raise OutOfTimeError
            if now >= self._looked + self._still:
                self._look(now)

    def _look(self, now: float) -> None:
        """Being slow is no fault: how fast it could be is up to others. Doing nothing is one."""
        used = _processor_time(self._process)
        if used - self._used < _AWAKE * self._still:
            raise Loss("still")
        self._looked, self._used = now, used


def _processor_time(process: int) -> float:
    """Seconds; of a process that has just ended, and where the system does not tell, 0."""
    if sys.platform != "linux":
        return 0.0
    try:
        # As clock_getcpuclockid(3) makes it.
        return time.clock_gettime(~process << 3 | 2)
    except OSError:
        return 0.0
