"""Faults 43 and 45 of the first sketch's handler: what its way gives, and what reconcile gives."""

from typing import Any

from tests.reconcile.world import World

from pixmill.keys import manifest_key, rendition_key
from pixmill.storage import ANY, Store


def sketch(source_bytes: bytes, world: World) -> None:
    """The sketch's handler after its download: write what was fetched, whatever has happened since."""
    world.destination.put(
        "thumbnail/cats/cat_thumbnail.png", source_bytes, media_type="image/png", expect=ANY
    )


class Headed:
    """A store that remembers the Cache-Control of what is put."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.headers: list[str] = []
        self.head, self.get, self.delete, self.list = store.head, store.get, store.delete, store.list
        self.claim, self.made_by_us, self.location = store.claim, store.made_by_us, store.location
        self.open = store.open

    def put(self, key: str, data: bytes, **more: Any) -> str:  # noqa: ANN401 - passed on
        self.headers.append(more["cache_control"])
        return self._store.put(key, data, **more)


def fetched(world: World) -> bytes:
    found = world.source.get(world.key)
    assert found is not None
    return found[1]


def test_43_a_late_worker_does_not_overwrite_a_newer_result() -> None:
    naive = World()
    naive.upload(b"old")
    late = fetched(naive)
    naive.upload(b"new")
    sketch(fetched(naive), naive)
    sketch(late, naive)
    stale = naive.destination.get("thumbnail/cats/cat_thumbnail.png")
    assert stale is not None
    assert stale[1] == b"old"

    ours = World()
    ours.upload(b"old")

    def newer(call: int) -> None:
        if ours.calls[call] == ("put", "thumbnail/cats/cat.png.jpg") and fetched(ours) == b"old":
            ours.upload(b"new")
            ours.reconcile()

    ours.before_call = newer
    ours.reconcile(meddled=True)

    ours.assert_converged()
    assert fetched(ours) == b"new"


def test_43_replayed_and_reordered_events_change_nothing() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    before = world.objects()

    assert [world.reconcile().action for _ in range(3)] == ["current"] * 3
    assert world.objects() == before


def test_43_the_source_version_is_recorded_and_caches_forget_in_minutes() -> None:
    sketch_header = "max-age=86400"
    world = World()
    world.upload(b"one")
    world.destination = Headed(world.destination)
    world.reconcile()

    manifest, original = world.manifest(), world.source.head(world.key)
    assert manifest is not None
    assert original is not None
    assert manifest.source.etag == original.etag
    assert sketch_header not in world.destination.headers
    renditions, manifests = world.destination.headers[:3], world.destination.headers[3:]
    assert all(header.startswith("public, max-age=300,") for header in renditions)
    assert manifests == ["no-cache"]


def test_45_the_same_event_twice_writes_once() -> None:
    world = World()
    world.upload(b"one")
    puts: list[int] = []
    for _ in range(2):
        world.calls.clear()
        world.reconcile(meddled=True)
        puts.append(sum(verb == "put" for verb, _ in world.calls))

    assert puts == [4, 0]


def test_45_two_originals_that_differ_in_their_extension_share_nothing() -> None:
    def sketch_key(key: str) -> str:
        return "thumbnail/" + key.rpartition(".")[0] + "_thumbnail.jpg"

    assert sketch_key("cat.png") == sketch_key("cat.jpg")

    keys = {rendition_key("thumbnail", name, "jpg") for name in ("cat.png", "cat.jpg")}
    assert len(keys) == 2
    assert manifest_key("cat.png") != manifest_key("cat.jpg")
