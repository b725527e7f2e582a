"""What was measured: for each picture of a sample, what the two ways do with it."""

from collections.abc import Callable, Iterable
from fractions import Fraction

import msgspec

from pixmill.errors import Refused


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What one way does with one original.

    Attributes:
        nanoseconds: of CPU time on this machine, for the pictures alone.
        reads: requests to S3 that read or look.
        writes: requests to S3 that write.
        files: how many renditions it stores.
        file_bytes: what those take.
        record_bytes: what it stores besides.
    """

    nanoseconds: int = 0
    reads: int = 0
    writes: int = 0
    files: int = 0
    file_bytes: int = 0
    record_bytes: int = 0


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One original of the sample.

    Attributes:
        key: its name.
        size: in bytes.
        pixmill: what Pixmill does with it.
        sketch: what the first sketch's way does with it.
        rejected: the code of why Pixmill rejects it; None if it does not.
        stages: what its rendering reports times of, such as "decode".
    """

    key: str
    size: int
    pixmill: Work
    sketch: Work
    rejected: str | None = None
    stages: frozenset[str] = frozenset()


class Sample(msgspec.Struct, frozen=True):
    """Pictures that stand for all that will be uploaded; each counts as much as any other.

    Attributes:
        pictures: those that were measured.
        found: how many there were to choose from.

    Raises:
        Refused: `source-not-found`: there are none.
    """

    pictures: tuple[Picture, ...]
    found: int

    def __post_init__(self) -> None:
        if not self.pictures:
            raise Refused(
                "source-not-found", "The sample holds no files.", hint="Name a folder with pictures."
            )

    def mean(self, of: Callable[[Picture], int]) -> Fraction:
        """What an original has on average, exactly."""
        return Fraction(self.total(of), len(self.pictures))

    def total(self, of: Callable[[Picture], int]) -> int:
        """What all of them have."""
        return sum(map(of, self.pictures))

    @property
    def rejected(self) -> dict[str, int]:
        """How many Pixmill rejects, by code."""
        codes = sorted(picture.rejected for picture in self.pictures if picture.rejected)
        return {code: codes.count(code) for code in codes}

    @property
    def stages(self) -> frozenset[str]:
        """All that their renderings report times of."""
        return frozenset[str]().union(*(picture.stages for picture in self.pictures))


def spread(keys: Iterable[str], most: int) -> list[str]:
    """At most so many of them, the same each time, and evenly from beginning to end.

    >>> spread("gfedcba", 3), spread("ab", 3)
    (['a', 'c', 'e'], ['a', 'b'])
    """
    every = sorted(keys)
    if len(every) <= most:
        return every
    return [every[number * len(every) // most] for number in range(most)]
