"""What each notation in a recipe means."""

from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, structs

from pixmill.recipe import Colour, Gravity, Limits, OutputFormat, Recipe, Rendition
from pixmill.recipe.encoding import ENCODINGS


def rendition(**fields: object) -> Rendition:
    whole = {"name": "a", "width": 10, "height": 10, **fields}
    return Recipe.from_dict({"rendition": [whole]}).renditions[0]


def limits(**fields: object) -> Limits:
    return Recipe.from_dict({"rendition": [{"name": "a", "width": 10}], "limits": fields}).limits


def test_without_a_file_the_recipe_is_the_first_sketch() -> None:
    """800x600 and 150x150, padded with white, JPEG of quality 85; but never enlarged."""
    recipe = Recipe.default()

    assert [(r.name, r.width, r.height) for r in recipe.renditions] == [
        ("standard", 800, 600),
        ("thumbnail", 150, 150),
    ]
    for each in recipe.renditions:
        assert (each.fit, each.background, each.formats) == ("contain", Colour(255, 255, 255), ("jpeg",))
        assert (each.quality_for("jpeg"), each.enlarge) == (85, "never")
    assert recipe.on_truncated == "reject"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("center", Gravity(5000, 5000)),
        ("centre", Gravity(5000, 5000)),
        ("top", Gravity(5000, 0)),
        ("north", Gravity(5000, 0)),
        ("bottom", Gravity(5000, 10000)),
        ("south", Gravity(5000, 10000)),
        ("left", Gravity(0, 5000)),
        ("west", Gravity(0, 5000)),
        ("right", Gravity(10000, 5000)),
        ("east", Gravity(10000, 5000)),
        ("top-left", Gravity(0, 0)),
        ("north-west", Gravity(0, 0)),
        ("northwest", Gravity(0, 0)),
        ("top-right", Gravity(10000, 0)),
        ("north-east", Gravity(10000, 0)),
        ("northeast", Gravity(10000, 0)),
        ("bottom-left", Gravity(0, 10000)),
        ("south-west", Gravity(0, 10000)),
        ("southwest", Gravity(0, 10000)),
        ("bottom-right", Gravity(10000, 10000)),
        ("south-east", Gravity(10000, 10000)),
        ("southeast", Gravity(10000, 10000)),
        ("0.3,0.25", Gravity(3000, 2500)),
        (" 0 , 1 ", Gravity(0, 10000)),
        (".5,1.0", Gravity(5000, 10000)),
        ("0.33333,0.66666", Gravity(3333, 6667)),
        ("attention", Gravity(look="attention")),
        ("entropy", Gravity(look="entropy")),
    ],
)
def test_gravity(written: str, expected: Gravity) -> None:
    assert rendition(gravity=written).gravity == expected


@given(st.builds(Gravity, st.integers(0, 10000), st.integers(0, 10000)))
def test_a_gravity_can_be_read_back_from_its_text(gravity: Gravity) -> None:
    assert rendition(gravity=str(gravity)).gravity == gravity


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (67108864, 67108864),
        (1.0, 1),
        ("64MiB", 64 << 20),
        ("64 MiB", 64 << 20),
        ("64mib", 64 << 20),
        ("25 MB", 25_000_000),
        ("10kB", 10_000),
        ("10KB", 10_000),
        ("1GiB", 1 << 30),
        ("1.5GB", 1_500_000_000),
        ("0.1GB", 100_000_000),
        ("2TiB", 2 << 40),
        ("512B", 512),
        ("1.9B", 1),
    ],
)
def test_size(written: object, expected: int) -> None:
    assert limits(max_bytes=written).max_bytes == expected
    assert limits(max_memory=written).max_memory == expected


def test_limits_that_are_left_out_are_the_defaults() -> None:
    assert limits() == Limits()
    assert limits(max_side=100) == Limits(max_side=100)
    assert limits(max_megapixels=0.5, max_frames=1) == Limits(max_megapixels=0.5, max_frames=1)


@pytest.mark.parametrize(("written", "expected"), [(False, "never"), (True, "allow"), ("skip", "skip")])
def test_enlarge(written: object, expected: str) -> None:
    assert rendition(enlarge=written).enlarge == expected


@pytest.mark.parametrize(
    ("written", "expected"), [(False, 0), (True, 0.8), (0, 0), (2, 2), (10, 10), (0.255, 0.26), (0.001, 0)]
)
def test_sharpen(written: object, expected: float) -> None:
    assert rendition(sharpen=written).sharpen == expected


def test_jpg_is_another_word_for_jpeg() -> None:
    assert rendition(formats=["webp", "jpg"]).formats == ("webp", "jpeg")
    assert rendition(quality={"jpg": 7}).quality == {"jpeg": 7}


def test_keep() -> None:
    assert rendition().keep == frozenset()
    assert rendition(keep=["icc", "copyright"]).keep == {"icc", "copyright"}


@pytest.mark.parametrize(
    ("written", "jpeg", "webp", "avif"),
    [
        (None, 75, 82, 60),
        ("balanced", 75, 82, 60),
        ("best", 93, 97, 88),
        (42, 42, 42, 42),
        ({"jpeg": 80, "webp": "high"}, 80, 92, 60),
        ({}, 75, 82, 60),
    ],
)
def test_quality(written: object, jpeg: int, webp: int, avif: int) -> None:
    """A format that a table leaves out is balanced."""
    found = rendition() if written is None else rendition(quality=written)

    assert [found.quality_for(output) for output in ("jpeg", "webp", "avif")] == [jpeg, webp, avif]


@pytest.mark.parametrize(
    ("written", "webp", "avif", "png", "gif"),
    [
        (None, 4, 1, 6, 7),
        (0, 0, 0, 0, 1),
        (8, 6, 8, 8, 8),
        (10, 6, 9, 9, 10),
        ({"avif": 0, "gif": 10}, 4, 0, 6, 10),
    ],
)
def test_effort(written: object, webp: int, avif: int, png: int, gif: int) -> None:
    """A number for all goes as far as each format can; a format that a table leaves out has its default."""
    found = rendition() if written is None else rendition(effort=written)

    assert [found.effort_for(output) for output in ("webp", "avif", "png", "gif")] == [webp, avif, png, gif]


@pytest.mark.parametrize("output", ["png", "gif", "tiff"])
def test_lossless_formats_are_of_full_quality(output: OutputFormat) -> None:
    assert rendition(quality="low").quality_for(output) == 100


@pytest.mark.parametrize("output", ["jpeg", "tiff"])
def test_formats_without_an_effort_have_none(output: OutputFormat) -> None:
    assert rendition(effort=5).effort_for(output) == 0


@pytest.mark.parametrize("output", ENCODINGS)
def test_a_higher_level_is_of_higher_quality(output: OutputFormat) -> None:
    levels = [rendition(quality=level).quality_for(output) for level in ("low", "balanced", "high", "best")]

    assert levels == sorted(levels)


def test_a_background_is_opaque_where_the_format_has_no_transparency() -> None:
    """A transparent background is white in JPEG, not the black that its numbers say."""
    found = rendition(background="transparent")

    assert found.background_for("jpeg") == Colour(255, 255, 255)
    assert found.background_for("webp") == Colour(0, 0, 0, 0)


@pytest.mark.parametrize(
    "document",
    [
        {"on_truncated": "accept"},
        {"limits": {"on_truncated": "accept"}},
        {"on_truncated": "accept", "limits": {"on_truncated": "accept"}},
    ],
)
def test_on_truncated_may_stand_at_the_top_or_among_the_limits(document: dict[str, object]) -> None:
    recipe = Recipe.from_dict({"rendition": [{"name": "a", "width": 10}], **document})

    assert recipe.on_truncated == "accept"


@pytest.mark.parametrize("value", [Recipe.default(), rendition(quality={"jpeg": 1}, effort={"webp": 1})])
def test_recipes_and_renditions_can_be_keys_of_a_dict(value: Hashable) -> None:
    assert len({value, value}) == 1


@pytest.mark.parametrize("value", [Recipe.default(), Limits(), rendition(), Gravity(), Colour(0, 0, 0)])
def test_recipes_and_their_parts_do_not_change(value: Struct) -> None:
    with pytest.raises(AttributeError):
        setattr(value, structs.fields(value)[0].name, None)
