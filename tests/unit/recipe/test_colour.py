"""CSS colours. The expected values are those of the specification and of tinycss2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixmill.recipe import Colour
from pixmill.recipe.colour import parse_colour
from pixmill.recipe.colour_names import NAMES

BYTES = st.integers(0, 255)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names
        ("white", (255, 255, 255, 255)),
        ("rebeccapurple", (102, 51, 153, 255)),
        ("LightGoldenrodYellow", (250, 250, 210, 255)),
        ("  red\n", (255, 0, 0, 255)),
        ("transparent", (0, 0, 0, 0)),
        # hexadecimal
        ("#f80", (255, 136, 0, 255)),
        ("#f808", (255, 136, 0, 136)),
        ("#FF8800", (255, 136, 0, 255)),
        ("#ff880080", (255, 136, 0, 128)),
        # rgb, commas
        ("rgb(1,2,3)", (1, 2, 3, 255)),
        ("rgb( 1 , 2 , 3 )", (1, 2, 3, 255)),
        ("rgba(1, 2, 3, 0.5)", (1, 2, 3, 128)),
        ("rgba(1, 2, 3, 25%)", (1, 2, 3, 64)),
        ("rgb(100%, 50%, 0%)", (255, 128, 0, 255)),
        ("RGB(1, 2, 3)", (1, 2, 3, 255)),
        # rgb, spaces
        ("rgb(1 2 3)", (1, 2, 3, 255)),
        ("rgb(1 2 3 / 50%)", (1, 2, 3, 128)),
        ("rgb(1 2 3/.2)", (1, 2, 3, 51)),
        ("rgba(1\t2\n3 / 1)", (1, 2, 3, 255)),
        ("rgb(100% 2 10%)", (255, 2, 26, 255)),
        ("rgb(none 2 3 / none)", (0, 2, 3, 0)),
        # rounding and clamping
        ("rgb(0.5 1.4 254.5)", (1, 1, 255, 255)),
        ("rgb(-10 300 1e2)", (0, 255, 100, 255)),
        ("rgb(0 0 0 / 7)", (0, 0, 0, 255)),
        # hsl
        ("hsl(0, 100%, 50%)", (255, 0, 0, 255)),
        ("hsl(120 100% 25%)", (0, 128, 0, 255)),
        ("hsla(240, 100%, 50%, 0.5)", (0, 0, 255, 128)),
        ("hsl(-120 100% 50%)", (0, 0, 255, 255)),
        ("hsl(480deg 100% 50%)", (0, 255, 0, 255)),
        ("hsl(0.5turn 100% 50%)", (0, 255, 255, 255)),
        ("hsl(200grad 100% 50%)", (0, 255, 255, 255)),
        ("hsl(3.14159265rad 100% 50%)", (0, 255, 255, 255)),
        ("hsl(210 40 96)", (241, 245, 249, 255)),
        ("hsl(38.8 50% 60%)", (204, 168, 102, 255)),
        ("hsl(none 0% 50%)", (128, 128, 128, 255)),
    ],
)
def test_every_notation_means_what_css_says(text: str, expected: tuple[int, int, int, int]) -> None:
    assert Colour(*expected) == parse_colour(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whit",
        "currentcolor",
        "#",
        "#12",
        "#12345",
        "#1234567",
        "#ggg",
        "fff",
        "rgb()",
        "rgb(1,2)",
        "rgb(1 2 3 4)",
        "rgb(1,2 3)",
        "rgb(1,2,3/1)",
        "rgb(1 2 3, 1)",
        "rgb(1,2,3,4,5)",
        "rgb(1%,2,3)",
        "rgb(none,2,3)",
        "rgb(1deg 2 3)",
        "rgb(1 2 3",
        "rgb(1 2 3))",
        "rgb (1 2 3)",
        "rgb(1. 2 3)",
        "rgb(1e999 2 3)",
        "hsl(1e308turn 0% 0%)",
        "hsl(0,1,2)",
        "hsl(10% 10% 10%)",
        "hsl(0 0% 0% / 1deg)",
        "cmyk(0 0 0 0)",
        "rgb(\u0661 \u0662 \u0663)",
    ],
)
def test_what_css_does_not_know_is_no_colour(text: str) -> None:
    assert parse_colour(text) is None


def test_there_are_148_names() -> None:
    """The two spellings of grey count twice."""
    assert len(NAMES) == 148
    assert sum("grey" in name for name in NAMES) == sum("gray" in name for name in NAMES) == 7


@given(st.builds(Colour, BYTES, BYTES, BYTES, BYTES))
def test_a_colour_can_be_read_back_from_its_text(colour: Colour) -> None:
    assert colour == parse_colour(str(colour))


@given(BYTES, BYTES, BYTES)
def test_an_opaque_colour_covers_white(red: int, green: int, blue: int) -> None:
    assert Colour(red, green, blue) == Colour(red, green, blue).opaque


def test_a_colour_that_is_not_opaque_lets_white_through() -> None:
    assert Colour(255, 255, 255) == Colour(0, 0, 0, 0).opaque
    assert Colour(255, 127, 127) == Colour(255, 0, 0, 128).opaque


@given(st.text() | st.text("rgbhsla(%,./ 0123456789edtu-)#", max_size=30))
def test_no_text_is_too_strange(text: str) -> None:
    found = parse_colour(text)

    assert found is None or all(0 <= channel <= 255 for channel in (found.red, found.green, found.blue))
