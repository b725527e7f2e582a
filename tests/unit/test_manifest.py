"""The manifest and its published schema admit the same documents, and whatever was written can be read."""

import copy
import json
from importlib.resources import files
from typing import Any, TypeAlias

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, validators

from pixmill.errors import CODES
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source, Unreadable

SCHEMA = json.loads((files("pixmill") / "schema" / "manifest.schema.json").read_text("utf-8"))


# To a schema 1.0 is an integer; to the reader, and to whoever writes manifests, it is none.
def _is_written_as_integer(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_STRICT = Draft7Validator.TYPE_CHECKER.redefine("integer", _is_written_as_integer)
VALIDATOR: Any = validators.extend(Draft7Validator, type_checker=_STRICT)(SCHEMA)

Json: TypeAlias = Any

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WORD = st.from_regex(r"\A[a-z][a-z0-9-]{0,6}\Z")
COUNT = st.integers(1, 2**31)
SIZE = st.integers(0, 2**53)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


SOURCES = st.builds(
    Source,
    key=TEXT,
    etag=TEXT,
    bytes=SIZE,
    version=maybe(TEXT),
    format=maybe(WORD),
    width=maybe(COUNT),
    height=maybe(COUNT),
    orientation=maybe(st.integers(1, 8)),
    frames=maybe(COUNT),
    colour_space=maybe(WORD),
    bits=maybe(COUNT),
    has_alpha=maybe(st.booleans()),
    metadata=maybe(st.lists(WORD, max_size=3).map(tuple)),
)
MADE = st.builds(
    Entry,
    rendition=TEXT,
    format=WORD,
    fingerprint=TEXT,
    key=TEXT,
    etag=TEXT,
    media_type=st.sampled_from(["image/webp", "image/svg+xml"]),
    width=COUNT,
    height=COUNT,
    bytes=SIZE,
    frames=maybe(COUNT),
    notes=st.lists(WORD, max_size=2).map(tuple),
)
NOT_MADE = st.builds(Entry, rendition=TEXT, format=WORD, fingerprint=TEXT, reason=WORD)
PLACEHOLDERS = st.builds(
    Placeholder,
    thumbhash=st.from_regex(r"\A[A-Za-z0-9+/]{2,9}={0,2}\Z"),
    colour=st.from_regex(r"\A#[0-9a-f]{6}\Z"),
)
ALWAYS: dict[str, Any] = {
    "source": SOURCES,
    "recipe": TEXT,
    "engine": st.dictionaries(TEXT, TEXT, max_size=2),
    "timings_ms": st.dictionaries(TEXT, st.floats(0, 1e9), max_size=2),
}
MANIFESTS = st.builds(
    Manifest,
    status=st.just("complete"),
    renditions=st.lists(MADE | NOT_MADE, max_size=3).map(tuple),
    placeholder=maybe(PLACEHOLDERS),
    **ALWAYS,
) | st.builds(
    Manifest,
    status=st.just("rejected"),
    reason=st.builds(Reason, code=st.sampled_from(sorted(CODES)), message=TEXT, hint=TEXT),
    **ALWAYS,
)
# No null: the schema says that what is not known is left out; the reader does not insist.
VALUES = st.sampled_from(
    ["", "x", "X y", "rejected", "complete", 0, 1, 2, 9, -1, 1.5, True, False, [], ["x"], [1], {}, {"x": 1}]
)


def places(document: Json) -> list[tuple[Any, Any]]:
    """Every container in a JSON document with every key or index in it."""
    if isinstance(document, dict):
        inner = list(document.items())
    else:
        inner = list(enumerate(document)) if isinstance(document, list) else []
    return [(document, key) for key, _ in inner] + [place for _, value in inner for place in places(value)]


@st.composite
def mutations(draw: st.DrawFn) -> Json:
    """A manifest's document with something taken out, changed or added somewhere."""
    document = json.loads(draw(MANIFESTS).to_json())
    for _ in range(draw(st.integers(1, 2))):
        container, key = draw(st.sampled_from(places(document)))
        match draw(st.sampled_from(["remove", "change", "add", "copy"])):
            case "remove":
                container.pop(key)
            case "change":
                container[key] = draw(VALUES)
            case "add" if isinstance(container, dict):
                names = ["extra", "reason", "placeholder", "renditions", "frames", "key", "version"]
                container[draw(st.sampled_from(names))] = draw(VALUES)
            case _:
                other, from_key = draw(st.sampled_from(places(document)))
                container[key] = copy.deepcopy(other[from_key])
        if not document:
            break
    return document


@given(MANIFESTS)
def test_what_is_written_is_read_again(manifest: Manifest) -> None:
    data = manifest.to_json()

    assert manifest == Manifest.from_json(data)
    assert data == Manifest.from_json(data).to_json()


@given(MANIFESTS)
def test_what_is_written_satisfies_the_schema(manifest: Manifest) -> None:
    document = json.loads(manifest.to_json())

    VALIDATOR.validate(document)
    assert document["schema"] == 1
    assert None not in (container[key] for container, key in places(document))


@given(mutations())
@settings(max_examples=400, deadline=None)
def test_the_schema_and_the_reader_admit_the_same_documents(document: Json) -> None:
    try:
        Manifest.from_json(json.dumps(document).encode())
    except Unreadable:
        readable = False
    else:
        readable = True

    assert readable == VALIDATOR.is_valid(document)


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_every_field_is_in_the_schema_in_its_order() -> None:
    shapes = {"source": Source, "entry": Entry, "placeholder": Placeholder, "reason": Reason}

    assert list(Manifest.__struct_fields__) == list(SCHEMA["properties"])
    for name, shape in shapes.items():
        assert list(shape.__struct_fields__) == list(SCHEMA["definitions"][name]["properties"])


def example() -> Manifest:
    return Manifest(
        status="complete",
        source=Source(key="cats/ü\ufffdE9.png", etag="e1", bytes=3),
        recipe="f00",
        renditions=(
            Entry(rendition="standard", format="jpeg", fingerprint="f01", reason="larger-than-original"),
        ),
        engine={"pixmill": "0.1.0", "libvips": "8.18.7"},
        timings_ms={"probe": 0.5, "decode": 12.0},
    )


def test_a_manifest_can_be_read_by_people() -> None:
    expected = """\
{
 "schema": 1,
 "status": "complete",
 "source": {
  "key": "cats/ü\ufffdE9.png",
  "etag": "e1",
  "bytes": 3
 },
 "recipe": "f00",
 "renditions": [
  {
   "rendition": "standard",
   "format": "jpeg",
   "fingerprint": "f01",
   "reason": "larger-than-original"
  }
 ],
 "engine": {
  "libvips": "8.18.7",
  "pixmill": "0.1.0"
 },
 "timings_ms": {
  "decode": 12.0,
  "probe": 0.5
 }
}
"""

    assert expected == example().to_json().decode()


def test_equal_manifests_give_equal_bytes() -> None:
    turned = msgspec.structs.replace(example(), engine=dict(reversed(example().engine.items())))

    assert turned.to_json() == example().to_json()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "truncated"),
        (b"\0" * 100, "malformed"),
        (b"<html>", "malformed"),
        (b"\xff\xfe{}", "malformed"),
        (b'{"schema":1,"\xff":1}', "codec"),
        (b"[" * 100_000, "recursion|malformed|Expected"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `schema`"),
        (b'{"schema": 1}', "missing required field"),
        (b'{"schema": 2, "status": "marvellous"}', "Expected a manifest of schema version 1, got 2"),
        (b'{"schema": "1"}', "Expected `int`, got `str` - at `\\$.schema`"),
    ],
)
def test_what_is_no_manifest_says_why(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        Manifest.from_json(data)


def test_every_cut_of_a_manifest_is_unreadable() -> None:
    data = example().to_json()

    for length in range(len(data) - 2):
        with pytest.raises(Unreadable):
            Manifest.from_json(data[:length])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "rejected"},
        {"reason": Reason(code="corrupt", message="", hint="")},
        {"timings_ms": {"probe": float("nan")}},
        {"renditions": (Entry(rendition="a", format="jpeg", fingerprint="f", key="a/b.jpg"),)},
        {"renditions": (Entry(rendition="a", format="jpeg", fingerprint="f"),)},
        {"source": Source(key="", etag="e", bytes=1)},
        {"source": Source(key="a\udcff", etag="e", bytes=1)},
    ],
)
def test_what_nobody_could_read_is_not_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a bug in the caller, of many kinds
        msgspec.structs.replace(example(), **wrong).to_json()
