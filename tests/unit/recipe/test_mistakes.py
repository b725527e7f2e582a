"""What a wrong recipe is told: everything, at once, with its place, and never anything but a RecipeError."""

import pickle
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pixmill.errors import Refused
from pixmill.recipe import Problem, Recipe, RecipeError
from pixmill.recipe.limits import LIMITS
from pixmill.recipe.recipe import RECIPE
from pixmill.recipe.rendition import RENDITION


def mistakes(document: object) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        Recipe.from_dict(document)  # pyright: ignore[reportArgumentType]
    return str(caught.value).split("\n")


def with_field(field: str, value: object) -> dict[str, object]:
    return {"rendition": [{"name": "a", "width": 1, "height": 1, field: value}]}


def test_all_mistakes_come_at_once_in_the_order_of_the_document() -> None:
    text = """
        [limits]
        max_byte = 3
        max_side = 70000
        [[rendition]]
        name = "Standard"
        width = 0
        fit = "covr"
        [[rendition]]
        name = "b"
        fit = "cover"
        width = 10
        formats = ["jpeg", "webpp"]
    """
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(text)

    assert (
        str(caught.value)
        == """\
`limits.max_byte`: expected a known field, got `max_byte`; did you mean `max_bytes`?
`limits.max_side`: expected an integer 1-65535, got 70000
`rendition[0].name`: expected a name of 1-64 letters a-z, digits, _ or -, that begins with a letter or a \
digit, got "Standard"
`rendition[0].width`: expected an integer 1-16383, got 0
`rendition[0].fit`: expected one of "inside", "contain", "cover", "fill", "outside", got "covr"; did you \
mean "cover"?
`rendition[1].formats[1]`: expected one of "jpeg", "webp", "avif", "png", "original", got "webpp"; did you \
mean "webp"?
`rendition[1].height`: expected an integer 1-16383, got nothing; fit = "cover" needs both width and height"""
    )
    assert caught.value.name == "pixmill.toml"
    assert caught.value.code == "invalid-recipe"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, "`recipe`: expected a table, got null"),
        ([], "`recipe`: expected a table, got an empty list"),
        ({}, "`rendition`: expected a list of 1-50 renditions, got nothing"),
        ({"rendition": []}, "`rendition`: expected a list of 1-50 renditions, got 0"),
        ({"rendition": [{"name": f"r{n}", "width": 1} for n in range(51)]}, "got 51"),
        ({"rendition": {"name": "a", "width": 1}}, "write [[rendition]], in two brackets, above each one"),
        ({"rendition": [3]}, "`rendition[0]`: expected a table, got 3"),
        ({"rendition": [{"width": 1}]}, "`rendition[0].name`: expected a name, got nothing"),
        ({"rendition": [{"name": "a"}]}, "`rendition[0]`: expected a width, a height or both, got neither"),
        (
            {"rendition": [{"name": "a", "width": 1}, {"name": "a", "height": 1}]},
            '`rendition[1].name`: expected a name of its own, got "a"; rendition[0] has it already',
        ),
        ({"rendition": [{"name": "a", "width": 1}], "on_truncated": "keep"}, 'expected "reject" or "accept"'),
        (
            {
                "rendition": [{"name": "a", "width": 1}],
                "on_truncated": "accept",
                "limits": {"on_truncated": "reject"},
            },
            '`limits.on_truncated`: expected "accept", as at the top, got "reject"; say it once',
        ),
    ],
)
def test_what_is_wrong_with_the_whole(document: object, expected: str) -> None:
    [mistake] = mistakes(document)

    assert expected in mistake


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", "manifests", 'a name other than "manifests"'),
        ("name", "-a", 'got "-a"'),
        ("name", "a" * 65, "a name of 1-64"),
        ("name", "a\n", 'got "a\\n"'),
        ("width", 16384, "expected an integer 1-16383, got 16384"),
        ("width", 0, "expected an integer 1-16383, got 0"),
        ("width", "800", 'got "800"'),
        ("width", True, "got true"),
        ("width", 1.5, "got 1.5"),
        ("width", None, "got null"),
        ("height", float("nan"), "got nan"),
        pytest.param("height", 10**5000, "got an enormous number", id="height-enormous"),
        ("height", date(2026, 1, 1), "got a date or a time"),
        ("height", {1}, "got a value of type set"),
        ("gravity", "topp", 'did you mean "top"?'),
        ("gravity", "0.3,1.2", 'a focal point "x,y" of fractions 0-1'),
        ("gravity", [0.3, 0.2], "got a list"),
        ("background", "whitte", 'did you mean "white"?'),
        ("background", 0xFFFFFF, "a CSS colour"),
        ("enlarge", "yes", 'expected true, false or "skip", got "yes"'),
        ("enlarge", 1, "got 1"),
        ("formats", [], "expected at least one format, got an empty list"),
        ("formats", "jpeg", 'expected a list of formats, got "jpeg"'),
        ("formats", ["jpeg", "jpg"], '`rendition[0].formats[1]`: expected each one once, got "jpg"'),
        ("formats", ["JPEG"], 'did you mean "jpeg"?'),
        ("formats", [["jpeg"]], "got a list"),
        ("quality", 0, "expected an integer 1-100, one of"),
        ("quality", 101, "got 101"),
        ("quality", "hihg", 'did you mean "high"?'),
        ("quality", {"png": 90}, "png is lossless and has no quality"),
        ("quality", {"original": 90}, "name the formats that an original may come out in"),
        ("quality", {"webpp": 90}, 'did you mean "webp"?'),
        ("quality", {"jpeg": 90, "jpg": 90}, "expected each format once (jpeg has a value already), got 90"),
        ("quality", {"jpeg": True}, "`rendition[0].quality.jpeg`: expected an integer 1-100, or one of"),
        ("effort", 11, "expected an integer 0-10, or a table of integers by format, got 11"),
        ("effort", {"webp": 7}, "`rendition[0].effort.webp`: expected an integer 0-6, got 7"),
        ("effort", {"gif": 0}, "expected an integer 1-10, got 0"),
        ("effort", {"jpeg": 1}, "jpeg has no effort to set"),
        ("sharpen", 10.5, "expected true, false or a number 0-10, got 10.5"),
        ("sharpen", -1, "got -1"),
        ("sharpen", "a bit", 'got "a bit"'),
        ("keep", ["exif"], 'expected "copyright" or "icc", got "exif"'),
        ("keep", ["icc", "icc"], "`rendition[0].keep[1]`: expected each one once"),
        ("keep", "icc", 'expected a list of metadata ("copyright", "icc"), got "icc"'),
        ("heigth", 3, "got `heigth`; did you mean `height`?"),
        ("zzz", 3, "known are name, width, height, fit"),
        ("max_side", 3, "it belongs to [limits]"),
        ("on_truncated", "accept", "it belongs to the top of the recipe, before the first table"),
    ],
)
def test_what_is_wrong_with_a_field(field: str, value: object, expected: str) -> None:
    [mistake] = mistakes(with_field(field, value))

    assert mistake.startswith(f"`rendition[0].{field}")
    assert expected in mistake


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        True,
        1.5,
        None,
        2**50 + 1,
        "",
        "64",
        "64 potatoes",
        "1iB",
        "-1MB",
        "0.1B",
        "1e3kB",
        "9999TiB",
        "\u0661MB",
    ],
)
def test_what_is_not_a_size(value: object) -> None:
    [mistake] = mistakes({"rendition": [{"name": "a", "width": 1}], "limits": {"max_bytes": value}})

    assert mistake.startswith(
        "`limits.max_bytes`: expected a number of bytes (1 to 1 PiB), or a size such as"
    )


@pytest.mark.parametrize("value", [0, -1, True, "100", float("inf"), 10**400, 1_000_001])
def test_what_is_not_a_number_of_megapixels(value: object) -> None:
    [mistake] = mistakes({"rendition": [{"name": "a", "width": 1}], "limits": {"max_megapixels": value}})

    assert mistake.startswith("`limits.max_megapixels`: expected a number above 0, at most 1000000, got ")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("renditions", "did you mean `rendition`?"),
        ("max_bytes", "it belongs to [limits]"),
        ("width", "it belongs to a [[rendition]]"),
        ("zzz", "known are $schema, on_truncated, limits, rendition"),
    ],
)
def test_a_field_in_the_wrong_place_is_told_the_right_one(field: str, expected: str) -> None:
    [mistake] = mistakes({"rendition": [{"name": "a", "width": 1}], field: 3})

    assert mistake.endswith(expected)


def test_a_long_value_is_cut_and_shown_on_one_line() -> None:
    [mistake] = mistakes(with_field("fit", "line\nbreak\u202e" + "x" * 100_000))

    assert mistake.endswith(f'got "line\\nbreak\\u202e{"x" * 29}…"')


def test_a_recipe_error_survives_another_process() -> None:
    error = RecipeError([Problem("a", "b", "c", "d"), Problem("e", "f", "g")], "pixmill.toml")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert isinstance(again, RecipeError)
    assert (error.problems, error.name, error.code, str(error), error.hint) == (
        again.problems,
        again.name,
        again.code,
        str(again),
        again.hint,
    )


def test_a_recipe_error_is_a_refusal() -> None:
    assert issubclass(RecipeError, Refused)
    assert not RecipeError([]).retryable


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(max_size=4)
)
WORDS = st.sampled_from(
    ["jpeg", "jpg", "webp", "png", "original", "icc", "cover", "skip", "high", "top", "1MB"]
)
FIELDS = st.sampled_from([*RECIPE, *LIMITS, *RENDITION, "jpeg", "png"]) | st.text()
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(FIELDS | SCALARS, inner, max_size=8),
    max_leaves=30,
)
RENDITIONS = st.dictionaries(st.sampled_from([*RENDITION]), VALUES)
DOCUMENTS = VALUES | st.fixed_dictionaries(
    {"rendition": st.lists(RENDITIONS, max_size=3)},
    optional={"limits": st.dictionaries(st.sampled_from([*LIMITS]), VALUES), "on_truncated": VALUES},
)


def outcome(read: Callable[[], Recipe]) -> Recipe | RecipeError:
    try:
        return read()
    except RecipeError as error:
        return error


def only_recipe_errors(read: Callable[[], Recipe]) -> None:
    """Either a recipe comes back, or an error of one printable line for each problem."""
    found = outcome(read)
    if isinstance(found, Recipe):
        assert found.fingerprint
    else:
        lines = str(found).split("\n")
        assert len(lines) == len(found.problems) > 0
        assert all(line.isprintable() for line in lines)


@given(DOCUMENTS)
@example({"rendition": [{"name": "a", "width": 1, "fit": []}]})
@example({"\ud800": "\ud800"})
def test_no_value_raises_anything_else(document: object) -> None:
    only_recipe_errors(lambda: Recipe.from_dict(document))  # pyright: ignore[reportArgumentType]


@given(st.text(), st.sampled_from(["toml", "json"]))
@example("[" * 100_000, "json")
@example("a = " + "[" * 100_000, "toml")
@example("a = " + "9" * 5000, "toml")
@example('{"a": ' + "9" * 5000 + "}", "json")
@example('{"a": NaN}', "json")
@example("\ufeff", "toml")
@example('"\ud800" = 1', "toml")
@example('{"\\ud800": 1}', "json")
@example("a = 2026-13-45", "toml")
def test_no_text_raises_anything_else(text: str, kind: str) -> None:
    only_recipe_errors(lambda: Recipe.parse(text, kind=kind))  # pyright: ignore[reportArgumentType]
