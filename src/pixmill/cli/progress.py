"""What a sync tells while it runs: a bar for those who watch, lines for those who read, JSON for programs."""

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from importlib import import_module

import msgspec

from pixmill.cli.problems import problem
from pixmill.cli.terminal import console, data, json_line, shown, styled, talk
from pixmill.syncing import Failure, Progress, Result, Summary
from pixmill.syncing.work import Job

_VERBS = {"made": "make", "removed": "remove", "rejected": "reject"}


class Problems(Progress):
    """Names what was rejected or failed, as it comes; the first mistake of our own with its traceback."""

    def __init__(self) -> None:
        self._traced = False

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        del job
        if isinstance(result, Failure):
            talk(*problem("failed", result.key, result.code, result.message, result.hint))
            if result.trace and not self._traced:
                self._traced = True
                talk(*(styled((shown(line), "dim")) for line in result.trace.splitlines()))
        elif result.action == "rejected" and result.manifest and (reason := result.manifest.reason):
            talk(*problem("rejected", result.key, reason.code, reason.message, reason.hint))


class DryRun(Progress):
    """Names what would be done."""

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        del job
        if not isinstance(result, Failure) and result.action != "current":
            data(f"would {_VERBS[result.action]} {shown(result.key)}")


class Lines(Progress):
    """One JSON object for each original that was not current.

    Args:
        dry_run: each line says so.
    """

    def __init__(self, *, dry_run: bool) -> None:
        self._more = {"dry_run": True} if dry_run else {}

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        del job
        if isinstance(result, Failure) or result.action != "current":
            json_line(described(result) | self._more)


class Chorus(Progress):
    """Several at once."""

    def __init__(self, members: Iterable[Progress]) -> None:
        self._members = tuple(members)

    def listing(self, originals: int) -> None:
        """See `Progress.listing`."""
        for member in self._members:
            member.listing(originals)

    def planned(self, summary: Summary, todo: int) -> None:
        """See `Progress.planned`."""
        for member in self._members:
            member.planned(summary, todo)

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        for member in self._members:
            member.done(job, result)


class Late(Progress):
    """Another one, made when there is something to tell.

    Args:
        make: makes it. If that takes a while, the workers come to life meanwhile.
    """

    def __init__(self, make: Callable[[], Progress]) -> None:
        self._make = make
        self._made: Progress | None = None

    def listing(self, originals: int) -> None:
        """See `Progress.listing`."""
        self._it().listing(originals)

    def planned(self, summary: Summary, todo: int) -> None:
        """See `Progress.planned`."""
        if todo:
            self._it().planned(summary, todo)

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        self._it().done(job, result)

    def _it(self) -> Progress:
        self._made = self._made or self._make()
        return self._made


class Early(Progress):
    """Tells nothing, but loads what prints the report, while there is time for it."""

    def planned(self, summary: Summary, todo: int) -> None:
        """See `Progress.planned`."""
        del summary
        if todo:
            import_module("pixmill.cli.report")
            console(talk=False)


@contextmanager
def telling(*, as_json: bool, dry_run: bool, quiet: bool) -> Generator[Progress]:
    """Whatever has to be told, told until the block ends."""
    members: list[Progress] = [Problems()]
    if as_json:
        members.append(Lines(dry_run=dry_run))
    elif dry_run:
        members.append(DryRun())
    with ExitStack() as stack:

        def bar() -> Progress:
            from pixmill.cli.bar import drawn  # noqa: PLC0415 - it loads all of rich

            return stack.enter_context(drawn(beside_data=as_json or dry_run))

        if not quiet and sys.stderr.isatty():
            members.append(Late(bar))
        if not (quiet or as_json):
            members.append(Early())
        yield Chorus(members)


def described(result: Result) -> dict[str, object]:
    """One result as plain values for a line of JSON."""
    if isinstance(result, Failure):
        reason = {"code": result.code, "message": result.message, "hint": result.hint}
        trace = {"trace": result.trace} if result.trace else {}
        return {"key": result.key, "action": "failed", "reason": reason | trace}
    said: dict[str, object] = {"key": result.key, "action": result.action}
    if result.manifest:
        said["source"] = msgspec.to_builtins(result.manifest.source)
        if result.manifest.reason:
            said["reason"] = msgspec.to_builtins(result.manifest.reason)
        else:
            said["renditions"] = msgspec.to_builtins(result.manifest.renditions)
    if result.made:
        said["made"] = [entry.key for entry in result.made if entry.key]
    if result.removed:
        said["removed"] = result.removed
    return said
