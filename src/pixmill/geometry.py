"""(size, rendition) -> ResizePlan, in integers only. Knows no pixels.

Every size in a plan is an exact ratio of integers times a whole number of pixels, rounded once: to the
nearest pixel, halves up, and never below one. No float is involved, so a plan is the same on every machine.

One scale decides each plan. The *declared* scale is the one at which the picture meets its box:

    inside, contain         the smaller of width / original width and height / original height
    outside, cover, fill    the larger of the two

A side that the recipe leaves out asks for nothing and so has no say. The *permitted* scale is the declared
one, held down to 1 unless the rendition allows enlarging, and to what `MAX_SIDE` and `MAX_PIXELS` leave.
Where the two differ, the picture and its box shrink together: a box keeps its shape, so that a small
picture becomes a small square thumbnail and not a stamp in the middle of a white sheet.
"""

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import NamedTuple

import msgspec

from pixmill.recipe import LONGEST_SIDE, Gravity, Rendition

MAX_SIDE = LONGEST_SIDE
"""The longest side of a result, in pixels: no result is longer than a recipe may ask for."""

MAX_PIXELS = 100_000_000
"""The most pixels in a result. An enlarged strip would otherwise ask for any amount of memory."""

OVERSAMPLE = (3, 2)
"""The least margin, as a fraction, between a reduced picture and what Lanczos still makes from it.

At 1.5 and above the shortcut is hard to tell from a reduction of the whole picture; towards 1 it blurs.
"""


class Size(NamedTuple):
    """Width and height in pixels, each at least 1."""

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
        larger: the declared scale is above 1, so that making the rendition as declared would enlarge the
            original on at least one axis. Independent of `enlarge` and of the limits on the result: with
            "never" such a plan describes the smaller result, with "skip" it is not carried out at all.
    """

    resized: Size
    crop: Box
    canvas: Size
    offset: tuple[int, int]
    larger: bool


class Cascade(NamedTuple):
    """Which plan is made from which.

    Attributes:
        parents: for each plan the index of the plan whose resized picture it is made from; None for those
            made from the decoded original.
        order: the indexes of all plans, parents before their children.
    """

    parents: tuple[int | None, ...]
    order: tuple[int, ...]


def upright(stored: Size, orientation: int) -> Size:
    """The size after the EXIF orientation is applied.

    Orientations 5 to 8 lie on their side and swap width and height; 1 to 4 are mirrored or upside down and
    keep them. Anything else counts as 1, as in browsers. The swap undoes itself: for an upright size this
    gives the stored one.
    """
    return Size(stored.height, stored.width) if orientation in {5, 6, 7, 8} else stored


def plan(original: Size, rendition: Rendition) -> ResizePlan:
    """Plan one rendition of an upright original.

    Gravity places a `cover` crop so that the focal point comes as near to the middle of the crop as the
    picture's edges allow. In a `contain` it divides the padding instead: 0 leaves none on the left or top,
    10000 none on the right or bottom, 5000 the same on both sides. In both, the nine named points mean what
    they say.

    Args:
        original: the upright original's size in pixels.
        rendition: what is asked for.

    Returns:
        The plan. Its resized picture keeps the original's ratio to within half a pixel on each side, except
        for `fill` and for sides that would be less than one pixel. The canvas of `cover`, `contain` and
        `fill` is exactly the declared box, or the declared box scaled down.
    """
    fit = rendition.fit
    declared = _declared_scale(original, rendition)
    permitted = _permitted_scale(declared, original, rendition)
    resized = permitted.size(original)
    canvas = resized
    if fit in {"cover", "contain", "fill"}:
        box = Size(
            rendition.width or declared.side(original.width),
            rendition.height or declared.side(original.height),
        )
        shrink = min(permitted.per(declared), _limit(box))
        canvas = shrink.size(box)
        resized = canvas if fit == "fill" else declared.times(shrink).size(original)
    gravity = rendition.gravity
    crop, offset = Box(0, 0, *resized), (0, 0)
    if fit == "cover":
        crop = _around(resized, canvas, gravity)
    elif fit == "contain":
        offset = _divided(resized, canvas, gravity)
    return ResizePlan(resized, crop, canvas, offset, larger=declared > _ONE)


def dct_shrink(stored: Size, needed: Size, oversample: tuple[int, int] = OVERSAMPLE) -> int:
    """The most that a JPEG decoder may shrink a picture while it decodes.

    Args:
        stored: the size in the file, before its orientation is applied.
        needed: the size of the largest resized picture, turned the same way as `stored` (see `upright`).
        oversample: how much larger than `needed` the decoded picture must stay on both axes, as a fraction.

    Returns:
        8, 4, 2 or 1: the largest whose result, `stored / shrink` rounded up, is large enough; 1 if none is.
    """
    for shrink in (8, 4, 2):
        decoded = Size(-(-stored.width // shrink), -(-stored.height // shrink))
        if _covers(decoded, needed, oversample):
            return shrink
    return 1


def cascade(plans: Sequence[ResizePlan], oversample: tuple[int, int] = OVERSAMPLE) -> Cascade:
    """Find for each plan the smallest resized picture that it can be made from.

    A resized picture serves another of the very same size, as it is, and one that it exceeds by `oversample`
    on both axes if both show the original in the same ratio, to within a pixel of rounding; a distorting
    `fill` therefore serves only its like. A plan that is `larger` serves none: it is skipped, or is no
    smaller than the original, or is blown up from it, and the original is the better start.

    Args:
        plans: the plans of one original, in any order.
        oversample: the margin that a parent needs on both axes, as a fraction of at least 1.
    """
    order = tuple(sorted(range(len(plans)), key=lambda index: -_pixels(plans[index].resized)))
    parents: list[int | None] = [None] * len(plans)
    for rank, child in enumerate(order):
        before = reversed(order[:rank])  # the smallest first
        serving = (other for other in before if _serves(plans[other], plans[child].resized, oversample))
        parents[child] = next(serving, None)
    return Cascade(tuple(parents), order)


class _Scale(msgspec.Struct, frozen=True, eq=False):
    """The exact ratio numerator / denominator, both above 0; need not be in lowest terms."""

    numerator: int
    denominator: int

    def __lt__(self, other: "_Scale") -> bool:
        return self.numerator * other.denominator < other.numerator * self.denominator

    def times(self, other: "_Scale") -> "_Scale":
        return _Scale(self.numerator * other.numerator, self.denominator * other.denominator)

    def per(self, other: "_Scale") -> "_Scale":
        return _Scale(self.numerator * other.denominator, self.denominator * other.numerator)

    def side(self, side: int) -> int:
        return max(1, _nearest(side * self.numerator, self.denominator))

    def size(self, size: Size) -> Size:
        return Size(self.side(size.width), self.side(size.height))


_ONE = _Scale(1, 1)


def _declared_scale(original: Size, rendition: Rendition) -> _Scale:
    sides = ((rendition.width, original.width), (rendition.height, original.height))
    scales = [_Scale(asked, given) for asked, given in sides if asked is not None]
    if not scales:
        return _ONE
    return min(scales) if rendition.fit in {"inside", "contain"} else max(scales)


def _permitted_scale(declared: _Scale, original: Size, rendition: Rendition) -> _Scale:
    scale = declared if rendition.enlarge == "allow" else min(declared, _ONE)
    if rendition.fit in {"inside", "outside"}:
        return min(scale, _limit(original))
    if rendition.fit == "cover":
        # The crop may leave little of a huge resized picture. It is limited only where it is larger than
        # the original, which is there anyway.
        return min(scale, max(_ONE, _limit(original)))
    return scale  # what these two make is their box, which has a limit of its own


def _limit(shape: Size) -> _Scale:
    """The largest scale that keeps a shape within `MAX_SIDE` and `MAX_PIXELS`; above 1 if it has room."""
    short, long = sorted(shape)
    # A little too long, so that rounding down the shorter side is made use of; then down to what fits.
    side = min(MAX_SIDE, isqrt(MAX_PIXELS * long // short) + long // short + 1)
    while _pixels(_Scale(side, long).size(shape)) > MAX_PIXELS:
        side -= 1
    return _Scale(side, long)


def _around(whole: Size, window: Size, gravity: Gravity) -> Box:
    left, top = (
        min(max(0, _nearest(2 * point * side - 10_000 * part, 20_000)), side - part)
        for point, side, part in _axes(whole, window, gravity)
    )
    return Box(left, top, *window)


def _divided(picture: Size, canvas: Size, gravity: Gravity) -> tuple[int, int]:
    left, top = (
        _nearest(point * (side - part), 10_000) for point, side, part in _axes(canvas, picture, gravity)
    )
    return left, top


def _axes(whole: Size, part: Size, gravity: Gravity) -> Iterable[tuple[int, int, int]]:
    return zip((gravity.x, gravity.y), whole, part, strict=True)


def _serves(parent: ResizePlan, want: Size, oversample: tuple[int, int]) -> bool:
    have = parent.resized
    if parent.larger:
        return False
    if have == want:
        return True
    # Scaled down to the child, the parent may be off by a pixel on one of the axes.
    same_ratio = abs(want.width * have.height - want.height * have.width) <= max(have)
    return same_ratio and _covers(have, want, oversample)


def _covers(have: Size, want: Size, oversample: tuple[int, int]) -> bool:
    numerator, denominator = oversample
    return all(big * denominator >= small * numerator for big, small in zip(have, want, strict=True))


def _pixels(size: Size) -> int:
    return size.width * size.height


def _nearest(numerator: int, denominator: int) -> int:
    """The integer nearest to numerator / denominator, halves up, below zero too; denominator above 0."""
    return (2 * numerator + denominator) // (2 * denominator)
