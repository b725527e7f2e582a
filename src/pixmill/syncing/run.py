"""One sync in its course: both listings, what follows from them, and the work."""

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from pixmill.errors import Refused
from pixmill.keys import MANIFESTS, is_litter
from pixmill.recipe import Recipe
from pixmill.storage import Meta, Store, open_store, overlap
from pixmill.syncing import memory, processes, threads
from pixmill.syncing.claim import claim
from pixmill.syncing.ledger import Ledger, Row
from pixmill.syncing.listed import job_for, refuse_strangers, seal, seal_of
from pixmill.syncing.summary import Progress, Summary
from pixmill.syncing.work import Bench, Failure, Job, Result, Setup

_STRETCH = 512  # rows
_SAVE_EVERY = 60.0  # seconds; what a run that is killed has verified is not verified again

Location = str | os.PathLike[str] | Store


def sync(  # noqa: PLR0913 - each is a switch of its own
    source: Location,
    destination: Location,
    recipe: Recipe | None = None,
    *,
    jobs: int | None = None,
    dry_run: bool = False,
    keep_orphans: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Bring a whole destination in line with its source.

    Args:
        source: a folder, a URL such as "s3://bucket/prefix", or a store. Only read.
        destination: likewise; a folder is made if it is missing.
        recipe: what is wanted; the default recipe if left out.
        jobs: how many originals to work on at a time; as many as there are cores if left out.
        dry_run: only say what would be done; nothing is written.
        keep_orphans: leave renditions whose original is gone.
        progress: is told of each step.

    Returns:
        The summary. A key that could not be done is in its `failures`, and the others are done all the same.
        After `KeyboardInterrupt` it says so and holds what was done until then.

    Raises:
        Refused: `source-not-found`, `invalid-location`, `overlapping-stores`, `foreign-objects`,
            `destination-busy` or `invalid-option`; nothing was done.
        Failed: one of the stores cannot be listed, or no worker can be started.
    """
    if jobs is not None and jobs < 1:
        raise Refused("invalid-option", f"jobs: expected at least 1, got {jobs}.")
    ends = _opened(source), _opened(destination, create=True)
    if overlap(*ends):
        raise Refused("overlapping-stores")
    run = _Run(
        *ends, recipe or Recipe.default(), jobs or _cores(), dry_run, keep_orphans, progress or Progress()
    )
    return run.all()


def _opened(place: Location, *, create: bool = False) -> Store:
    return open_store(place, create=create) if isinstance(place, str | os.PathLike) else place


def _cores() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _largest_first(rows: Iterator[Row]) -> Iterator[Row]:
    """A stretch at a time: the last to be done are small, so that no core waits long for another."""
    while stretch := sorted(islice(rows, _STRETCH), key=attrgetter("size"), reverse=True):
        yield from stretch


@dataclass(slots=True)
class _Run:
    """One sync in its course."""

    source: Store
    destination: Store
    recipe: Recipe
    workers: int
    dry_run: bool
    keep_orphans: bool
    progress: Progress
    summary: Summary = field(default_factory=Summary)
    _verified: bytearray = field(default_factory=bytearray)
    _changed: bool = False
    _saved: float = field(default_factory=time.monotonic)

    def all(self) -> Summary:
        start = time.monotonic()
        with ExitStack() as stack:
            held = () if self.dry_run else claim(self.destination, stack)
            ledger = stack.enter_context(Ledger())
            state = memory.State.load(self.destination)
            self._list(ledger, state)
            if state is None:
                refuse_strangers(ledger, self.destination)
            if not self.dry_run:
                self._remember_renditions(state)
            ledger.add_stale(self._stale(ledger))
            self.summary.originals = ledger.count_originals()
            try:
                self._work(ledger, held)
            except KeyboardInterrupt:
                self.summary.interrupted = True
            self._save_verified()
        self.summary.seconds = time.monotonic() - start
        return self.summary

    def _list(self, ledger: Ledger, state: memory.State | None) -> None:
        ledger.add_originals(self._originals())
        for folder in (MANIFESTS, *self._rendition_names(state)):
            ledger.add_objects(self.destination.list(f"{folder}/"))
        ledger.add_verified(memory.load_verified(self.destination))

    def _originals(self) -> Iterator[Meta]:
        for number, meta in enumerate(self.source.list(), 1):
            if is_litter(meta.key):
                self.summary.ignored += 1
            else:
                yield meta
            if number % 1000 == 0:
                self.progress.listing(number)

    def _rendition_names(self, state: memory.State | None) -> list[str]:
        names = {rendition.name for rendition in self.recipe.renditions}
        return sorted(names | set(state.renditions if state else ()))

    def _remember_renditions(self, state: memory.State | None) -> None:
        """Before the first object of a new name is written: leftovers must be found under any name."""
        names = tuple(self._rendition_names(state))
        if state is None or state.renditions != names:
            memory.State(renditions=names).save(self.destination)

    def _stale(self, ledger: Ledger) -> Iterator[str]:
        """The stems that no earlier sync has verified as they stand; the others are counted as current."""
        for row in ledger.rows():
            if row.key is None and self.keep_orphans:
                self.summary.orphans += 1
            elif (found := seal(row, self.recipe)) and ledger.is_verified(found):
                self.summary.current += 1
                self._verified += found
            else:
                yield row.stem

    def _work(self, ledger: Ledger, held: tuple[int, ...]) -> None:
        issued: dict[str, Job] = {}
        todo = ledger.count_stale()

        def jobs() -> Iterator[Job]:
            rows = ledger.stale_rows()
            for row in rows if self.dry_run else _largest_first(rows):
                job = job_for(row, self.destination)
                issued[job.key] = job
                yield job

        def begun() -> None:
            self.progress.planned(self.summary, todo)

        with closing(self._results(jobs(), held, begun)) as results:
            for result in results:
                self.summary.count(result)
                self._note(result)
                if time.monotonic() - self._saved > _SAVE_EVERY:
                    self._save_verified()
                self.progress.done(issued.pop(result.key), result)

    def _save_verified(self) -> None:
        if self._changed and not self.dry_run:
            memory.save_verified(self.destination, bytes(self._verified))
        self._changed = False
        self._saved = time.monotonic()

    def _results(
        self, jobs: Iterator[Job], held: tuple[int, ...], begun: Callable[[], None]
    ) -> Generator[Result]:
        bench = Bench(self.source, self.destination, self.recipe, dry_run=self.dry_run)
        source, destination = self.source.location, self.destination.location
        if source is None or destination is None or self.dry_run:
            begun()
            return threads.run(jobs, bench, self.workers)
        setup = Setup(source, destination, self.recipe.to_dict())
        return processes.Crew(setup, self.workers, held, bench.reject).run(jobs, begun)

    def _note(self, result: Result) -> None:
        """What was just verified or made needs no second look, as long as a listing shows it so."""
        self._changed = True
        if not isinstance(result, Failure):
            self._verified += seal_of(result, self.recipe)
