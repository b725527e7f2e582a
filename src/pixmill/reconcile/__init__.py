"""For one original: bring the destination in line with the source.

Level-triggered: whoever calls says only that a key may have changed. What counts is what the source holds
now. An original that is gone takes its renditions and its manifest along; one that is there gets what its
recipe asks for and is missing or stale, and then a manifest that says so, written last. Duplicated, reordered
and replayed calls therefore end in the same state, and a call that died half-way is finished by the next one.

Two workers may meet on one key. Each write is conditional on what its writer believes to be there; whoever
loses starts again from the source and from then on believes nothing that it has not just looked at. So does
whoever finds, after writing, that the original has changed or that its writes were undone. A queue's call
need not look after a first manifest, for then removals come again. That this suffices is explored by
tests/simulation and told in docs/decisions/0004-convergence.md.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias, cast

import msgspec

from pixmill import engine
from pixmill.errors import Failed, Rejected
from pixmill.keys import manifest_key, rendition_key
from pixmill.manifest import Entry, Manifest, Unreadable
from pixmill.recipe import Recipe
from pixmill.reconcile import records
from pixmill.reconcile.calls import AtOnce, Together, in_turn
from pixmill.reconcile.delivery import Delivery
from pixmill.reconcile.outcome import Action, Outcome
from pixmill.storage import SOURCE_ETAG, Conflict, Meta, Opened, Store

__all__ = ["Action", "AtOnce", "Delivery", "Outcome", "Render", "Together", "in_turn", "reconcile"]

# How often one call starts again when others keep writing; then it is left to the caller's retry.
_ATTEMPTS = 5

# Names stay the same when the picture changes, so caches may hold a rendition for minutes, not for years.
_CACHE_RENDITION = "public, max-age=300, stale-while-revalidate=86400"
_CACHE_MANIFEST = "no-cache"

Render = Callable[..., engine.Rendered]
_Found: TypeAlias = tuple[Manifest | None, Meta | None]


def reconcile(  # noqa: PLR0913 - the sentence has this many words
    key: str,
    *,
    source: Store,
    destination: Store,
    recipe: Recipe,
    seen: Mapping[str, str] | None = None,
    verify: bool = False,
    dry_run: bool = False,
    render: Render = engine.render,
    together: Together = in_turn,
    delivery: Delivery | None = None,
) -> Outcome:
    """Bring the destination in line with the source for one key.

    Args:
        key: the original's key in the source.
        source: where originals are; only read.
        destination: where renditions and manifests go.
        recipe: what is wanted.
        seen: key and etag of every object that a fresh listing shows of this original's renditions. Without
            it the manifest is believed.
        verify: look at every object instead of believing the manifest; for calls that repeat a failed one.
        dry_run: only say what would be done. Whether an original would be rejected is not known without
            decoding it, so "made" may stand for "rejected".
        render: the engine; tests give their own.
        together: how to make storage calls that need not wait for one another; `AtOnce` over a network.
        delivery: what the caller promises of the next call, if it is a queue; without it nothing is promised.

    Raises:
        Failed: the world is at fault; calling again may help. Nothing half-made counts as done.
    """
    call = _Call(key, source, destination, recipe, render, dry_run, together, delivery)
    for _ in range(_ATTEMPTS):
        try:
            outcome = call.attempt(call.look() if verify else seen)
        except Conflict:
            verify = True
            continue
        if dry_run or outcome.again or outcome.action == "current" or call.settled(outcome):
            return outcome
        verify = True
    raise Failed("changed-meanwhile", f"{key} kept changing while it was worked on.")


class _Call(msgspec.Struct):
    """One call's fixed circumstances, and what it need not do twice."""

    key: str
    source: Store
    destination: Store
    recipe: Recipe
    render: Render
    dry_run: bool
    together: Together
    delivery: Delivery | None
    unwatched: bool = False
    rendered: dict[tuple[str, frozenset[records.Part]], engine.Rendered] = msgspec.field(
        default_factory=dict[tuple[str, frozenset[records.Part]], engine.Rendered]
    )

    def attempt(self, seen: Mapping[str, str] | None) -> Outcome:
        """Look at the original, look at the manifest, make what is missing, write the manifest last."""
        looks = self.together(lambda: self._open(seen), self._read_manifest)
        opened, (known, record) = cast("tuple[Opened | None, _Found]", looks)
        doubted = record and self.delivery and self.delivery.doubts(record.modified)
        if seen is None and record and (known is None or doubted):
            # What it names is unknown, or may not be there: only looking will tell.
            raise Conflict(manifest_key(self.key))
        known_etag = record and record.etag
        named = records.objects(known)
        present = named if seen is None else seen
        if opened is None:
            return self._remove({*named, *present}, record)

        original = opened.meta
        kept = records.kept(known, original, self.recipe, present)
        missing = frozenset(records.parts(self.recipe).keys() - kept.keys())
        nothing_more = present.keys() <= named.keys()
        nothing_less = known is not None and (known.status == "rejected" or not missing)
        if known and records.stands(known, original, self.recipe) and nothing_more and nothing_less:
            return Outcome(key=self.key, action="current", manifest=known, manifest_etag=known_etag)
        if self.dry_run:
            return Outcome(key=self.key, action="made")

        self.unwatched = self.delivery is not None and record is None
        made: dict[records.Part, Entry] = {}
        try:
            if known and not missing:
                manifest = records.relabelled(known, self.recipe, kept)
            else:
                rendered = self._render(opened, missing)
                made = self._write(original, rendered, present, kept)
                manifest = records.complete(original, rendered, self.recipe, {**kept, **made})
        except Rejected as rejection:
            self.together(*self._look_again(original))
            manifest = records.rejected(original, rejection, self.recipe)
        # Before the manifest: a call that dies here is repeated, and finds them named by the old one.
        leftovers = sorted({*named, *present} - records.objects(manifest).keys())
        for leftover in leftovers:
            self.destination.delete(leftover)
        etag = self._put(original, manifest_key(self.key), manifest.to_json(), known_etag, "application/json")
        return Outcome(
            key=self.key,
            action="rejected" if manifest.status == "rejected" else "made",
            manifest=manifest,
            manifest_etag=etag,
            made=tuple(each for each in made.values() if each.key),
            removed=len(leftovers),
        )

    def settled(self, outcome: Outcome) -> bool:
        """Whether nobody has undone this call's writes, and the original is still the same after them.

        Whoever changed the original meanwhile may have been told before we wrote. One that was changed and
        changed back looks the same, but whoever was told in between may have removed what we wrote: hence
        the look at it. A removal has to look everywhere, since it deletes a manifest whatever that names.
        """
        manifest = outcome.manifest
        if manifest is not None and self.unwatched:
            return True
        if manifest is None:
            expected: dict[str, str | None] = dict.fromkeys((manifest_key(self.key), *sorted(self._places())))
        else:
            expected = {entry.key: entry.etag for entry in outcome.made if entry.key}
        looks = [partial(self.destination.head, key) for key in expected]
        *found, now = self.together(*looks, partial(self.source.head, self.key))
        undone = [meta and meta.etag for meta in found] != [*expected.values()]
        return not undone and (now and now.etag) == (manifest and manifest.source.etag)

    def look(self) -> dict[str, str]:
        """What is really there, under every key that this recipe or the manifest could have given it."""
        known, _ = self._read_manifest()
        keys = sorted(self._places() | records.objects(known).keys())
        found = self.together(*(partial(self.destination.head, key) for key in keys))
        return {meta.key: meta.etag for meta in found if meta is not None}

    def _places(self) -> set[str]:
        """Every key that this recipe could give to a rendition."""
        names = [rendition.name for rendition in self.recipe.renditions]
        return {rendition_key(name, self.key, each) for name in names for each in engine.EXTENSIONS}

    def _open(self, seen: Mapping[str, str] | None) -> Opened | None:
        """Look at the original and be ready to read it, in one request.

        In two, if most likely there is nothing to be made: the body of an answer that is not read to its end
        costs the connection.
        """
        if not (self.dry_run or seen):
            return self.source.open(self.key)
        meta = self.source.head(self.key)
        return meta and Opened(meta, lambda: self._fetch(meta))

    def _fetch(self, original: Meta) -> bytes:
        fetched = self.source.get(self.key)
        if fetched is None or fetched[0].etag != original.etag:
            raise Conflict(self.key)
        return fetched[1]

    def _read_manifest(self) -> _Found:
        """The manifest and its object. One that cannot be read tells nothing, but is there to be replaced."""
        found = self.destination.get(manifest_key(self.key))
        if found is None:
            return None, None
        meta, data = found
        try:
            manifest = Manifest.from_json(data)
        except Unreadable:
            return None, meta
        return (manifest if manifest.source.key == self.key else None), meta

    def _remove(self, objects: Iterable[str], record: Meta | None) -> Outcome:
        """Renditions first: while the manifest stands, a call that dies here can be repeated."""
        doomed = sorted(objects)
        nothing = not doomed and record is None
        again = False
        if not self.dry_run:
            for each in doomed:
                self.destination.delete(each)
            again = self.delivery is not None and self._may_meet(self.delivery, nothing=nothing)
            if record is not None:
                self.destination.delete(manifest_key(self.key))
        action = "current" if nothing else "removed"
        return Outcome(key=self.key, action=action, removed=len(doomed), again=again)

    def _may_meet(self, delivery: Delivery, *, nothing: bool) -> bool:
        """Whether somebody may still write, or may just have written, without a look afterwards.

        That is whoever has found no manifest. While one stands that is older than all who are at work, nobody
        has, and nothing of theirs can have been removed.
        """
        if nothing:
            return not delivery.repeated
        record = self.destination.head(manifest_key(self.key))
        return record is None or not delivery.precedes_all(record.modified)

    def _render(self, opened: Opened, missing: frozenset[records.Part]) -> engine.Rendered:
        job = (opened.meta.etag, missing)
        if job not in self.rendered:
            engine.admit_size(opened.meta.size, self.recipe.limits)
            self.rendered[job] = self.render(opened.read(), self.recipe, only=missing)
        return self.rendered[job]

    def _write(
        self,
        original: Meta,
        rendered: engine.Rendered,
        present: Mapping[str, str],
        kept: Mapping[records.Part, Entry],
    ) -> dict[records.Part, Entry]:
        # "jpeg" and "original" are one object where the original is a JPEG.
        etags = {entry.key: entry.etag for entry in kept.values() if entry.key and entry.etag}
        puts: dict[str, Callable[[], str | None]] = {}
        for output in rendered.outputs:
            key = self._key_of(output)
            if output.format and key and key not in etags:
                expect, media_type = present.get(key), output.format.media_type
                puts.setdefault(key, partial(self._put, original, key, output.data, expect, media_type))
        written = self.together(*puts.values(), *self._look_again(original))
        etags.update(zip(puts, cast("tuple[str, ...]", written), strict=False))
        fingerprints = records.parts(self.recipe)
        made: dict[records.Part, Entry] = {}
        for output in rendered.outputs:
            part = (output.rendition, output.declared)
            key = self._key_of(output)
            made[part] = records.entry(output, fingerprints[part], (key, etags[key]) if key else None)
        return made

    def _look_again(self, original: Meta) -> list[Callable[[], None]]:
        """Before a manifest that nobody will look after: whether the original is still there.

        The first looks are made at once. The one at the original may have come before a removal that the one
        at the manifest came after.
        """

        def look() -> None:
            now = self.source.head(self.key)
            if now is None or now.etag != original.etag:
                raise Conflict(self.key)

        return [look] if self.unwatched else []

    def _key_of(self, output: engine.Output) -> str | None:
        return output.format and rendition_key(output.rendition, self.key, output.format.extension)

    def _put(self, original: Meta, key: str, data: bytes, expect: str | None, media_type: str) -> str:
        return self.destination.put(
            key,
            data,
            media_type=media_type,
            expect=expect,
            cache_control=_CACHE_MANIFEST if media_type == "application/json" else _CACHE_RENDITION,
            metadata={SOURCE_ETAG: original.etag, "pixmill-recipe": self.recipe.fingerprint},
        )
