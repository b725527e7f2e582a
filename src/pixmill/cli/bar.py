"""The bar of a sync, for those who watch."""

from collections.abc import Generator
from contextlib import contextmanager

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
from pixmill.cli.terminal import console
from pixmill.syncing import Failure, Progress, Result, Summary
from pixmill.syncing.work import Job


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


@contextmanager
def drawn(*, beside_data: bool) -> Generator[Progress]:
    """A bar until the block ends; nothing on a terminal that cannot show one.

    Args:
        beside_data: whether data are printed meanwhile; on the same terminal they would tear it apart.
    """
    screen = console(talk=True)
    if screen.is_dumb_terminal or (beside_data and console(talk=False).is_terminal):
        yield Progress()
        return
    columns = [TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn()]
    if screen.width >= 60:  # noqa: PLR2004 - columns that the rest needs
        columns += [_Rate(), TimeRemainingColumn(), _Saved()]
    # Data go where they are sent: rich would have them on this terminal as well, and nowhere else.
    with Live(*columns, console=screen, transient=True, redirect_stdout=False) as live:
        yield Bar(live)
