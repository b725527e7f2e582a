"""What `pixmill watch` says: a line for each original that was made, rejected or removed."""

import threading

from rich.text import Text

from pixmill.cli import words
from pixmill.cli.problems import problem
from pixmill.cli.progress import described
from pixmill.cli.terminal import data, json_line, shown, talk
from pixmill.errors import PixmillError
from pixmill.local.told import Told
from pixmill.syncing.work import Failure, Result


class Lines(Told):
    """Says it as it comes. Data goes to stdout, problems to stderr.

    Args:
        as_json: one JSON object a line.
        quiet: nothing but problems.
    """

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self._as_json = as_json
        self._quiet = quiet
        self._lock = threading.Lock()
        self._trouble: str | None = None
        self._failed: dict[str, str] = {}

    def rested(self) -> None:
        """See `Told.rested`."""
        with self._lock:
            self._trouble = None
            if not self._quiet:
                talk("Up to date; watching. Ctrl-C ends it.")

    def done(self, key: str, result: Result) -> None:
        """See `Told.done`."""
        with self._lock:
            if self._is_old(key, result):
                return
            self._say_problem(result)
            if self._as_json:
                json_line(described(result))
            elif not self._quiet and (line := _line(result)):
                data(Text(line))

    def troubled(self, error: PixmillError) -> None:
        """See `Told.troubled`. The same trouble is told once, however often it is met."""
        with self._lock:
            if error.message != self._trouble:
                self._trouble = error.message
                talk(*problem("failed", "", error.code, error.message, error.hint))

    def _is_old(self, key: str, result: Result) -> bool:
        """Whether there is nothing to say, or only once more what was said the last time it was tried."""
        if not isinstance(result, Failure):
            self._failed.pop(key, None)
            return result.action == "current"
        before, self._failed[key] = self._failed.get(key), result.message
        return before == result.message

    def _say_problem(self, result: Result) -> None:
        if isinstance(result, Failure):
            talk(*problem("failed", result.key, result.code, result.message, result.hint))
        elif result.manifest and (reason := result.manifest.reason):
            talk(*problem("rejected", result.key, reason.code, reason.message, reason.hint))


def _line(result: Result) -> str | None:
    if isinstance(result, Failure) or result.action == "rejected":
        return None  # told as a problem
    if result.action == "removed":
        return f"removed {shown(result.key)}"
    if not result.made:
        return f"made {shown(result.key)}: nothing new"
    before = result.manifest.source.bytes if result.manifest else 0
    after = sum(entry.bytes or 0 for entry in result.made)
    made = words.count(len(result.made), "rendition")
    return f"made {shown(result.key)}: {made}, {words.change(before, after)}"
