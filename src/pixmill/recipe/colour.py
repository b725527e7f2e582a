"""CSS colours, as in CSS Color Module Level 4, read into 8-bit sRGB.

The notations that CSS has for sRGB are here: the 148 names, `transparent`, hexadecimal, `rgb()` and
`hsl()` in both their syntaxes. tinycss2 reads them all too, but its import costs 15 ms of every cold
start, and this is small.
"""

import math
import re
from collections.abc import Sequence

import msgspec

from pixmill.recipe.colour_names import NAMES
from pixmill.recipe.problems import did_you_mean
from pixmill.recipe.reading import Place

# Patterns are text: a recipe that uses no such notation does not pay for compiling them.
_NUMBER = r"[+-]?(?:[0-9]*\.)?[0-9]+(?:e[+-]?[0-9]+)?"
_TERM = rf"({_NUMBER}(?:%|deg|grad|rad|turn)?|none)"
_HEX = r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})"
_CALL = r"(rgb|hsl)a?\(([^()]*)\)"
# Commas throughout, or none at all: CSS knows no mixture.
_COMMAS = rf"{_TERM}\s*,\s*{_TERM}\s*,\s*{_TERM}(?:\s*,\s*{_TERM})?"
_SPACES = rf"{_TERM}\s+{_TERM}\s+{_TERM}(?:\s*/\s*{_TERM})?"
_SPLIT = rf"({_NUMBER})(.*)"
_DEGREES = {"": 1.0, "deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
_WHITESPACE = " \t\n\r\f"
_ABSURD = 1e9
_EXPECTED = 'a CSS colour such as "white", "#fff", "rgb(255 255 255 / 50%)" or "transparent"'

_Term = tuple[float, str]
"""A number and its unit: none, "%" or one of angle."""


class Colour(msgspec.Struct, frozen=True):
    """An sRGB colour, 0-255 a channel; alpha 0 is transparent."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    def __str__(self) -> str:
        """The shortest common notation: #rrggbb, or #rrggbbaa if it is not opaque."""
        channels = (self.red, self.green, self.blue, self.alpha)
        return "#" + "".join(f"{channel:02x}" for channel in channels[: 3 + (self.alpha < 255)])  # noqa: PLR2004

    @property
    def opaque(self) -> "Colour":
        """This colour laid over white: what a format without transparency shows of it."""
        red, green, blue = (
            (channel * self.alpha + 255 * (255 - self.alpha) + 127) // 255
            for channel in (self.red, self.green, self.blue)
        )
        return Colour(red, green, blue)


def read_colour(value: object, place: Place) -> Colour | None:
    """Read a CSS colour."""
    found = parse_colour(value) if isinstance(value, str) else None
    if found is None:
        return place.wrong(_EXPECTED, value, did_you_mean(value, (*NAMES, "transparent"), '"'))
    return found


def parse_colour(text: str) -> Colour | None:
    """The colour that a CSS notation stands for; None if it is none, or none in sRGB."""
    text = text.strip(_WHITESPACE).lower()
    if text == "transparent":
        return Colour(0, 0, 0, 0)
    text = NAMES.get(text, text)
    if re.fullmatch(_HEX, text):
        digits = text[1:] if len(text) in {7, 9} else "".join(2 * digit for digit in text[1:])
        return Colour(*bytes.fromhex(digits))
    call = re.fullmatch(_CALL, text)
    return call and _call(call[1], call[2].strip(_WHITESPACE))


def _call(function: str, arguments: str) -> Colour | None:
    commas = re.fullmatch(_COMMAS, arguments, re.ASCII)
    match = commas or re.fullmatch(_SPACES, arguments, re.ASCII)
    if match is None or (commas and "none" in arguments):
        return None
    *terms, alpha = (_term(text) for text in match.groups(default="1"))
    if any(abs(amount) > _ABSURD for amount, _ in (*terms, alpha)) or alpha[1] not in {"", "%"}:
        return None
    channels = (_rgb if function == "rgb" else _hsl)(terms, legacy=commas is not None)
    return channels and Colour(*channels, _byte(alpha[0] * (2.55 if alpha[1] else 255)))


def _term(text: str) -> _Term:
    # A channel that is missing counts as zero wherever nothing is interpolated.
    match = re.fullmatch(_SPLIT, text)
    return (float(match[1]), match[2]) if match else (0.0, "")


def _rgb(terms: Sequence[_Term], *, legacy: bool) -> tuple[int, int, int] | None:
    units = {unit for _, unit in terms}
    if units - {"", "%"} or (legacy and len(units) > 1):
        return None
    red, green, blue = (_byte(amount * (2.55 if unit else 1)) for amount, unit in terms)
    return red, green, blue


def _hsl(terms: Sequence[_Term], *, legacy: bool) -> tuple[int, int, int] | None:
    (turn, angle), *rest = terms
    if angle not in _DEGREES or {unit for _, unit in rest} - ({"%"} if legacy else {"", "%"}):
        return None
    degrees = turn * _DEGREES[angle]
    saturation, lightness = (min(max(amount / 100, 0), 1) for amount, _ in rest)
    reach = saturation * min(lightness, 1 - lightness)

    def channel(offset: int) -> int:
        # The specification's own arithmetic: each channel is the same trapezium, shifted along the hues.
        step = (offset + degrees / 30) % 12
        return _byte(255 * (lightness - reach * max(-1, min(step - 3, 9 - step, 1))))

    return channel(0), channel(8), channel(4)


def _byte(amount: float) -> int:
    # CSS rounds halves up, Python to even; the nudge keeps 127.49999999999999 from being 127.
    return min(max(math.floor(amount + 0.5 + 1e-9), 0), 255)
