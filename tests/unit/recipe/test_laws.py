"""The laws of reading, writing and fingerprints, on recipes of every shape."""

import random
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pixmill.recipe import Format, Recipe, Rendition, template
from pixmill.recipe.encoding import ENCODINGS
from pixmill.recipe.gravity import GRAVITIES

Document = dict[str, Any]

SIDES = st.integers(1, 16383)
FORMATS = st.sampled_from(["jpeg", "webp", "avif", "png", "original"])
QUALITIES = st.integers(1, 100) | st.sampled_from(["low", "balanced", "high", "best"])
COLOURS = st.sampled_from(["white", "#000", "transparent", "rgb(1 2 3 / 50%)"])


def efforts(output: str) -> st.SearchStrategy[int]:
    return st.integers(*(ENCODINGS[output].efforts or ()))  # pyright: ignore[reportArgumentType]


OPTIONS: dict[str, st.SearchStrategy[object]] = {
    "gravity": st.sampled_from(sorted(GRAVITIES)) | st.sampled_from(["0.3,0.25", "0,1", "0.1234,0.0001"]),
    "background": COLOURS,
    "enlarge": st.sampled_from([True, False, "skip"]),
    "formats": st.lists(FORMATS, min_size=1, unique=True),
    "quality": QUALITIES | st.dictionaries(st.sampled_from(["jpeg", "webp", "avif"]), QUALITIES),
    "effort": st.integers(0, 10)
    | st.fixed_dictionaries({}, optional={name: efforts(name) for name in ("webp", "avif", "png", "gif")}),
    "sharpen": st.booleans() | st.floats(0, 10) | st.integers(0, 10),
    "keep": st.lists(st.sampled_from(["copyright", "icc"]), unique=True),
}
SIZES = st.integers(1, 1 << 40) | st.sampled_from(["64MiB", "1 GB", "0.5kB"])
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "max_bytes": SIZES,
        "max_megapixels": st.integers(1, 1000) | st.floats(0.001, 1000),
        "max_side": st.integers(1, 65535),
        "max_frames": st.integers(1, 1000),
        "max_memory": SIZES,
    },
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    def rendition(name: str) -> Document:
        found: Document = {"name": name, **draw(st.fixed_dictionaries({}, optional=OPTIONS))}
        if draw(st.booleans()):
            found |= {"width": draw(SIDES), "height": draw(SIDES)}
            fits = ["inside", "contain", "cover", "fill", "outside"]
        else:
            found |= {draw(st.sampled_from(["width", "height"])): draw(SIDES)}
            fits = ["inside", "outside"]
        if fit := draw(st.sampled_from([None, *fits])):
            found["fit"] = fit
        return found

    names = draw(
        st.lists(
            st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True), min_size=1, max_size=3, unique=True
        )
    )
    found: Document = {
        "rendition": [rendition(name) for name in names if name != "manifests"] or [rendition("a")]
    }
    if draw(st.booleans()):
        found["limits"] = draw(LIMITS)
    if draw(st.booleans()):
        found["on_truncated"] = draw(st.sampled_from(["accept", "reject"]))
    return found


recipes = st.builds(Recipe.from_dict, documents())


def shuffled(value: object, dice: random.Random) -> Any:  # noqa: ANN401 - of the same shape as it came
    """The same document in another order of keys, renditions, formats and kept metadata."""
    if isinstance(value, Mapping):
        entries = [(key, shuffled(entry, dice)) for key, entry in cast("Mapping[str, object]", value).items()]
        dice.shuffle(entries)
        return dict(entries)
    if isinstance(value, list):
        elements = [shuffled(element, dice) for element in cast("list[object]", value)]
        dice.shuffle(elements)
        return elements
    return value


def respelt(document: Document) -> Document:
    """The same document in other words."""
    found = {**document, "$schema": "recipe.schema.json"}
    found["limits"] = {**document.get("limits", {}), "on_truncated": found.pop("on_truncated", "reject")}
    for field in ("max_bytes", "max_memory"):
        if isinstance(size := found["limits"].get(field), int):
            found["limits"][field] = f"{size} b"
    found["rendition"] = [_respelt_rendition(rendition) for rendition in document["rendition"]]
    return found


def _respelt_rendition(document: Document) -> Document:
    read = Recipe.from_dict({"rendition": [document]}).renditions[0]
    colour = read.background
    return {
        **document,
        "background": f"rgb({colour.red}, {colour.green}, {colour.blue}, {colour.alpha / 255})",
        "formats": ["jpg" if name == "jpeg" else name for name in read.formats],
        "quality": {
            "jpg": read.quality_for("jpeg"),
            "webp": read.quality_for("webp"),
            "avif": read.quality_for("avif"),
        },
        "effort": {output: read.effort_for(output) for output in ("webp", "avif", "png", "gif")},
        "gravity": {"center": "centre", "top": "north"}.get(str(read.gravity), str(read.gravity)),
        "sharpen": read.sharpen,
    }


@given(recipes)
def test_what_is_written_reads_back(recipe: Recipe) -> None:
    assert Recipe.from_dict(recipe.to_dict()) == recipe


@given(recipes)
def test_what_is_written_is_plain(recipe: Recipe) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(plain(entry) for entry in cast("dict[object, object]", value).values())
        if isinstance(value, list):
            return all(map(plain, cast("list[object]", value)))
        return isinstance(value, str | int | float)

    assert plain(recipe.to_dict())


@given(documents(), st.randoms(use_true_random=False))
def test_cosmetic_edits_do_not_change_the_fingerprint(document: Document, dice: random.Random) -> None:
    """Neither does another order, nor other words, nor the defaults written out."""
    fingerprint = Recipe.from_dict(document).fingerprint

    assert Recipe.from_dict(shuffled(document, dice)).fingerprint == fingerprint
    assert Recipe.from_dict(respelt(document)).fingerprint == fingerprint
    assert Recipe.from_dict(Recipe.from_dict(document).to_dict()).fingerprint == fingerprint


@given(recipes, st.data())
def test_each_format_has_settings_of_its_own(recipe: Recipe, data: st.DataObject) -> None:
    """What is asked of one format's encoder changes that format's fingerprint and no other's, but for
    "original", which may come out as any of them."""
    before = recipe.renditions[0]
    touched = data.draw(st.sampled_from(["jpeg", "webp", "avif"]))
    qualities = {name: before.quality_for(name) for name in ("jpeg", "webp", "avif")}
    after = structs.replace(before, quality={**qualities, touched: qualities[touched] % 100 + 1})

    changed = {
        declared for declared in FORMAT_NAMES if before.fingerprint(declared) != after.fingerprint(declared)
    }

    assert changed == {touched, "original"}


FORMAT_NAMES: tuple[Format, ...] = ("jpeg", "webp", "avif", "png", "original")

PLAIN = Rendition(name="a", width=300, height=200)
COVER = structs.replace(PLAIN, fit="cover")
CONTAIN = structs.replace(PLAIN, fit="contain")
ALL = set(FORMAT_NAMES)


def read(before: Rendition, **fields: object) -> Rendition:
    [whole] = cast("list[Document]", Recipe(renditions=(before,)).to_dict()["rendition"])
    return Recipe.from_dict({"rendition": [{**whole, **fields}]}).renditions[0]


@pytest.mark.parametrize(
    ("before", "edit", "expected"),
    [
        (PLAIN, {"name": "b"}, set()),
        (PLAIN, {"width": 301}, ALL),
        (PLAIN, {"height": 201}, ALL),
        (PLAIN, {"fit": "outside"}, ALL),
        (PLAIN, {"fit": "contain"}, ALL),
        (PLAIN, {"enlarge": True}, ALL),
        (PLAIN, {"enlarge": "skip"}, ALL),
        (PLAIN, {"sharpen": 0.01}, ALL),
        (PLAIN, {"keep": ["icc"]}, ALL),
        (PLAIN, {"formats": ["avif"]}, set()),
        # gravity: only where something is cropped or padded
        (PLAIN, {"gravity": "top"}, set()),
        (structs.replace(PLAIN, fit="fill"), {"gravity": "attention"}, set()),
        (structs.replace(PLAIN, fit="outside"), {"gravity": "attention"}, set()),
        (COVER, {"gravity": "top"}, ALL),
        (COVER, {"gravity": "0.5,0.4999"}, ALL),
        (COVER, {"gravity": "attention"}, ALL),
        (CONTAIN, {"gravity": "top"}, ALL),
        (CONTAIN, {"gravity": "attention"}, set()),
        # background: in padding, and where transparency is flattened
        (PLAIN, {"background": "black"}, {"jpeg", "original"}),
        (PLAIN, {"background": "transparent"}, set()),
        (COVER, {"background": "#fffffe"}, {"jpeg", "original"}),
        (CONTAIN, {"background": "black"}, ALL),
        (CONTAIN, {"background": "transparent"}, ALL - {"jpeg"}),
        # quality and effort: one format at a time
        (PLAIN, {"quality": {"webp": 50}}, {"webp", "original"}),
        (PLAIN, {"quality": "high"}, ALL - {"png"}),
        (PLAIN, {"quality": {"jpeg": 75}}, set()),
        (PLAIN, {"effort": {"webp": 4, "avif": 1, "png": 6, "gif": 7}}, set()),
        (PLAIN, {"effort": {"gif": 2}}, {"original"}),
        (PLAIN, {"effort": 6}, {"webp", "avif", "original"}),
    ],
)
def test_a_fingerprint_changes_where_the_bytes_may(
    before: Rendition, edit: dict[str, object], expected: set[str]
) -> None:
    after = read(before, **edit)

    changed = {name for name in FORMAT_NAMES if before.fingerprint(name) != after.fingerprint(name)}

    assert changed == expected


def test_over_one_side_alone_inside_and_outside_are_the_same() -> None:
    inside = Rendition(name="a", width=300, fit="inside")

    assert inside.fingerprint("jpeg") == structs.replace(inside, fit="outside").fingerprint("jpeg")


@pytest.mark.parametrize(
    "edit",
    [
        {"on_truncated": "accept"},
        {"limits": {"max_bytes": 1}},
        {"limits": {"max_megapixels": 99.5}},
        {"limits": {"max_side": 1}},
        {"limits": {"max_frames": 1}},
        {"limits": {"max_memory": 1}},
        {"rendition": [{"name": "b", "width": 300}]},
        {"rendition": [{"name": "a", "width": 300, "formats": ["webp"]}]},
        {"rendition": [{"name": "a", "width": 300, "formats": ["jpeg", "webp"]}]},
        {"rendition": [{"name": "a", "width": 301}]},
        {"rendition": [{"name": "a", "width": 300}, {"name": "b", "width": 300}]},
    ],
)
def test_a_meaningful_edit_changes_the_fingerprint_of_the_recipe(edit: Document) -> None:
    before: Document = {"rendition": [{"name": "a", "width": 300}]}

    assert Recipe.from_dict(before).fingerprint != Recipe.from_dict({**before, **edit}).fingerprint


def test_the_quality_of_a_format_that_is_not_made_changes_nothing() -> None:
    before: Document = {"name": "a", "width": 300, "formats": ["jpeg"]}

    assert (
        Recipe.from_dict({"rendition": [before]}).fingerprint
        == Recipe.from_dict({"rendition": [{**before, "quality": {"webp": 7}}]}).fingerprint
    )


def test_comments_do_not_change_the_fingerprint() -> None:
    bare = "\n".join(line.split("  #")[0] for line in template().split("\n") if not line.startswith("#"))

    assert "#" not in bare
    assert Recipe.parse(bare).fingerprint == Recipe.parse(template()).fingerprint


def test_fingerprints_stay_what_they_are() -> None:
    """Whoever changes these numbers makes every rendition in the world again. Mean it."""
    recipe = Recipe.default()

    assert recipe.fingerprint == "d69a3c88e7f4a30d"
    assert [each.fingerprint("jpeg") for each in recipe.renditions] == [
        "957c9a8fb9c782c3",
        "fa145408191514a3",
    ]
    assert {name: COVER.fingerprint(name) for name in FORMAT_NAMES} == {
        "jpeg": "09cabfb5ddf7945b",
        "webp": "f4b9d26be0c97ea4",
        "avif": "afd816d292c90830",
        "png": "697af03abb03e3c6",
        "original": "421f56a33f66fd4e",
    }
