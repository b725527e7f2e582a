"""What a sync tells: of each step while it runs, and of the whole when it is done."""

from collections import Counter
from dataclasses import dataclass, field

from pixmill.syncing.work import Failure, Job, Result


@dataclass(slots=True)
class Summary:
    """What a sync found and did. Counts are of originals unless said otherwise.

    Attributes:
        originals: in the source.
        ignored: files that systems leave among pictures, such as `.DS_Store`.
        current: nothing was to be done.
        made: got at least one rendition, or a manifest for a changed recipe.
        rejected: recorded as rejected by this sync, by code.
        removed: gone from the source, so their renditions and manifests were removed.
        orphans: gone from the source, but kept as asked.
        failures: could not be done this time.
        renditions: files written.
        bytes_in: of the originals in `made`.
        bytes_out: of the renditions written.
        seconds: wall time.
        interrupted: whether it was stopped before its end.
    """

    originals: int = 0
    ignored: int = 0
    current: int = 0
    made: int = 0
    rejected: Counter[str] = field(default_factory=Counter[str])
    removed: int = 0
    orphans: int = 0
    failures: list[Failure] = field(default_factory=list[Failure])
    renditions: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def count(self, result: Result) -> None:
        """Take in one result."""
        if isinstance(result, Failure):
            self.failures.append(result)
        elif result.action == "current":
            self.current += 1
        elif result.action == "removed":
            self.removed += 1
        elif result.action == "rejected":
            reason = result.manifest.reason if result.manifest else None
            self.rejected[reason.code if reason else ""] += 1
        else:
            self.made += 1
            self.renditions += len(result.made)
            if result.made and result.manifest:
                self.bytes_in += result.manifest.source.bytes
            self.bytes_out += sum(entry.bytes or 0 for entry in result.made)


class Progress:
    """What a sync tells while it runs; this one keeps it to itself."""

    def listing(self, originals: int) -> None:
        """So many originals are listed by now."""

    def planned(self, summary: Summary, todo: int) -> None:
        """The listings are done: so many originals have to be looked at."""

    def done(self, job: Job, result: Result) -> None:
        """One of them has been."""
