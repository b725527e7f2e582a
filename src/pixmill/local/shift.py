"""A survey that is being worked off, while other work comes in between."""

import time

from pixmill.local.desk import Desk
from pixmill.local.survey import Survey
from pixmill.reconcile import Outcome
from pixmill.syncing.work import Job

_SAVE_EVERY = 60.0  # seconds; what is lost with a killed process is only verified again


class Shift:
    """The jobs of one survey after the other. Belongs to one thread.

    Args:
        survey: the first; `close` closes the last.
    """

    def __init__(self, survey: Survey) -> None:
        self._begin(survey)

    def _begin(self, survey: Survey) -> None:
        self.survey = survey
        self._jobs = survey.jobs()
        self._left = True
        self._done: set[str] = set()
        self._saved = time.monotonic()

    def anew(self, survey: Survey) -> None:
        """Go on with another one."""
        self.close()
        self._begin(survey)

    def next(self, desk: Desk) -> Job | None:
        """The next that nobody has looked at since the survey; what was done since is not as it saw it."""
        for job in self._jobs:
            if job.key not in self._done and desk.begin(job.key):
                return job
        self._left = False
        self._done.clear()
        return None

    def note(self, result: Outcome) -> None:
        """One of its originals, or another one, was done."""
        if self._left:
            self._done.add(result.key)
        self.survey.note(result)
        if time.monotonic() - self._saved > _SAVE_EVERY:
            self.survey.save()
            self._saved = time.monotonic()

    def close(self) -> None:
        """Remember what was done."""
        try:
            self.survey.save()
        finally:
            self.survey.close()
