"""The engine in another process, for as long as that lives, and then in the next one."""

import time
from collections.abc import Collection
from math import inf
from threading import TIMEOUT_MAX, Lock
from types import TracebackType
from typing import Self, cast

import msgspec

from pixmill.confinement import messages
from pixmill.confinement.allowance import Allowance
from pixmill.confinement.cell import Cell
from pixmill.confinement.frames import Garbled
from pixmill.confinement.loss import Loss
from pixmill.confinement.messages import Answer, Fault, Job, Made, Mistake
from pixmill.engine import Rendered
from pixmill.engine.formats import sniff
from pixmill.errors import Failed
from pixmill.recipe import Recipe


class Confined:
    """Renders in a process of its own, one original at a time.

    The first process is forked at once, if there is only one thread: make this before threads are. Those
    that replace it are new interpreters, which takes longer and is always safe.

    Args:
        allowance: what one original may cost.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._cell = Cell(allowance)
        self._turn = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._cell.close()

    @property
    def peak(self) -> int:
        """The most bytes of memory that the process has held; 0 if there is none, or nobody can tell."""
        return self._cell.peak

    def render(
        self,
        data: bytes,
        recipe: Recipe,
        *,
        only: Collection[tuple[str, str]] | None = None,
        within: float = inf,
    ) -> Rendered:
        """Make the renditions of one original, as `engine.render` does.

        An original over which the process is lost is tried once more, in a new one.

        Args:
            data: the original's bytes.
            recipe: what to make.
            only: (rendition, declared format) pairs to make; all of the recipe's if left out.
            within: seconds; to wait for the others is part of it.

        Raises:
            Rejected: the original is at fault.
            Failed: `out-of-time`; `worker-lost`: a process did not start, or was ended from outside;
                `internal-error`.
        """
        end = time.monotonic() + within
        needs_more = sniff(data).reader != "vips"
        asked = cast("messages.Parts", tuple(_parts(recipe) if only is None else only))
        job = Job(len(data), msgspec.msgpack.encode(recipe.to_dict()), recipe.limits.room, asked)
        if within <= 0 or not self._turn.acquire(timeout=min(within, TIMEOUT_MAX)):
            raise Failed("out-of-time")
        try:
            for is_last in (False, True):
                # What has happened before in that process may have been to blame, or somebody else.
                self._cell.prepare(end, foreign=needs_more)
                try:
                    return _told(self._cell.ask(job, data, end), asked)
                except Garbled:
                    self._cell.clear()
                    loss = Loss("babbled")
                except Loss as error:
                    loss = error
                if is_last or loss.is_certain:
                    raise loss.verdict from loss
            raise AssertionError("the last try ends in one way or the other")
        finally:
            self._turn.release()


def _told(answer: Answer, asked: messages.Parts) -> Rendered:
    """What an answer amounts to.

    Raises:
        Rejected, Failed: what it says.
        Garbled: it says nothing that makes sense.
    """
    match answer:
        case Made(rendered):
            return messages.checked(rendered, asked)
        case Fault():
            raise messages.rejection(answer)
        case Mistake(said):
            raise Failed("internal-error", said)
        case _:
            raise Garbled("no answer to a job")


def _parts(recipe: Recipe) -> list[tuple[str, str]]:
    return [(each.name, declared) for each in recipe.renditions for declared in each.formats]
