"""Within a batch the network overlaps the CPU, and memory holds no more than it may."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some
from tests.aws.world import RECIPE, World
from tests.reconcile.world import Meddled

from pixmill import engine
from pixmill.aws.shift import Budget, Shift, Task
from pixmill.recipe import Recipe
from pixmill.reconcile import Outcome

Parts = frozenset[tuple[str, str]]


def rendered(data: bytes, recipe: Recipe, *, only: Parts, within: float) -> engine.Rendered:
    assert within < 60
    return engine.render(data, recipe, only=only)


def test_originals_are_fetched_while_another_renders() -> None:
    world = World()
    for name in ("a", "b", "c"):
        world.upload(f"{name}.jpg")
    fetched: list[str] = []
    all_fetched = threading.Event()

    def note(verb: str, key: str) -> None:
        if verb == "open":
            fetched.append(key)
            if len(fetched) == 3:
                all_fetched.set()

    def render(*arguments: Any, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
        assert all_fetched.wait(20), "nothing is fetched while one renders"
        return rendered(*arguments, **options)

    shift = Shift(
        Meddled(world.source, note),
        world.destination,
        RECIPE,
        render=render,
        budget=1 << 30,
        remaining=lambda: 60,
        reserve=10,
    )

    done = [outcome for _, outcome in shift.work([Task(f"{name}.jpg", verify=False) for name in "abc"])]

    assert [isinstance(outcome, Outcome) for outcome in done] == [True] * 3


def test_one_renders_at_a_time() -> None:
    world = World()
    busy, most = 0, 0

    def render(*arguments: Any, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        try:
            return rendered(*arguments, **options)
        finally:
            busy -= 1

    for number in range(8):
        world.upload(f"{number}.jpg")
    shift = Shift(
        world.source,
        world.destination,
        RECIPE,
        render=render,
        budget=1 << 30,
        remaining=lambda: 60,
        reserve=10,
    )

    list(shift.work([Task(f"{number}.jpg", verify=False) for number in range(8)]))

    assert most == 1


def test_what_is_not_done_shortly_before_the_end_is_given_back_and_makes_no_further_call() -> None:
    world = World()
    for name in ("quick.jpg", "stuck.jpg"):
        world.upload(name)
    let_go, calls_later = threading.Event(), list[tuple[str, str]]()

    def meddle(verb: str, key: str) -> None:
        if let_go.is_set():
            calls_later.append((verb, key))
        elif verb == "put" and "stuck" in key:
            assert let_go.wait(20)

    shift = Shift(
        world.source,
        Meddled(world.destination, meddle),
        RECIPE,
        render=rendered,
        budget=1 << 30,
        remaining=lambda: 3,
        reserve=1,
    )

    done = {
        task.key: outcome
        for task, outcome in shift.work([Task("quick.jpg", verify=False), Task("stuck.jpg", verify=False)])
    }
    let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("pixmill"):
            thread.join(20)

    assert isinstance(done["quick.jpg"], Outcome)
    assert done["stuck.jpg"] is None
    assert calls_later == []
    assert world.destination.head("manifests/stuck.jpg.json") is None


@settings(max_examples=30, deadline=None)
@given(some.lists(some.lists(some.integers(0, 150), min_size=1, max_size=3), min_size=1, max_size=12))
def test_no_more_is_held_than_the_budget_unless_by_one_alone(takers: list[list[int]]) -> None:
    budget, guard = Budget(100), threading.Lock()
    held: dict[int, int] = {}
    wrong: list[dict[int, int]] = []

    def work(number: int) -> None:
        with budget.held() as take:
            for size in takers[number]:
                with guard:
                    held[number] = 0
                take(size)
                with guard:
                    held[number] = size
                    if sum(held.values()) > 100 and sum(size > 0 for size in held.values()) > 1:
                        wrong.append(dict(held))
            with guard:
                held[number] = 0

    with ThreadPoolExecutor(len(takers)) as pool:
        for future in [pool.submit(work, number) for number in range(len(takers))]:
            future.result(timeout=20)

    assert wrong == []
