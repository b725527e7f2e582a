"""The laws of orientation, of decoding at a fraction of the size, and of the cascade from large to small."""

from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pixmill.geometry import Size, cascade, dct_shrink, plan, upright
from pixmill.recipe import Fit, Rendition

# Orientation and decoding


sides = st.integers(1, 65535) | st.integers(1, 300) | st.sampled_from([1, 2, 3, 65535])
sizes = st.builds(Size, sides, sides)


def ask(width: int | None, height: int | None, fit: Fit = "inside") -> Rendition:
    return Rendition(name="any", width=width, height=height, fit=fit)


# Orientation and decoding


@pytest.mark.parametrize("orientation", range(10))
def test_upright_swaps_the_four_that_lie_on_their_side(orientation: int) -> None:
    turned = upright(Size(3, 2), orientation)

    assert turned == (Size(2, 3) if orientation in {5, 6, 7, 8} else Size(3, 2))
    assert upright(turned, orientation) == Size(3, 2)


@pytest.mark.parametrize(
    ("stored", "needed", "shrink"),
    [
        ((6000, 4000), (800, 533), 4),
        ((9600, 6400), (800, 533), 8),
        ((9592, 6392), (800, 533), 4),  # 1199 wide at 1/8: one pixel short of 1.5 x 800
        ((9593, 6393), (800, 533), 8),  # the decoder rounds up
        ((2400, 1600), (800, 533), 2),
        ((800, 533), (800, 533), 1),
        ((40, 30), (800, 600), 1),
        ((1, 16000), (1, 150), 1),
    ],
)
def test_the_decoder_shrinks_as_far_as_the_margin_allows(
    stored: tuple[int, int], needed: tuple[int, int], shrink: int
) -> None:
    assert dct_shrink(Size(*stored), Size(*needed)) == shrink


@given(sizes, sizes, st.sampled_from([(1, 1), (3, 2), (2, 1)]))
def test_the_decoder_leaves_enough_and_not_twice_too_much(
    stored: Size, needed: Size, margin: tuple[int, int]
) -> None:
    shrink = dct_shrink(stored, needed, margin)
    decoded, halved = (Size(*(-(-side // by) for side in stored)) for by in (shrink, 2 * shrink))

    assert shrink == 1 or enough(decoded, needed, margin)
    assert shrink == 8 or not enough(halved, needed, margin)


# Cascade


def test_each_rendition_is_made_from_the_next_larger_one() -> None:
    asked_for = [ask(150, 150, "cover"), ask(800, 600), ask(1600, 1200), ask(700, 500)]
    plans = [plan(Size(6000, 4000), each) for each in asked_for]

    parents, order = cascade(plans)

    assert parents == (3, 2, None, 2)
    assert order == (2, 1, 3, 0)


def test_equal_pictures_are_made_once() -> None:
    plans = [plan(Size(6000, 4000), ask(800, 600, fit)) for fit in ("inside", "contain")]

    assert cascade(plans) == ((None, 0), (0, 1))


def test_distorted_and_enlarged_pictures_serve_nobody() -> None:
    distorted = plan(Size(6000, 4000), ask(1000, 1000, "fill"))
    enlarged = plan(Size(300, 200), Rendition(name="any", width=1000, enlarge="allow"))
    thumbnail = plan(Size(300, 200), ask(100, 100))

    assert cascade([distorted, thumbnail]).parents == (None, None)
    assert cascade([enlarged, thumbnail]).parents == (None, None)


def test_distorted_pictures_serve_their_like() -> None:
    plans = [plan(Size(6000, 4000), ask(side, side, "fill")) for side in (1000, 500)]

    assert cascade(plans).parents == (None, 0)


any_rendition = st.builds(ask, st.integers(1, 3000), st.integers(1, 3000), st.sampled_from(get_args(Fit)))


@given(sizes, st.lists(any_rendition, max_size=8), st.sampled_from([(1, 1), (3, 2), (2, 1)]))
def test_parents_come_first_and_are_large_enough(
    original: Size, asked_for: list[Rendition], margin: tuple[int, int]
) -> None:
    plans = [plan(original, each) for each in asked_for]
    parents, order = cascade(plans, margin)
    rank = {index: place for place, index in enumerate(order)}

    assert sorted(order) == list(range(len(plans)))
    for child, parent in enumerate(parents):
        if parent is not None:
            have, want = plans[parent].resized, plans[child].resized
            assert rank[parent] < rank[child]
            assert have == want or enough(have, want, margin)


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(0, 63), st.integers(2, 5))
def test_rounding_breaks_no_chain(width: int, height: int, odd: int, steps: int) -> None:
    """Widths that double from one to the next give one chain, however thin the picture."""
    original = Size(width << steps, (height << steps) + odd)
    plans = [plan(original, ask(width << step, None)) for step in range(steps)]
    assume(all(enough(big.resized, less.resized, (3, 2)) for less, big in pairwise(plans)))

    assert cascade(plans).parents == (*range(1, steps), None)


def enough(have: Size, want: Size, margin: tuple[int, int]) -> bool:
    return all(big >= Fraction(*margin) * less for big, less in zip(have, want, strict=True))
