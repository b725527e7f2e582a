"""Keep a destination in line with its source, for as long as this runs.

A sync to begin with; then whatever the scout finds is reconciled on worker processes that stay. From time to
time both sides are surveyed anew, as a sync would do it, so that whatever went unnoticed is put right.
"""

import os
import threading
import time
from contextlib import ExitStack, closing

from pixmill.engine import EXTENSIONS
from pixmill.errors import PixmillError, Refused
from pixmill.keys import manifest_key, rendition_key
from pixmill.local.crew import StandingCrew
from pixmill.local.desk import Desk
from pixmill.local.known import Known
from pixmill.local.records import manifest_of
from pixmill.local.scout import SHARE, Scout
from pixmill.local.shift import Shift
from pixmill.local.survey import Survey
from pixmill.local.told import Told
from pixmill.manifest import Manifest
from pixmill.recipe import Recipe
from pixmill.storage import Store, overlap
from pixmill.storage.folder import FolderStore
from pixmill.syncing.claim import claim
from pixmill.syncing.work import Bench, Failure, Job, Result, Setup

_PATIENCE = 3.0  # seconds for which the end of a thread is waited for
_SURVEY_EVERY = 600.0  # seconds, at least
_PAUSE = 2.0  # seconds after trouble
_LONGEST_PAUSE = 60.0  # seconds before a failed original is tried again, at most


class Following:
    """One destination that follows one source.

    Args:
        source: where originals are.
        destination: where renditions go; claimed for as long as `run` runs.
        recipe: what is wanted.
        told: is told of each step.
        jobs: how many originals to work on at a time; as many as there are cores if left out.
        every: seconds between listings of a source that is no folder.
        keep_orphans: leave renditions whose original is gone.

    Attributes:
        holding: is set as soon as the destination is claimed.

    Raises:
        Refused: `overlapping-stores`, `invalid-location`, `invalid-option`.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of its own
        self,
        source: Store,
        destination: Store,
        recipe: Recipe,
        told: Told,
        *,
        jobs: int | None = None,
        every: float,
        keep_orphans: bool = False,
    ) -> None:
        if jobs is not None and jobs < 1:
            raise Refused("invalid-option", f"jobs: expected at least 1, got {jobs}.")
        if overlap(source, destination):
            raise Refused("overlapping-stores")
        if source.location is None or destination.location is None:
            raise Refused("invalid-location", "memory:// is empty and nobody else can reach it.")
        self._source = source
        self._destination = destination
        self._ends = source.location, destination.location
        self._recipe = recipe
        self._told = told
        self._workers = jobs or _cores()
        self._keep_orphans = keep_orphans
        self._desk = Desk()
        self._known = Known()
        self._scout = Scout(source, self._known, self._desk, told, every=every, returned=self.survey)
        self.holding = threading.Event()
        self._stopping = threading.Event()
        self._recipe_changed = threading.Event()
        self._due = 0.0
        self._again: set[str] = set()
        self._failed: dict[str, tuple[int, float]] = {}
        self._restless = True

    @property
    def recipe(self) -> Recipe:
        """What is wanted."""
        return self._recipe

    def hint(self, key: str) -> None:
        """An original was put or deleted whole, so it need not come to rest first."""
        meta = self._source.head(key)
        if self._known.note(key, meta) and meta:
            self._told.noticed(meta)
        self._desk.add(key)

    def retry(self, key: str) -> None:
        """Have an original judged anew, also if it was rejected."""
        self._again.add(key)
        self._desk.add(key)

    def apply(self, recipe: Recipe) -> None:
        """Want something else from now on: what is in work is dropped, and all is looked at anew."""
        self._recipe = recipe
        self._recipe_changed.set()
        self._desk.ring()

    def survey(self) -> None:
        """List both sides anew as soon as may be."""
        self._due = 0.0
        self._desk.ring()

    def stop(self) -> None:
        """End `run`, from another thread or a signal handler; what is in work is dropped."""
        self._stopping.set()
        self._desk.ring()

    def run(self) -> None:
        """Follow, until stopped.

        Raises:
            Refused: `destination-busy`; or at the first survey `source-not-found`, `foreign-objects`.
            Failed: at the first survey: one of the stores cannot be listed.
        """
        with ExitStack() as stack:
            held = claim(self._destination, stack)
            self.holding.set()
            first: Survey | None = self._survey()
            scouting = threading.Thread(target=self._scout.run, name="pixmill-scout", daemon=True)
            scouting.start()
            # A bucket that does not answer must not hold up the end.
            stack.callback(scouting.join, _PATIENCE)
            stack.callback(self._scout.stop)
            while not self._stopping.is_set():
                try:
                    self._shift(first or self._survey(), held)
                except PixmillError as error:
                    self._told.troubled(error)
                    self._stopping.wait(_PAUSE)
                first = None

    def _shift(self, survey: Survey, held: tuple[int, ...]) -> None:
        """Work under one recipe, until that changes, or trouble comes, or it is stopped."""
        shift = Shift(survey)
        try:
            bench = Bench(self._source, self._destination, self._recipe, dry_run=False)
            setup = Setup(*self._ends, self._recipe.to_dict())
            crew = StandingCrew(setup, self._workers, held, bench.reject, self._desk)
            results = crew.serve(lambda: self._next(shift), self._is_wanted)
            with closing(results):
                for result in results:
                    self._finish(shift, result)
        finally:
            self._desk.drop_all()
            shift.close()

    def _is_wanted(self) -> bool:
        return not (self._stopping.is_set() or self._recipe_changed.is_set())

    def _survey(self) -> Survey:
        self._recipe_changed.clear()
        start = time.monotonic()
        survey = Survey(self._source, self._destination, self._recipe, keep_orphans=self._keep_orphans)
        try:
            survey.look(self._known, self._told)
        except BaseException:
            survey.close()
            raise
        now = time.monotonic()
        self._due = now + max(_SURVEY_EVERY, SHARE * (now - start))
        self._restless = True
        return survey

    def _next(self, shift: Shift) -> Job | None:
        """The next job: what has just changed before what the survey has found."""
        if self._is_gone():
            return None
        now = time.monotonic()
        for key in [key for key, (_, due) in self._failed.items() if now >= due]:
            self._failed[key] = self._failed[key][0], now + _LONGEST_PAUSE
            self._desk.add(key)
        while (key := self._desk.take()) is not None:
            if job := self._job(key):
                self._told.begun(key)
                return job
            self._desk.done(key)
        job = shift.next(self._desk)
        if job is not None:
            self._told.begun(job.key)
            return job
        if self._desk.is_empty:
            if now >= self._due:
                shift.anew(self._survey())
                self._desk.ring()
            elif self._restless:
                self._restless = False
                shift.survey.save()
                self._told.rested()
        return None

    def _job(self, key: str) -> Job | None:
        if self._keep_orphans and self._source.head(key) is None:
            return None
        manifest = manifest_of(key, self._destination)
        if key in self._again:
            self._again.discard(key)
            if manifest and manifest.status == "rejected":
                # As long as it stands, the original counts as judged.
                self._destination.delete(manifest_key(key))
            return Job(key, self._look(key, manifest), 0)
        if key in self._failed:
            return Job(key, self._look(key, manifest), 0)
        return Job(key, _objects(manifest), 0)

    def _look(self, key: str, manifest: Manifest | None) -> dict[str, str]:
        """What is really there, for an original of which something may have been left half-done."""
        keys = set(_objects(manifest))
        for rendition in self._recipe.renditions:
            keys |= {rendition_key(rendition.name, key, extension) for extension in EXTENSIONS}
        found = (self._destination.head(each) for each in sorted(keys))
        return {meta.key: meta.etag for meta in found if meta is not None}

    def _finish(self, shift: Shift, result: Result) -> None:
        self._desk.done(result.key)
        self._restless = True
        if isinstance(result, Failure):
            tries = self._failed.get(result.key, (0, 0.0))[0] + 1
            pause = min(_LONGEST_PAUSE, 2.0 ** (tries - 1))
            self._failed[result.key] = tries, time.monotonic() + pause
        else:
            self._failed.pop(result.key, None)
            shift.note(result)
        self._told.done(result.key, result)

    def _is_gone(self) -> bool:
        """Whether the source folder is away: then nothing is done, least of all removed."""
        return isinstance(self._source, FolderStore) and not os.path.isdir(self._source.location)  # noqa: PTH112


def _objects(manifest: Manifest | None) -> dict[str, str]:
    entries = manifest.renditions if manifest else ()
    return {entry.key: entry.etag for entry in entries if entry.key and entry.etag}


def _cores() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
