"""When an original was worked on, and which parts of that took how long, in seconds since the epoch."""

import time
from collections.abc import Generator
from contextlib import contextmanager

import msgspec


class Span(msgspec.Struct, frozen=True):
    """A part of the work, such as "fetch", from when to when."""

    name: str
    begun: float
    ended: float


class Watch:
    """Looks on while one original is worked on, in whatever threads.

    Attributes:
        begun: when the work was; None if it was not.
        ended: when the work was; None if it was not.
        parts: what is done of it, in the order in which it ended. Parts may overlap.
    """

    def __init__(self) -> None:
        self.begun: float | None = None
        self.ended: float | None = None
        self.parts: list[Span] = []

    @contextmanager
    def work(self) -> Generator[None]:
        """All of the work."""
        self.begun = time.time()
        try:
            yield
        finally:
            self.ended = time.time()

    @contextmanager
    def part(self, name: str) -> Generator[None]:
        """One part of it."""
        begun = time.time()
        try:
            yield
        finally:
            self.parts.append(Span(name, begun, time.time()))
