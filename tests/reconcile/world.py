"""A small world for reconcile: two stores in memory, an engine that is quick, and hands that meddle."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

from pixmill.engine import FORMATS, Output, Probe, Rendered
from pixmill.errors import Rejected
from pixmill.geometry import Size
from pixmill.manifest import Manifest
from pixmill.recipe import Recipe
from pixmill.reconcile import Delivery, Outcome, reconcile
from pixmill.storage import ANY, Expected, Meta, Opened, Store, open_store

STANDARD = Recipe.from_dict(
    {
        "rendition": [
            {"name": "standard", "width": 8, "formats": ["jpeg", "webp"]},
            {"name": "thumbnail", "width": 4, "formats": ["jpeg"]},
        ]
    }
)


def quick_engine(data: bytes, recipe: Recipe, *, only: frozenset[tuple[str, str]]) -> Rendered:
    """Renditions that say what they were made from, so that a stale one is seen by its bytes."""
    if data.startswith(b"bad"):
        raise Rejected("corrupt")
    outputs = tuple(
        Output(
            rendition=rendition.name,
            declared=declared,
            format=FORMATS["png" if declared == "original" else declared],
            data=b"%s for %d pixels" % (data, rendition.width or 0),
            width=1,
            height=1,
            frames=1,
        )
        for rendition in recipe.renditions
        for declared in rendition.formats
        if (rendition.name, declared) in only
    )
    probe = Probe(format=FORMATS["png"], stored=Size(1, 1))
    return Rendered(probe=probe, outputs=outputs, thumbhash=b"\x00", colour="#000000", timings_ms={})


class Meddled:
    """A store that lets somebody do something before each of its calls, and counts them."""

    def __init__(self, store: Store, meddle: Callable[[str, str], None]) -> None:
        self._store = store
        self._meddle = meddle

    @property
    def location(self) -> str | None:
        return None

    def head(self, key: str) -> Meta | None:
        self._meddle("head", key)
        return self._store.head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        self._meddle("get", key)
        return self._store.get(key)

    def open(self, key: str) -> Opened | None:
        self._meddle("open", key)
        return self._store.open(key)

    def put(  # noqa: PLR0913 - see Store
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,
        expect: Expected,
        cache_control: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        self._meddle("put", key)
        return self._store.put(
            key, data, media_type=media_type, expect=expect, cache_control=cache_control, metadata=metadata
        )

    def delete(self, key: str) -> None:
        self._meddle("delete", key)
        self._store.delete(key)

    def list(self, prefix: str = "") -> Iterator[Meta]:
        self._meddle("list", prefix)
        return self._store.list(prefix)

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        return self._store.claim()

    def made_by_us(self, key: str) -> bool:
        return self._store.made_by_us(key)


class World:
    """A source, a destination, and one key that things happen to."""

    key = "cats/cat.png"

    def __init__(self) -> None:
        self.source = open_store("memory://")
        self.destination = open_store("memory://")
        self.uploaded: dict[str, bytes] = {}
        self.calls: list[tuple[str, str]] = []
        self.before_call: Callable[[int], None] = lambda _: None

    def upload(self, data: bytes) -> None:
        etag = self.source.put(self.key, data, media_type="image/png", expect=ANY)
        self.uploaded[etag] = data

    def remove(self) -> None:
        self.source.delete(self.key)

    def reconcile(
        self,
        recipe: Recipe = STANDARD,
        *,
        verify: bool = False,
        meddled: bool = False,
        delivery: Delivery | None = None,
    ) -> Outcome:
        def wrap(store: Store) -> Store:
            return Meddled(store, self._meddle) if meddled else store

        return reconcile(
            self.key,
            source=wrap(self.source),
            destination=wrap(self.destination),
            recipe=recipe,
            verify=verify,
            render=quick_engine,
            delivery=delivery,
        )

    def _meddle(self, verb: str, key: str) -> None:
        self.assert_truthful()
        self.calls.append((verb, key))
        self.before_call(len(self.calls) - 1)

    def objects(self) -> dict[str, bytes]:
        """Every rendition, by key."""
        metas = [meta for meta in self.destination.list() if not meta.key.startswith("manifests/")]
        return {meta.key: self._read(meta.key) for meta in metas}

    def manifest(self) -> Manifest | None:
        found = self.destination.get("manifests/cats/cat.png.json")
        return Manifest.from_json(found[1]) if found else None

    def _read(self, key: str) -> bytes:
        found = self.destination.get(key)
        assert found is not None
        return found[1]

    def assert_truthful(self) -> None:
        """Holds at every moment: what a manifest names, if it is there, was made from what it says."""
        manifest = self.manifest()
        for entry in manifest.renditions if manifest else ():
            assert manifest is not None
            assert entry.key is not None
            found = self.destination.get(entry.key)
            if found is not None and found[0].etag == entry.etag:
                assert found[1].startswith(self.uploaded[manifest.source.etag] + b" for ")

    def assert_converged(self, recipe: Recipe = STANDARD) -> None:
        """The destination equals f(source, recipe), and the manifest names just what is there."""
        original = self.source.get(self.key)
        manifest, objects = self.manifest(), self.objects()
        if original is None:
            assert manifest is None
            assert objects == {}
            return
        meta, data = original
        assert manifest is not None
        assert manifest.source.etag == meta.etag
        assert manifest.recipe == recipe.fingerprint
        if data.startswith(b"bad"):
            assert (manifest.status, objects) == ("rejected", {})
            return
        outputs = quick_engine(
            data, recipe, only=frozenset((r.name, f) for r in recipe.renditions for f in r.formats)
        ).outputs
        named = {entry.key: entry for entry in manifest.renditions}
        assert [(o.rendition, o.declared) for o in outputs] == [
            (e.rendition, e.format) for e in manifest.renditions
        ]
        assert objects == {
            f"{o.rendition}/{self.key}.{o.format.extension}": o.data for o in outputs if o.format is not None
        }
        for key in objects:
            head = self.destination.head(key)
            assert head is not None
            assert named[key].etag == head.etag
