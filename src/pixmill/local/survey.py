"""Both sides listed at one moment, as a sync does it: what nobody has told us of is found here.

The same ledger and the same memory in the destination as `pixmill sync` has, so that either finds what the
other has left, and neither looks again at what the other has verified.
"""

from collections.abc import Iterable, Iterator

from pixmill.keys import MANIFESTS, is_litter
from pixmill.local.known import Known
from pixmill.local.told import Seen, Told
from pixmill.recipe import Recipe
from pixmill.reconcile import Outcome
from pixmill.storage import Meta, Store
from pixmill.syncing import memory
from pixmill.syncing.ledger import Ledger
from pixmill.syncing.listed import job_for, refuse_strangers, seal, seal_of
from pixmill.syncing.work import Job


class Survey:
    """One listing of both sides, and what follows from it. Belongs to one thread.

    Args:
        source: where originals are.
        destination: where renditions go; claimed.
        recipe: what is wanted.
        keep_orphans: leave renditions whose original is gone.
    """

    def __init__(self, source: Store, destination: Store, recipe: Recipe, *, keep_orphans: bool) -> None:
        self._source = source
        self._destination = destination
        self._recipe = recipe
        self._keep_orphans = keep_orphans
        self._verified = bytearray()
        self._unsaved = False
        self._ledger = Ledger()

    def close(self) -> None:
        """Give the ledger's file back."""
        self._ledger.__exit__(None, None, None)

    def look(self, known: Known, told: Told) -> None:
        """List both sides.

        Raises:
            Refused: "source-not-found", "foreign-objects".
            Failed: one of the stores cannot be listed.
        """
        state = memory.State.load(self._destination)
        originals = (meta for meta in self._source.list() if not is_litter(meta.key))
        self._ledger.add_originals(known.replace(originals))
        names = {rendition.name for rendition in self._recipe.renditions}
        renditions = tuple(sorted(names | set(state.renditions if state else ())))
        for folder in (MANIFESTS, *renditions):
            self._ledger.add_objects(self._destination.list(f"{folder}/"))
        self._ledger.add_verified(memory.load_verified(self._destination))
        if state is None:
            refuse_strangers(self._ledger, self._destination)
        if state is None or state.renditions != renditions:
            # Before the first object of a new name is written: leftovers must be found under any name.
            memory.State(renditions=renditions).save(self._destination)
        told.surveying()
        self._ledger.add_stale(self._stale(told))
        told.surveyed()

    def jobs(self) -> Iterator[Job]:
        """What has to be looked at."""
        for row in self._ledger.stale_rows():
            yield job_for(row, self._destination)

    def note(self, result: Outcome) -> None:
        """What was just made needs no second look, as long as a listing shows it so."""
        self._unsaved = True
        self._verified += seal_of(result, self._recipe)

    def save(self) -> None:
        """Remember in the destination what was verified."""
        if self._unsaved:
            memory.save_verified(self._destination, bytes(self._verified))
        self._unsaved = False

    def _stale(self, told: Told) -> Iterable[str]:
        for row in self._ledger.rows():
            if row.key is None or row.etag is None:
                if not self._keep_orphans:
                    yield row.stem
                continue
            found = seal(row, self._recipe)
            current = found is not None and self._ledger.is_verified(found)
            told.seen(Seen(Meta(row.key, row.etag, row.size), row.manifest, row.objects, current))
            if found is not None and current:
                self._verified += found
            else:
                yield row.stem
