"""Reconcile with one of its means taken away: programs for workers like any other.

What a store wrapper cannot take away, `patch` does: workers run one at a time, each from its beginning to its
next call, so a patch lasts exactly as long as the code that it is about.
"""

from collections.abc import Callable, Mapping
from unittest.mock import patch

from msgspec import structs
from tests.simulation.bucket import Bucket, Tape, etag
from tests.simulation.worker import Program, Run, Task, queued, single

from pixmill import engine
from pixmill.keys import MANIFESTS
from pixmill.manifest import Manifest
from pixmill.reconcile import Delivery, Outcome, Together, _Call, in_turn
from pixmill.storage import ANY, Conflict, Expected, Meta, Opened, Store

__all__ = ["MUTANTS"]


class _Altered(Bucket):
    """A store that leads to another one."""

    def __init__(self, store: Store) -> None:
        super().__init__("destination", Tape((), frozenset()))
        self.store = store

    def head(self, key: str) -> Meta | None:
        return self.store.head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        return self.store.get(key)

    def open(self, key: str) -> Opened | None:
        found = self.get(key)
        return found and Opened(found[0], lambda: found[1])

    def put(  # noqa: PLR0913 - see Store
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,
        expect: Expected,
        cache_control: str | None = None,  # noqa: ARG002
        metadata: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> str:
        return self.store.put(key, data, media_type=media_type, expect=expect)

    def delete(self, key: str) -> None:
        self.store.delete(key)


def _is_manifest(key: str) -> bool:
    return key.startswith(MANIFESTS + "/")


class _Unconditional(_Altered):
    renditions = manifests = True

    def put(self, key: str, data: bytes, *, media_type: str, expect: Expected, **_: object) -> str:
        concerned = self.manifests if _is_manifest(key) else self.renditions
        return self.store.put(key, data, media_type=media_type, expect=ANY if concerned else expect)


class _UnconditionalRenditions(_Unconditional):
    manifests = False


class _UnconditionalManifests(_Unconditional):
    renditions = False


class _ManifestFirst(_Altered):
    """Keeps every other write back until the manifest is written or deleted, or until somebody reads."""

    deletes_alone = False

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._kept: list[tuple[str, bytes | None, Expected]] = []

    def head(self, key: str) -> Meta | None:
        self._flush()
        return super().head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self._flush()
        return super().get(key)

    def put(self, key: str, data: bytes, *, media_type: str, expect: Expected, **_: object) -> str:
        if not _is_manifest(key) and not self.deletes_alone:
            self._kept.append((key, data, expect))
            return etag(data)
        tag = self.store.put(key, data, media_type=media_type, expect=expect)
        if _is_manifest(key):
            self._flush()
        return tag

    def delete(self, key: str) -> None:
        if _is_manifest(key):
            self.store.delete(key)
            self._flush()
        else:
            self._kept.append((key, None, None))

    def _flush(self) -> None:
        kept, self._kept = self._kept, []
        for key, data, expect in kept:
            if data is None:
                self.store.delete(key)
            else:
                self.store.put(key, data, media_type="image/jpeg", expect=expect)


class _DeletesLast(_ManifestFirst):
    deletes_alone = True


class _Trusting(_Altered):
    """Looks and fetches in two requests, and claims that what was fetched is what was looked at."""

    _last: Meta | None = None

    def head(self, key: str) -> Meta | None:
        self._last = self.store.head(key)
        return self._last

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        found = self.store.get(key)
        return found and self._last and (self._last, found[1])

    def open(self, key: str) -> Opened | None:
        meta = self.head(key)
        return meta and Opened(meta, lambda: self._fetched(key))

    def _fetched(self, key: str) -> bytes:
        found = self.get(key)
        if found is None:
            raise Conflict(key)
        return found[1]


def _destination(altered: type[_Altered], *, at_once: bool = True) -> Run:
    def program(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
        return single(task, source, altered(destination), together if at_once else in_turn)

    return program


def _trusting(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    return single(task, _Trusting(source), destination, together)


def _forgetful(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    task = task._replace(kind="event") if task.kind == "again" else task
    return single(task, source, destination, together)


def _stubborn(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    """After a conflict it starts again, but goes on believing what it was told at the beginning."""
    attempt, first = _Call.attempt, list[Mapping[str, str] | None]()

    def believing(call: _Call, seen: Mapping[str, str] | None) -> Outcome:
        first.append(seen)
        return attempt(call, first[0])

    with patch.object(_Call, "attempt", believing):
        return single(task, source, destination, together)


def _careless(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    with patch.object(_Call, "settled", return_value=True):
        return single(task, source, destination, together)


def _source_alone(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    def settled(call: _Call, outcome: Outcome) -> bool:
        now = call.source.head(call.key)
        return (now and now.etag) == (outcome.manifest and outcome.manifest.source.etag)

    with patch.object(_Call, "settled", settled):
        return single(task, source, destination, together)


def _only_when(removed: bool) -> Run:  # noqa: FBT001
    def program(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
        whole = _Call.settled

        def settled(call: _Call, outcome: Outcome) -> bool:
            if (outcome.manifest is None) == removed:
                return whole(call, outcome)
            now = call.source.head(call.key)
            return (now and now.etag) == (outcome.manifest and outcome.manifest.source.etag)

        with patch.object(_Call, "settled", settled):
            return single(task, source, destination, together)

    return program


def _short_sighted(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    with patch.object(engine, "EXTENSIONS", frozenset[str]()):
        return single(task, source, destination, together)


def _once(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    return structs.replace(queued(task, source, destination, together), again=False)


def _with(owner: type, name: str, instead: object) -> Run:
    """The queue's worker with one method replaced."""

    def program(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
        with patch.object(owner, name, instead):
            return queued(task, source, destination, together)

    return program


def _there(_: Delivery, written: float | None) -> bool:
    return written is not None


def _never(_: Delivery, written: float | None) -> bool:  # noqa: ARG001
    return False


def _nothing(_: _Call, original: Meta) -> list[Callable[[], None]]:  # noqa: ARG001
    return []


def _early(task: Task, source: Store, destination: Store, together: Together) -> Outcome:
    """A removal goes by the age that the manifest had before the deletes."""
    read, found = _Call._read_manifest, list[Meta | None]()

    def reading(call: _Call) -> tuple[Manifest | None, Meta | None]:
        known, record = read(call)
        found.append(record)
        return known, record

    def may_meet(_: _Call, delivery: Delivery, *, nothing: bool) -> bool:
        record = found[-1]
        return not delivery.repeated if nothing else not delivery.precedes_all(record and record.modified)

    with patch.object(_Call, "_read_manifest", reading), patch.object(_Call, "_may_meet", may_meet):
        return queued(task, source, destination, together)


def _settled_if_replaced(call: _Call, outcome: Outcome) -> bool:
    return outcome.manifest is not None or _SETTLED(call, outcome)


def _settled_always(call: _Call, outcome: Outcome) -> bool:
    call.unwatched = False
    return _SETTLED(call, outcome)


_SETTLED = _Call.settled

_ALONE: dict[str, Run] = {
    "no conditional writes": _destination(_Unconditional),
    "no conditional writes of renditions": _destination(_UnconditionalRenditions),
    "no conditional writes of manifests": _destination(_UnconditionalManifests),
    "manifest first": _destination(_ManifestFirst, at_once=False),
    "deletes after the manifest": _destination(_DeletesLast, at_once=False),
    "no look after writing": _careless,
    "after writing, a look at the source alone": _source_alone,
    "no look at what was made": _only_when(removed=True),
    "no look everywhere after a removal": _only_when(removed=False),
    "no look at every object after a conflict": _stubborn,
    "no look at every object on redelivery": _forgetful,
    "a look at what the manifest names alone": _short_sighted,
    "no check of what was fetched": _trusting,
}
_QUEUED: dict[str, Run] = {
    "a removal does not come again": _once,
    "a young manifest counts as old": _with(Delivery, "precedes_all", _there),
    "the age is looked at before the deletes": _early,
    "no second look at the source before a first manifest": _with(_Call, "_look_again", _nothing),
    "a manifest that is newer than the news is believed": _with(Delivery, "doubts", _never),
    "a look after a first manifest as well": _with(_Call, "settled", _settled_always),
    "no look after a manifest that replaces another": _with(_Call, "settled", _settled_if_replaced),
}
MUTANTS = {
    **{name: Program(run, waits=False) for name, run in _ALONE.items()},
    **{name: Program(run, waits=True) for name, run in _QUEUED.items()},
    "messages come again at once": Program(queued, waits=False),
}
