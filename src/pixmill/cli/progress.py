"""What a sync tells while it runs: a bar for those who watch, lines for those who read, JSON for programs."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import msgspec
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Live
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.problems import problem
from pixmill.cli.terminal import console, data, json_line, shown, talk
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
                talk(*(Text(shown(line), "dim") for line in result.trace.splitlines()))
        elif result.action == "rejected" and result.manifest and (reason := result.manifest.reason):
            talk(*problem("rejected", result.key, reason.code, reason.message, reason.hint))


class DryRun(Progress):
    """Names what would be done."""

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        del job
        if not isinstance(result, Failure) and result.action != "current":
            data(Text(f"would {_VERBS[result.action]} {shown(result.key)}"))


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


class Bar(Progress):
    """A progress bar with count, rate, time left and bytes saved.

    Args:
        live: rich's own.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._task: TaskID = live.add_task("Listing", total=None, before=0, after=0)

    def listing(self, originals: int) -> None:
        """See `Progress.listing`."""
        self._live.update(self._task, completed=originals)

    def planned(self, summary: Summary, todo: int) -> None:
        """See `Progress.planned`."""
        del summary
        self._live.reset(self._task, total=todo, description="Working", before=0, after=0)

    def done(self, job: Job, result: Result) -> None:
        """See `Progress.done`."""
        fields = self._live.tasks[self._task].fields
        made = () if isinstance(result, Failure) else result.made
        self._live.update(
            self._task,
            advance=1,
            before=fields["before"] + (job.size if made else 0),
            after=fields["after"] + sum(entry.bytes or 0 for entry in made),
        )


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class _Saved(ProgressColumn):
    def render(self, task: Task) -> Text:
        before, after = task.fields["before"], task.fields["after"]
        if not before:
            return Text("")
        return Text(f"{words.change(before, after)} ({words.saving(before, after)})")


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


@contextmanager
def telling(*, as_json: bool, dry_run: bool, quiet: bool) -> Generator[Progress]:
    """Whatever has to be told, told until the block ends."""
    members: list[Progress] = [Problems()]
    if as_json:
        members.append(Lines(dry_run=dry_run))
    elif dry_run:
        members.append(DryRun())
    screen = console(talk=True)
    # A bar on the same terminal as the data would be torn apart by it.
    torn = (as_json or dry_run) and console(talk=False).is_terminal
    if quiet or torn or not screen.file.isatty() or screen.is_dumb_terminal:
        yield Chorus(members)
        return
    columns = [TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn()]
    if screen.width >= 60:  # noqa: PLR2004 - columns that the rest needs
        columns += [_Rate(), TimeRemainingColumn(), _Saved()]
    with Live(*columns, console=screen, transient=True) as live:
        yield Chorus((*members, Bar(live)))


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
