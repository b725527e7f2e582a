"""(size, orientation, rendition) -> ResizePlan, in integers only. Knows no pixels.

Contract; the arithmetic follows.
"""

from typing import NamedTuple

from pixmill.recipe import Rendition


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in pixels; left and top count from the upright picture's top left corner."""

    left: int
    top: int
    width: int
    height: int


class ResizePlan(NamedTuple):
    """How an upright picture becomes a rendition: resize the whole, crop, then pad.

    Attributes:
        resized: the size to which the whole upright picture is resized.
        crop: the part of the resized picture that is kept (the whole unless `cover`). For the gravities
            "attention" and "entropy" its place is only the fallback; its size is binding.
        canvas: the size of the result; larger than the crop only if padded (`contain`).
        offset: (left, top) of the kept part on the canvas.
        larger: the declared box is larger than the original could fill without enlarging.
    """

    resized: Size
    crop: Box
    canvas: Size
    offset: tuple[int, int]
    larger: bool


def upright(stored: Size, orientation: int) -> Size:
    """The size after the EXIF orientation (1-8) is applied."""
    raise NotImplementedError


def plan(original: Size, rendition: Rendition) -> ResizePlan:
    """Plan one rendition of an upright original."""
    raise NotImplementedError
