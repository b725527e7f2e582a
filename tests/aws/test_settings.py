"""What the deployment writes is what the worker reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pixmill.errors import Refused
from pixmill.recipe import Recipe
from pixmill.settings import Settings


def recipe(width: int, formats: list[str], quality: int | str) -> Recipe:
    rendition = {"name": "a", "width": width, "formats": formats, "quality": quality}
    return Recipe.from_dict({"rendition": [rendition]})


recipes = some.builds(
    recipe,
    some.integers(1, 16383),
    some.lists(some.sampled_from(["jpeg", "webp", "avif", "png", "original"]), min_size=1, unique=True),
    some.one_of(some.integers(1, 100), some.sampled_from(["low", "best"])),
)
texts = some.text(some.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(
    some.builds(
        Settings,
        source=texts,
        destination=texts,
        recipe=recipes,
        pipeline=texts,
        log_level=some.sampled_from(["DEBUG", "INFO", "WARNING", "ERROR"]),
        reserve_seconds=some.floats(0, 900, exclude_min=True),
    )
)
def test_round_trip(settings: Settings) -> None:
    assert Settings.from_env(settings.to_env()) == settings


def test_what_is_left_out_has_a_default() -> None:
    found = Settings.from_env({"PIXMILL_SOURCE": "s3://a", "PIXMILL_DESTINATION": "s3://b", "HOME": "/"})

    assert found == Settings(source="s3://a", destination="s3://b", recipe=Recipe.default())


@pytest.mark.parametrize(
    "change",
    [
        {"PIXMILL_SOURCE": ""},
        {"PIXMILL_RESERVE_SECONDS": "soon"},
        {"PIXMILL_RESERVE_SECONDS": "0"},
        {"PIXMILL_RECIPE": "{"},
    ],
)
def test_mistakes_are_refused(change: dict[str, str]) -> None:
    good = Settings(source="s3://a", destination="s3://b", recipe=Recipe.default()).to_env()

    with pytest.raises(Refused):
        Settings.from_env(good | change)
