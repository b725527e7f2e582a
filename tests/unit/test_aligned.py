"""The sides of a resize that does not stretch what a shrinking decoder left over."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixmill.engine.alignment import aligned

shrinks = st.sampled_from([1, 2, 4, 8])
reductions = st.fractions(1, 40)


def result_of(stored: int, shrink: int, reduction: Fraction) -> int:
    return max(1, int(stored / (shrink * reduction)))


@given(st.integers(1, 65535), shrinks, reductions)
def test_nothing_is_lost(stored: int, shrink: int, reduction: Fraction) -> None:
    result = result_of(stored, shrink, reduction)
    source, resized = aligned(stored, shrink, result)

    assert resized >= result
    assert source >= stored // shrink


@given(st.integers(1, 65535), shrinks, reductions)
def test_little_is_stretched(stored: int, shrink: int, reduction: Fraction) -> None:
    """The far end comes out within half a decoded pixel of where it belongs."""
    result = result_of(stored, shrink, reduction)
    source, resized = aligned(stored, shrink, result)

    assert abs(Fraction(source, resized) * result - Fraction(stored, shrink)) <= Fraction(1, 2)


@given(st.integers(64, 65535), shrinks, reductions)
def test_nothing_is_stretched_that_need_not_be(stored: int, shrink: int, reduction: Fraction) -> None:
    """No size of a few pixels more would be nearer to the original's ratio."""
    result = result_of(stored, shrink, reduction)
    source, resized = aligned(stored, shrink, result)
    ratio = Fraction(stored, shrink * result)

    misses = [abs(more * ratio - round(more * ratio)) for more in range(result, result + 16)]
    assert abs(resized * ratio - source) == min(misses)


@given(st.integers(1, 8000), shrinks, reductions)
def test_whole_pixels_stay_as_they_are(decoded: int, shrink: int, reduction: Fraction) -> None:
    result = result_of(decoded * shrink, shrink, reduction)

    assert aligned(decoded * shrink, shrink, result) == (decoded, result)


@pytest.mark.parametrize(
    ("stored", "shrink", "result", "expected"),
    [
        (3391, 4, 450, (876, 465)),  # 847.75 to 450 is 876.0 to 465
        (4032, 4, 800, (1008, 800)),
        (1001, 2, 143, (504, 144)),  # 500.5 to 143 is 504 to 144
    ],
)
def test_by_hand(stored: int, shrink: int, result: int, expected: tuple[int, int]) -> None:
    assert aligned(stored, shrink, result) == expected
