"""Measuring a sample: Pixmill's own reconcile on each picture, into memory, its calls counted.

CPU time and not wall time, so that what else this machine does counts little; several passes, of which the
median counts; the two ways take turns, so that whatever disturbs one disturbs the other.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median_low
from typing import Any, TypeVar

from pixmill import engine
from pixmill.errors import Failed
from pixmill.estimate import sketch
from pixmill.estimate.sample import Picture, Sample, Work, spread
from pixmill.keys import is_litter, manifest_key
from pixmill.recipe import Recipe
from pixmill.reconcile import Delivery, reconcile
from pixmill.storage import Meta, Opened, Store, open_store
from pixmill.storage.names import segment_of

PASSES = 3
"""How often each picture is made."""

# As the deployed function is told of an upload. Its times count where a manifest is found, which is not here.
_FIRST = Delivery(repeated=False, told=0.0, begun=0.0)

T = TypeVar("T")


def measure(
    places: Sequence[str],
    recipe: Recipe,
    *,
    most: int,
    on_picture: Callable[[int, int], None] = lambda _done, _of: None,
) -> Sample:
    """Measure a sample on this machine.

    Args:
        places: files, folders, or URLs of folders. What systems leave among pictures is passed over.
        recipe: what is made of each.
        most: how many pictures to measure; of more, as many evenly spread over their names.
        on_picture: told how many of how many are done.

    Raises:
        Refused: `source-not-found`, `invalid-location`: a place is none, or there is nothing in any.
        Failed: a picture cannot be read.
    """
    found = {f"{number}/{key}": (store, key) for number, (store, key) in enumerate(_originals(places))}
    chosen = spread(found, most)
    pictures: list[Picture] = []
    for name in chosen:
        pictures.append(_picture(*found[name], recipe))
        on_picture(len(pictures), len(chosen))
    return Sample(tuple(pictures), len(found))


def _originals(places: Sequence[str]) -> Iterator[tuple[Store, str]]:
    for place in places:
        path = Path(place)
        if os.path.isfile(place):  # noqa: PTH113 - what cannot be reached is for the store to tell
            yield open_store(path.absolute().parent), segment_of(os.fsencode(path.name))
            continue
        store = open_store(place)
        for key in sorted(meta.key for meta in store.list()):
            if not is_litter(key):
                yield store, key


def _picture(store: Store, key: str, recipe: Recipe) -> Picture:
    source, destination = _Counted(store), _Counted(open_store("memory://"))
    passes = _Passes(key)
    outcome = reconcile(
        key,
        source=source,
        destination=destination,
        recipe=recipe,
        render=passes.render,
        delivery=_FIRST,
    )
    manifest = outcome.manifest
    if manifest is None:
        raise Failed("changed-meanwhile", f"{key} is gone since the sample was listed.")
    record = destination.written.pop(manifest_key(key))
    return Picture(
        key=key,
        size=manifest.source.bytes,
        pixmill=Work(
            nanoseconds=median_low(passes.ours or [0]),
            reads=source.reads + destination.reads,
            writes=destination.writes,
            files=len(destination.written),
            file_bytes=sum(destination.written.values()),
            record_bytes=record,
        ),
        sketch=passes.sketch(),
        rejected=manifest.reason.code if manifest.reason else None,
        stages=frozenset(manifest.timings_ms),
    )


class _Passes:
    """The engine, and beside it the first sketch's way, several times over.

    What the engine rejects is not given to the sketch, which would take it at any size: it may need more
    memory than there is.
    """

    def __init__(self, key: str) -> None:
        self._takes = sketch.takes(key)
        self._theirs: list[int] = []
        self._made: list[bytes] = []
        self.ours: list[int] = []

    def render(self, data: bytes, recipe: Recipe, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
        """What `engine.render` gives."""
        for _ in range(PASSES - 1):
            self._render(data, recipe, **options)
        return self._render(data, recipe, **options)

    def _render(self, data: bytes, recipe: Recipe, **options: Any) -> engine.Rendered:  # noqa: ANN401 - likewise
        # A new object each time: no library may remember what it made of the last one.
        ours, theirs = bytes(bytearray(data)), bytes(bytearray(data))
        rendered = _timed(self.ours, lambda: engine.render(ours, recipe, **options))
        if self._takes:
            try:
                self._made = _timed(self._theirs, lambda: sketch.render(theirs))
            except Exception:  # noqa: BLE001 - whatever it is, the sketch has written nothing, which is counted
                self._made = []
        return rendered

    def sketch(self) -> Work:
        """What the sketch did: one read, one write for each size."""
        return Work(
            nanoseconds=median_low(self._theirs or [0]),
            reads=int(self._takes),
            writes=len(self._made),
            files=len(self._made),
            file_bytes=sum(map(len, self._made)),
        )


def _timed(times: list[int], call: Callable[[], T]) -> T:
    begun = time.process_time_ns()
    try:
        return call()
    finally:
        times.append(time.process_time_ns() - begun)


class _Counted:
    """A store that counts what its calls would be to S3, where `open` and what it reads are one request.

    Deleting costs nothing there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.location = store.location
        self.list, self.claim, self.made_by_us, self.delete = (
            store.list,
            store.claim,
            store.made_by_us,
            store.delete,
        )
        self.reads = 0
        self.writes = 0
        self.written: dict[str, int] = {}

    def head(self, key: str) -> Meta | None:
        self.reads += 1
        return self._store.head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self.reads += 1
        return self._store.get(key)

    def open(self, key: str) -> Opened | None:
        self.reads += 1
        return self._store.open(key)

    def put(self, key: str, data: bytes, **options: Any) -> str:  # noqa: ANN401 - passed on
        self.writes += 1
        etag = self._store.put(key, data, **options)
        self.written[key] = len(data)
        return etag
