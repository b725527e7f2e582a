"""The laws of geometry, and a few examples that a reader can check by hand."""

import ast
import inspect
from fractions import Fraction
from typing import Literal, get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from msgspec import structs

from pixmill import geometry
from pixmill.geometry import MAX_PIXELS, MAX_SIDE, Box, Size, plan
from pixmill.recipe import Fit, Gravity, Rendition

Enlarge = Literal["never", "allow", "skip"]

FITS: tuple[Fit, ...] = get_args(Fit)
BOXED: tuple[Fit, ...] = ("cover", "contain", "fill")
CENTRE = Gravity()


def ask(
    width: int | None,
    height: int | None,
    fit: Fit = "inside",
    enlarge: Enlarge = "never",
    gravity: Gravity = CENTRE,
) -> Rendition:
    return Rendition(name="any", width=width, height=height, fit=fit, enlarge=enlarge, gravity=gravity)


# Any side, with the extremes more often than chance would bring them.
small = st.integers(1, 300)
inputs = st.integers(1, 65535) | small | st.sampled_from([1, 2, 3, 16383, 16384, 65534, 65535])
boxes = st.integers(1, 16384) | small | st.sampled_from([1, 2, 3, 16382, 16383, 16384])
originals = st.builds(Size, inputs, inputs)
gravities = st.builds(Gravity, x=st.integers(0, 10000), y=st.integers(0, 10000))


@st.composite
def renditions(
    draw: st.DrawFn,
    fits: tuple[Fit, ...] = FITS,
    enlarge: tuple[Enlarge, ...] = ("never", "allow", "skip"),
) -> Rendition:
    fit = draw(st.sampled_from(fits))
    side = boxes if fit in BOXED else boxes | st.none()
    return ask(draw(side), draw(side), fit, draw(st.sampled_from(enlarge)), draw(gravities))


# Examples


@pytest.mark.parametrize(
    ("original", "asked_for", "resized", "canvas"),
    [
        ((6000, 4000), ask(800, 600, "inside"), (800, 533), (800, 533)),
        ((4000, 6000), ask(800, 600, "inside"), (400, 600), (400, 600)),
        ((6000, 4000), ask(800, None, "inside"), (800, 533), (800, 533)),
        ((6000, 4000), ask(None, 600, "inside"), (900, 600), (900, 600)),
        ((6000, 4000), ask(None, None, "inside"), (6000, 4000), (6000, 4000)),
        ((6000, 4000), ask(800, 600, "outside"), (900, 600), (900, 600)),
        ((6000, 4000), ask(800, None, "outside"), (800, 533), (800, 533)),
        ((6000, 4000), ask(800, 600, "cover"), (900, 600), (800, 600)),
        ((6000, 4000), ask(800, 600, "contain"), (800, 533), (800, 600)),
        ((6000, 4000), ask(800, 600, "fill"), (800, 600), (800, 600)),
        # Small pictures stay as they are, and their boxes come down to them.
        ((40, 30), ask(800, 600, "inside"), (40, 30), (40, 30)),
        ((40, 30), ask(800, 600, "outside"), (40, 30), (40, 30)),
        ((40, 30), ask(150, 150, "cover"), (40, 30), (30, 30)),
        ((40, 30), ask(800, 600, "fill"), (40, 30), (40, 30)),
        ((40, 40), ask(800, 600, "fill"), (40, 30), (40, 30)),
        ((40, 30), ask(80, 60, "inside", "allow"), (80, 60), (80, 60)),
        ((40, 30), ask(90, 90, "cover", "allow"), (120, 90), (90, 90)),
        ((40, 30), ask(90, 90, "contain", "allow"), (90, 68), (90, 90)),
        # Strips: never thinner than a pixel, never longer than a result may be.
        ((1, 65535), ask(150, 150, "inside"), (1, 150), (1, 150)),
        ((1, 65535), ask(150, 150, "cover"), (1, 65535), (1, 1)),
        ((1, 16000), ask(800, None, "inside", "allow"), (1, 16383), (1, 16383)),
        ((1, 16000), ask(800, 800, "cover", "allow"), (1, 16383), (1, 1)),
        ((100, 100), ask(16384, 16384, "cover", "allow"), (10000, 10000), (10000, 10000)),
        ((60000, 1000), ask(None, None, "inside"), (16383, 273), (16383, 273)),
        # The limit is used to the last pixel: 8837 x 11317 would be too much.
        ((82, 105), ask(8837, None, "inside", "allow"), (8837, 11316), (8837, 11316)),
        # The parser asks for both sides of a box; were one missing, the picture's ratio would give it.
        ((6000, 4000), ask(800, None, "cover"), (800, 533), (800, 533)),
        ((6000, 4000), ask(None, 600, "contain"), (900, 600), (900, 600)),
    ],
)
def test_examples(original: tuple[int, int], asked_for: Rendition, resized: Size, canvas: Size) -> None:
    made = plan(Size(*original), asked_for)

    assert (made.resized, made.canvas) == (resized, canvas)


@pytest.mark.parametrize(
    ("original", "canvas"), [((40, 30), (40, 30)), ((40, 40), (53, 40)), ((30, 40), (53, 40))]
)
def test_a_small_picture_is_no_stamp_in_a_white_sheet(
    original: tuple[int, int], canvas: tuple[int, int]
) -> None:
    """Fault 35: the first sketch pasted a 40x30 picture into 800x600 of white."""
    made = plan(Size(*original), ask(800, 600, "contain"))

    assert (made.resized, made.canvas) == (original, canvas)


# Laws of every plan


@given(originals, renditions())
@example(Size(1, 65535), ask(16384, 16384, "cover", "allow"))
def test_the_parts_of_a_plan_lie_within_each_other(original: Size, asked_for: Rendition) -> None:
    resized, crop, canvas, (left, top), _ = plan(original, asked_for)

    assert min(*resized, crop.width, crop.height, *canvas) >= 1
    assert min(crop.left, crop.top, left, top) >= 0
    assert crop.left + crop.width <= resized.width
    assert crop.top + crop.height <= resized.height
    assert left + crop.width <= canvas.width
    assert top + crop.height <= canvas.height
    if asked_for.fit != "cover":
        assert crop == (0, 0, *resized)
    if asked_for.fit != "contain":
        assert canvas == crop[2:]


@given(originals, renditions(enlarge=("never", "skip")))
def test_nothing_is_enlarged_untold(original: Size, asked_for: Rendition) -> None:
    """Neither the picture nor, for a box without padding, the result."""
    made = plan(original, asked_for)
    grown = [made.resized] if asked_for.fit == "contain" else [made.resized, made.canvas]

    assert all(no_larger(size, original) for size in grown)


@given(originals, renditions(fits=("contain",)))
def test_padding_is_on_one_axis_at_most(original: Size, asked_for: Rendition) -> None:
    made = plan(original, asked_for)

    assert made.resized.width == made.canvas.width or made.resized.height == made.canvas.height


@given(originals, renditions(fits=("inside", "outside", "cover", "contain")))
def test_the_ratio_is_kept_to_half_a_pixel(original: Size, asked_for: Rendition) -> None:
    assert same_shape(plan(original, asked_for).resized, original)


@given(originals, renditions(fits=BOXED))
def test_a_box_that_shrinks_keeps_its_shape(original: Size, asked_for: Rendition) -> None:
    assert same_shape(plan(original, asked_for).canvas, box_of(asked_for))


@given(originals, renditions())
def test_results_have_limits(original: Size, asked_for: Rendition) -> None:
    """The resized picture may pass them only by being the original, or less of it."""
    made = plan(original, asked_for)

    assert within_limits(made.canvas)
    assert within_limits(made.resized) or no_larger(made.resized, original)


@given(originals, renditions())
def test_larger_says_that_the_declared_box_asks_for_more_than_there_is(
    original: Size, asked_for: Rendition
) -> None:
    pairs = asked_and_given(asked_for, original)
    every = asked_for.fit in {"inside", "contain"}
    larger = bool(pairs) and (all if every else any)(want > have for want, have in pairs)

    assert plan(original, asked_for).larger == larger


@given(originals, renditions(enlarge=("never",)))
def test_skip_plans_what_never_plans(original: Size, asked_for: Rendition) -> None:
    """Whether to carry it out is the engine's business; `larger` tells it."""
    skipped = structs.replace(asked_for, enlarge="skip")

    assert plan(original, skipped) == plan(original, asked_for)


# Laws of each fit


@given(originals, renditions(fits=("inside",)))
def test_inside_is_the_largest_within_its_box(original: Size, asked_for: Rendition) -> None:
    pairs = asked_and_given(asked_for, plan(original, asked_for).resized)

    assert all(have <= want for want, have in pairs)
    assert any(have == want for want, have in pairs) or not possible(original, asked_for)


@given(originals, renditions(fits=("outside",)))
def test_outside_is_the_smallest_that_covers_its_box(original: Size, asked_for: Rendition) -> None:
    assume(possible(original, asked_for))
    pairs = asked_and_given(asked_for, plan(original, asked_for).resized)

    assert all(have >= want for want, have in pairs)
    assert any(have == want for want, have in pairs)


@given(originals, renditions(fits=BOXED))
def test_a_box_is_met_exactly_if_the_picture_can_fill_it(original: Size, asked_for: Rendition) -> None:
    assume(possible(original, asked_for))

    assert plan(original, asked_for).canvas == box_of(asked_for)


@given(originals, renditions(fits=("inside",), enlarge=("never",)))
def test_inside_of_its_own_result_is_that_result(original: Size, asked_for: Rendition) -> None:
    once = plan(original, asked_for).canvas

    assert plan(once, asked_for).canvas == once


@given(originals, renditions(fits=("inside", "outside")), boxes, boxes)
def test_a_larger_box_never_gives_a_smaller_picture(
    original: Size, asked_for: Rendition, width: int, height: int
) -> None:
    wider = structs.replace(asked_for, width=asked_for.width and max(asked_for.width, width))
    larger = structs.replace(wider, height=asked_for.height and max(asked_for.height, height))

    assert no_larger(plan(original, asked_for).resized, plan(original, larger).resized)


# Gravity


@pytest.mark.parametrize(("point", "place"), [(0, 0), (5000, 50), (10000, 100)])
def test_the_named_points_place_a_crop_and_a_padded_picture(point: int, place: int) -> None:
    """Left, centre, right on one axis, top, centre, bottom on the other: the nine points are their pairs."""
    across, down = Gravity(x=point), Gravity(y=point)

    assert plan(Size(400, 200), ask(200, 200, "cover", gravity=across)).crop == (2 * place, 0, 200, 200)
    assert plan(Size(200, 400), ask(200, 200, "cover", gravity=down)).crop == (0, 2 * place, 200, 200)
    assert plan(Size(300, 200), ask(300, 300, "contain", gravity=down)).offset == (0, place)
    assert plan(Size(200, 300), ask(300, 300, "contain", gravity=across)).offset == (place, 0)


def test_a_crop_is_centred_on_its_focal_point() -> None:
    """Proportional placement would put this window at 30 % of the room that is left, hence at 270."""
    made = plan(Size(1000, 100), ask(100, 100, "cover", gravity=Gravity(x=3000, y=2500)))

    assert made.crop == Box(250, 0, 100, 100)


@given(originals, renditions(fits=("cover",)))
def test_a_crop_leaves_its_focal_point_only_for_an_edge(original: Size, asked_for: Rendition) -> None:
    resized, crop, _, _, _ = plan(original, asked_for)
    gravity = asked_for.gravity
    for point, start, part, whole in (
        (gravity.x, crop.left, crop.width, resized.width),
        (gravity.y, crop.top, crop.height, resized.height),
    ):
        off = start + Fraction(part, 2) - Fraction(point * whole, 10000)
        assert abs(off) <= Fraction(1, 2) or (start == 0 and off > 0) or (start + part == whole and off < 0)


def test_the_arithmetic_is_in_integers_only() -> None:
    tree = ast.parse(inspect.getsource(geometry))
    floats = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name) and node.id in {"float", "round"})
    ]

    assert floats == []


# Oracles, in exact fractions


def same_shape(size: Size, shape: Size) -> bool:
    """There is one scale at which both sides of the shape round to the size (or are held at one pixel)."""
    half = Fraction(1, 2)
    least = max(0 if side == 1 else (side - half) / whole for side, whole in zip(size, shape, strict=True))
    most = min((side + half) / whole for side, whole in zip(size, shape, strict=True))
    return least <= most


def asked_and_given(asked_for: Rendition, size: Size) -> list[tuple[int, int]]:
    """(declared, actual) for each side that the rendition does declare."""
    pairs = zip((asked_for.width, asked_for.height), size, strict=True)
    return [(want, have) for want, have in pairs if want is not None]


def no_larger(size: Size, than: Size) -> bool:
    return size.width <= than.width and size.height <= than.height


def box_of(asked_for: Rendition) -> Size:
    assert asked_for.width is not None
    assert asked_for.height is not None
    return Size(asked_for.width, asked_for.height)


def within_limits(size: Size) -> bool:
    return max(size) <= MAX_SIDE and size.width * size.height <= MAX_PIXELS


def possible(original: Size, asked_for: Rendition) -> bool:
    """The recipe asks for a size that is neither beyond the limits nor enlarged without leave."""
    scales = [Fraction(want, have) for want, have in asked_and_given(asked_for, original)]
    if not scales:
        return False
    scale = min(scales) if asked_for.fit in {"inside", "contain"} else max(scales)
    whole = Size(*(max(1, int(scale * side + Fraction(1, 2))) for side in original))
    results = [box_of(asked_for)] if asked_for.fit in BOXED else [whole]
    if asked_for.fit == "cover" and scale > 1:
        results.append(whole)
    return (scale <= 1 or asked_for.enlarge == "allow") and all(map(within_limits, results))
