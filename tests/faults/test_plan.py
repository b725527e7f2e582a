"""Which request goes wrong depends on the seed and on that request, and on nothing else."""

import random
from collections import Counter

import pytest

from .plan import Kind, Plan

RATES: dict[Kind, float] = {"error": 0.2, "lost": 0.1, "truncated": 0.1}
ASKED = [("GET", f"/uploads/{number % 50}") for number in range(1000)]


def told(plan: Plan, asked: list[tuple[str, str]]) -> Counter[tuple[str, str, Kind | None]]:
    return Counter((verb, target, plan.fault(verb, target)) for verb, target in asked)


def test_the_order_of_requests_does_not_matter() -> None:
    shuffled = random.Random(1).sample(ASKED, len(ASKED))  # noqa: S311 - an order, no secret

    assert told(Plan(7, RATES), ASKED) == told(Plan(7, RATES), shuffled)


def test_another_seed_is_another_plan() -> None:
    assert told(Plan(7, RATES), ASKED) != told(Plan(8, RATES), ASKED)


def test_rates_are_kept() -> None:
    plan = Plan(7, RATES)
    found = Counter(plan.fault("GET", f"/{number}") for number in range(10_000))

    assert {kind: round(found[kind] / 10_000, 1) for kind in RATES} == RATES


def test_what_is_about_a_body_befalls_only_what_reads_one() -> None:
    plan = Plan(7, {"truncated": 0.5, "slow": 0.5})

    assert {plan.fault("PUT", f"/{number}") for number in range(100)} == {None}
    assert {plan.fault("GET", f"/{number}") for number in range(100)} == {"truncated", "slow"}


def test_no_rates_no_faults() -> None:
    assert Plan(7, {}).fault("GET", "/") is None


def test_more_than_everything_cannot_go_wrong() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        Plan(7, {"error": 0.6, "lost": 0.5})
