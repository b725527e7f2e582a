"""Where a crop looks: nine points, a focal point, or what libvips finds."""

import re
from typing import Literal

import msgspec

from pixmill.recipe.problems import did_you_mean
from pixmill.recipe.reading import Place

FULL = 10000
"""A whole width or height, in the parts that a gravity counts in."""


class Gravity(msgspec.Struct, frozen=True):
    """Where a crop looks, or where a picture sits in its padding.

    Attributes:
        x: 0 (left) to 10000 (right), in ten-thousandths of the picture's upright width.
        y: 0 (top) to 10000 (bottom).
        look: "point" to use x and y; "attention" or "entropy" to let libvips find the place in a `cover`.
    """

    x: int = FULL // 2
    y: int = FULL // 2
    look: Literal["point", "attention", "entropy"] = "point"

    def __str__(self) -> str:
        """As a recipe writes it."""
        if self.look != "point":
            return self.look
        return _NAMES.get(self) or f"{self.x / FULL:.4g},{self.y / FULL:.4g}"


_POINTS = {
    "center": Gravity(),
    "top": Gravity(y=0),
    "bottom": Gravity(y=FULL),
    "left": Gravity(x=0),
    "right": Gravity(x=FULL),
    "top-left": Gravity(0, 0),
    "top-right": Gravity(FULL, 0),
    "bottom-left": Gravity(0, FULL),
    "bottom-right": Gravity(FULL, FULL),
}
_COMPASS = {
    "centre": "center",
    "north": "top",
    "south": "bottom",
    "west": "left",
    "east": "right",
    "north-west": "top-left",
    "north-east": "top-right",
    "south-west": "bottom-left",
    "south-east": "bottom-right",
    "northwest": "top-left",
    "northeast": "top-right",
    "southwest": "bottom-left",
    "southeast": "bottom-right",
}
_NAMES = {gravity: name for name, gravity in _POINTS.items()}

GRAVITIES: dict[str, Gravity] = {
    **_POINTS,
    **{alias: _POINTS[name] for alias, name in _COMPASS.items()},
    "attention": Gravity(look="attention"),
    "entropy": Gravity(look="entropy"),
}
"""Every word for a gravity, aliases included."""

_FRACTION = r"\s*(0(?:\.[0-9]+)?|1(?:\.0+)?|\.[0-9]+)\s*"
_FOCAL_POINT = f"{_FRACTION},{_FRACTION}"
_EXPECTED = (
    '"center", "top", "bottom", "left", "right", a corner such as "top-left", a focal point "x,y" of '
    'fractions 0-1 such as "0.3,0.25", "attention" or "entropy"'
)


def read_gravity(value: object, place: Place) -> Gravity | None:
    """Read a word or a focal point, which is rounded to ten-thousandths."""
    if isinstance(value, str):
        if value in GRAVITIES:
            return GRAVITIES[value]
        if point := re.fullmatch(_FOCAL_POINT, value):
            return Gravity(round(float(point[1]) * FULL), round(float(point[2]) * FULL))
    return place.wrong(_EXPECTED, value, did_you_mean(value, GRAVITIES, '"'))
