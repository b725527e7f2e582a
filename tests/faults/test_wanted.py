"""The comparison sees every way in which a destination can be wrong."""

import json
from collections.abc import Callable

import pytest

from .line import RECIPE
from .originals import picture
from .wanted import Verdict, compare, wanted

SEED, KEY, OTHER = 1, "deep/er/a.jpg", "b.png"


@pytest.fixture
def source() -> dict[str, bytes]:
    return {KEY: picture(SEED, KEY, 0), OTHER: b"no picture"}


@pytest.fixture
def stored(source: dict[str, bytes]) -> dict[str, bytes]:
    """The destination as it should be, but for the time that it took."""
    found: dict[str, bytes] = {}
    for key, data in source.items():
        objects, manifest = wanted(key, data, RECIPE)
        found |= objects
        found[f"manifests/{key}.json"] = manifest.to_json()
    return found


def altered(field: str, value: object) -> Callable[[bytes], bytes]:
    def alter(data: bytes) -> bytes:
        manifest = json.loads(data)
        place = manifest
        *path, last = field.split(".")
        for step in path:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = value
        return json.dumps(manifest).encode()

    return alter


def test_what_is_as_it_should_be_is_not_complained_of(
    source: dict[str, bytes], stored: dict[str, bytes]
) -> None:
    assert set(stored) == {
        f"standard/{KEY}.jpg",
        f"standard/{KEY}.webp",
        f"thumbnail/{KEY}.{stored_extension(stored)}",
        f"manifests/{KEY}.json",
        f"manifests/{OTHER}.json",
    }
    assert compare(source, stored, RECIPE) == Verdict([], [])


def stored_extension(stored: dict[str, bytes]) -> str:
    return next(key for key in stored if key.startswith("thumbnail/")).rpartition(".")[2]


def test_times_may_differ(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    name = f"manifests/{KEY}.json"
    stored[name] = altered("timings_ms", {"decode": 7.5})(stored[name])

    assert compare(source, stored, RECIPE) == Verdict([], [])


def test_an_original_without_a_manifest_is_lost(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    del stored[f"manifests/{KEY}.json"]

    assert compare(source, stored, RECIPE) == Verdict([KEY], [])


def test_a_rendition_that_is_missing_is_wrong(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    del stored[f"standard/{KEY}.webp"]

    assert compare(source, stored, RECIPE).wrong == [
        f"'standard/{KEY}.webp', a rendition of '{KEY}', is missing"
    ]


def test_a_rendition_with_other_bytes_is_wrong(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    stored[f"standard/{KEY}.jpg"] += b"\0"

    assert compare(source, stored, RECIPE).wrong == [
        f"'standard/{KEY}.jpg', a rendition of '{KEY}', is another one"
    ]


def test_an_object_too_many_is_wrong(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    stored[f"thumbnail/{KEY}.ico"] = b""

    assert compare(source, stored, RECIPE).wrong == [
        f"'thumbnail/{KEY}.ico' is there and nothing asks for it"
    ]


def test_what_belongs_to_an_original_that_is_gone_is_wrong(
    source: dict[str, bytes], stored: dict[str, bytes]
) -> None:
    del source[OTHER]

    assert compare(source, stored, RECIPE).wrong == [
        f"'manifests/{OTHER}.json' is there and nothing asks for it"
    ]


def test_a_manifest_that_cannot_be_read_is_wrong(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    stored[f"manifests/{KEY}.json"] = stored[f"manifests/{KEY}.json"][:-10]

    assert compare(source, stored, RECIPE).wrong[0].startswith(f"the manifest of '{KEY}' cannot be read")


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("source.etag", "0", "source"),
        ("source.width", 1, "source"),
        ("recipe", "0", "recipe"),
        ("renditions.0.etag", "0", "renditions"),
        ("renditions.1.bytes", 1, "renditions"),
        ("renditions.2.key", "elsewhere", "renditions"),
        ("placeholder.colour", "#123456", "placeholder"),
        ("engine.libvips", "0", "engine"),
    ],
)
def test_a_manifest_that_says_something_else_is_wrong(
    source: dict[str, bytes], stored: dict[str, bytes], field: str, value: object, name: str
) -> None:
    place = f"manifests/{KEY}.json"
    stored[place] = altered(field, value)(stored[place])

    assert compare(source, stored, RECIPE).wrong == [f"the manifest of '{KEY}' has another {name}"]


def test_another_reason_for_a_rejection_is_wrong(source: dict[str, bytes], stored: dict[str, bytes]) -> None:
    place = f"manifests/{OTHER}.json"
    stored[place] = altered("reason.code", "corrupt")(stored[place])

    assert compare(source, stored, RECIPE).wrong == [f"the manifest of '{OTHER}' has another reason"]
