"""What a campaign has come to."""

from collections import Counter

import msgspec

from fuzz.trial import Kind

KINDS: dict[Kind, str] = {
    "crash": "crashes",
    "hang": "hangs",
    "over memory": "over memory",
    "untyped": "untyped",
    "wrong": "wrong",
}


class Tally(msgspec.Struct):
    """Counts of one target, or of all.

    Attributes:
        inputs: that were given.
        cpu: seconds that all processes used together, by the system's own count.
        wall: seconds that it took.
        findings: the kind of each, by its name: two workers may find the same.
    """

    inputs: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    findings: dict[str, Kind] = msgspec.field(default_factory=dict[str, Kind])

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.inputs + other.inputs,
            self.cpu + other.cpu,
            self.wall + other.wall,
            self.findings | other.findings,
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def line(self, name: str) -> str:
        """The summary."""
        counts = Counter(self.findings.values())
        found = ", ".join(f"{counts[kind]} {words}" for kind, words in KINDS.items())
        rate = self.inputs / self.wall if self.wall else 0.0
        return f"{name}: {self.inputs:,} inputs, {rate:.0f} inputs/s, {self.cpu:.0f} CPU seconds, {found}"
