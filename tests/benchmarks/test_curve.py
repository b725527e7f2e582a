"""Bytes at equal quality are read off a measured curve."""

import pytest
from benchmarks.curve import Point, bytes_at
from hypothesis import given
from hypothesis import strategies as st

CURVE: list[Point] = [(60.0, 1000), (70.0, 2000), (80.0, 8000)]


@pytest.mark.parametrize(("score", "size"), CURVE)
def test_a_measured_point_is_given_back(score: float, size: int) -> None:
    assert bytes_at(score, CURVE) == pytest.approx(size)


def test_halfway_between_two_scores_is_the_geometric_mean_of_their_bytes() -> None:
    assert bytes_at(75.0, CURVE) == pytest.approx(4000)


@pytest.mark.parametrize(("score", "size"), [(50.0, 500), (90.0, 32_000)])
def test_beyond_its_ends_the_outermost_piece_goes_on(score: float, size: int) -> None:
    assert bytes_at(score, CURVE) == pytest.approx(size)


def test_the_order_of_the_points_does_not_matter() -> None:
    assert bytes_at(63.0, CURVE[::-1]) == bytes_at(63.0, CURVE)


@given(st.floats(40, 100), st.floats(40, 100))
def test_a_higher_score_never_costs_fewer_bytes(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert bytes_at(low, CURVE) <= bytes_at(high, CURVE)
