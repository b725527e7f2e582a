"""What has changed, in order, for readers that come when they can and may have been away.

Each change is only the name of what has changed: whoever reads it looks at what is there now. So a name that
changes often stands here once, a slow reader costs nothing, and one that was away for too long is told to
begin anew.
"""

import secrets
from collections import deque
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)

MOST = 20_000
"""Changes that are remembered."""


class Batch(NamedTuple, Generic[Name]):
    """What has changed since a mark.

    Attributes:
        names: each once, the last changed last.
        mark: where to go on.
        is_reset: whether too much has changed for it to be told.
    """

    names: list[Name]
    mark: str
    is_reset: bool


class Changes(Generic[Name]):
    """The latest changes. Belongs to whoever locks it."""

    def __init__(self) -> None:
        # Marks of another run of the program mean nothing here.
        self._run = secrets.token_hex(4)
        self._number = 0
        self._latest: dict[Name, int] = {}
        self._log: deque[tuple[int, Name]] = deque()

    def add(self, name: Name) -> None:
        """Something has changed."""
        self._number += 1
        self._latest[name] = self._number
        self._log.append((self._number, name))
        while len(self._log) > MOST:
            number, oldest = self._log.popleft()
            if self._latest.get(oldest) == number:
                del self._latest[oldest]

    @property
    def mark(self) -> str:
        """The present moment."""
        return f"{self._run}-{self._number}"

    def since(self, mark: str, most: int) -> Batch[Name]:
        """What has changed since a mark, the oldest first, and at most so much of it."""
        after = self._position(mark)
        if after is None:
            return Batch([], self.mark, is_reset=True)
        found: list[Name] = []
        for number, name in self._newer(after):
            if self._latest.get(name) == number:
                found.append(name)
                after = number
                if len(found) == most:
                    return Batch(found, f"{self._run}-{after}", is_reset=False)
        return Batch(found, self.mark, is_reset=False)

    def _newer(self, after: int) -> list[tuple[int, Name]]:
        newer: list[tuple[int, Name]] = []
        for entry in reversed(self._log):
            if entry[0] <= after:
                break
            newer.append(entry)
        newer.reverse()
        return newer

    def _position(self, mark: str) -> int | None:
        run, dash, digits = mark.partition("-")
        if run != self._run or not dash or not (digits.isascii() and digits.isdigit()) or len(digits) > 20:  # noqa: PLR2004 - any number of ours is shorter
            return None
        number = int(digits)
        first = self._log[0][0] if self._log else self._number + 1
        return number if first - 1 <= number <= self._number else None
