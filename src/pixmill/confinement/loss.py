"""How a process was lost over an original, and what that says of the original."""

import os
import resource
import signal
import sys
from typing import Literal, NamedTuple, Self

from pixmill.confinement import shortage
from pixmill.errors import Failed, PixmillError, Rejected

_FROM_OUTSIDE = frozenset((-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP))

_NEARLY_ALL = 0.8
_UNIT = 1024 if sys.platform == "linux" else 1

Kind = Literal["died", "full", "spun", "still", "babbled"]


class Ended(NamedTuple):
    """How a process ended.

    Attributes:
        status: its exit status; a signal's number below zero.
        peak: the most bytes of memory that it has held; 0 if that cannot be told.
    """

    status: int
    peak: int

    @classmethod
    def told(cls, status: int, usage: resource.struct_rusage) -> Self:
        """What `os.wait4` tells.

        Of a new interpreter the kernel never tells less than the peak of the process that has started it.
        """
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = usage.ru_maxrss if usage.ru_maxrss > ours else 0
        return cls(os.waitstatus_to_exitcode(status), peak * _UNIT)


class Loss(Exception):  # noqa: N818 - a state of the work, translated before anybody sees it
    """A process was lost over an original.

    Args:
        kind: it "died", ran "full" of memory, "spun" until its processor time was over, stood "still" for
            too long, or "babbled": said what no process says that is in its right mind.
        status: see `Ended`.
    """

    def __init__(self, kind: Kind, status: int = 0) -> None:
        super().__init__(kind, status)
        self.kind: Kind = kind
        self.status = status

    @classmethod
    def of(cls, ended: Ended, memory: int) -> Self:
        """The loss of a process that ended by itself, and had so many bytes of memory to take."""
        if ended.status == -signal.SIGXCPU:
            return cls("spun", ended.status)
        # Many a decoder that gets none dies of it.
        died_of_it = ended.status not in _FROM_OUTSIDE and ended.peak > _NEARLY_ALL * memory
        return cls("full" if died_of_it or ended.status == shortage.STATUS else "died", ended.status)

    @property
    def is_certain(self) -> bool:
        """Whether another try would end in the same way: processor time depends on nobody else."""
        return self.kind == "spun"

    @property
    def verdict(self) -> PixmillError:
        """The error for an original of which this was the end: of its second try, or the first if certain."""
        match self.kind:
            case "full":
                return Rejected(
                    "too-much-memory",
                    "Rendering the picture took more memory than there is for it, twice.",
                    hint="Raise limits.max_memory or give the function more, or upload a smaller picture.",
                )
            case "spun":
                return Rejected("decoder-too-slow")
            case "still":
                return Rejected("decoder-too-slow", "The decoder stood still, twice.")
            case "babbled":
                return Rejected("decoder-crashed", "The decoder broke its own process, twice.")
            case "died":
                pass
        if self.status in _FROM_OUTSIDE:
            # The kernel does so when memory runs out, which may not be this original's doing.
            return Failed("worker-lost", f"The worker process was ended by signal {-self.status}, twice.")
        how = f"by signal {-self.status}" if self.status < 0 else f"with status {self.status}"
        return Rejected("decoder-crashed", f"The decoder died {how}, twice.")
