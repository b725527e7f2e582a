"""The whole way of originals whose keys obstore cannot name, from bucket to bucket."""

import pytest
from tests.storage.bucket import Bucket
from tests.sync.pictures import photo

from pixmill.manifest import Manifest
from pixmill.recipe import Recipe
from pixmill.reconcile import reconcile
from pixmill.storage import open_store
from pixmill.syncing import sync

RECIPE = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16, "formats": ["jpeg", "webp"]}]})
NEIGHBOURS = ["a", "a/", "/a", "a//b", "a/b"]
ALONE = [
    "/lead",
    "//lead",
    "trail/",
    "trail//",
    "x//y",
    "x/./y",
    "./x",
    "x/../y",
    "../x",
    "tab\tx",
    "nul\0",
    "\x7f",
]


def objects_of(key: str) -> set[str]:
    return {f"thumbnail/{key}.jpg", f"thumbnail/{key}.webp", f"manifests/{key}.json"}


def made(bucket: Bucket) -> set[str]:
    folder = "renditions/"
    keys = {key.removeprefix(folder) for key in sorted(bucket.keys()) if key.startswith(folder)}
    return {key for key in keys if not key.startswith(".pixmill/")}


@pytest.mark.parametrize("key", [*NEIGHBOURS, *ALONE])
def test_reconcile_makes_and_removes_it(bucket: Bucket, key: str) -> None:
    source, destination = open_store(bucket.url("uploads")), open_store(bucket.url("renditions"))
    bucket.put(f"uploads/{key}", photo())

    def outcome(*, verify: bool = False) -> str:
        return reconcile(key, source=source, destination=destination, recipe=RECIPE, verify=verify).action

    assert outcome() == "made"
    assert made(bucket) == objects_of(key)
    assert outcome() == "current"
    assert outcome(verify=True) == "current"
    stored = bucket.client.get_object(Bucket=bucket.name, Key=f"renditions/manifests/{key}.json")[
        "Body"
    ].read()
    assert Manifest.from_json(stored).source.key == key

    bucket.client.delete_object(Bucket=bucket.name, Key=f"uploads/{key}")
    assert outcome() == "removed"
    assert made(bucket) == set()


@pytest.mark.parametrize("prefixes", [("uploads", "renditions"), ("", "renditions")])
def test_a_sync_keeps_neighbours_apart(bucket: Bucket, second: Bucket, prefixes: tuple[str, str]) -> None:
    source, destination = bucket.url(prefixes[0]), second.url(prefixes[1])
    folder = f"{prefixes[0]}/" if prefixes[0] else ""
    keys = [*NEIGHBOURS, *ALONE]
    for seed, key in enumerate(keys):
        bucket.put(folder + key, photo(seed=seed))

    first = sync(source, destination, RECIPE)
    again = sync(source, destination, RECIPE)

    assert first.failures == again.failures == []
    assert (first.made, first.renditions) == (len(keys), 2 * len(keys))
    assert (again.current, again.made) == (len(keys), 0)
    assert made(second) == set().union(*map(objects_of, keys))

    left = list(keys)
    for gone in NEIGHBOURS:
        bucket.client.delete_object(Bucket=bucket.name, Key=folder + gone)
        left.remove(gone)
        summary = sync(source, destination, RECIPE)
        assert (summary.removed, summary.current, summary.failures) == (1, len(left), [])
        assert made(second) == set().union(*map(objects_of, left))


@pytest.mark.parametrize("key", ["trail/", "/lead", "x//y"])
def test_a_sync_finds_it_where_nothing_else_is(bucket: Bucket, second: Bucket, key: str) -> None:
    bucket.put(key, photo())

    assert sync(bucket.url(), second.url("renditions"), RECIPE).made == 1
    assert made(second) == objects_of(key)
    assert sync(bucket.url(), second.url("renditions"), RECIPE).current == 1

    bucket.client.delete_object(Bucket=bucket.name, Key=key)
    assert sync(bucket.url(), second.url("renditions"), RECIPE).removed == 1
    assert made(second) == set()
