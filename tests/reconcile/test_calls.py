"""Calls that need not wait for one another: all are made, none is left behind."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.reconcile.world import STANDARD, Meddled, World, quick_engine

from pixmill.reconcile import AtOnce, in_turn, reconcile


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_answers_come_in_the_order_of_the_calls(pool: ThreadPoolExecutor) -> None:
    second_done = threading.Event()

    def first() -> str:
        assert second_done.wait(20), "they are not made at once"
        return "first"

    def second() -> str:
        second_done.set()
        return "second"

    assert AtOnce(pool)(first, second) == ("first", "second")
    assert in_turn(second, first) == ("second", "first")


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_when_one_raises_the_others_are_over_before_it_is_told(
    pool: ThreadPoolExecutor, failing: int
) -> None:
    ended: list[int] = []
    raised = threading.Event()

    def call(number: int) -> Callable[[], None]:
        def made() -> None:
            if number == failing:
                raised.set()
                raise ValueError(number)
            assert raised.wait(20)
            ended.append(number)

        return made

    with pytest.raises(ValueError, match=str(failing)):
        AtOnce(pool)(*map(call, range(3)))

    assert len(ended) == 2


def test_it_goes_on_when_all_threads_are_taken() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert AtOnce(pool)(*[lambda: 1] * 5) == (1,) * 5


def test_no_calls_no_answers(pool: ThreadPoolExecutor) -> None:
    assert AtOnce(pool)() == ()


def test_reconcile_makes_its_puts_at_once_and_the_manifest_after_them(pool: ThreadPoolExecutor) -> None:
    """Each put of a rendition waits until all of them are under way; one after the other would never end."""
    world = World()
    world.upload(b"one")
    all_under_way, order = threading.Barrier(3, timeout=20), list[str]()

    def meddle(verb: str, key: str) -> None:
        if verb == "put":
            if not key.startswith("manifests/"):
                all_under_way.wait()
            order.append(key)

    reconcile(
        world.key,
        source=world.source,
        destination=Meddled(world.destination, meddle),
        recipe=STANDARD,
        render=quick_engine,
        together=AtOnce(pool),
    )

    world.assert_converged()
    assert order[-1].startswith("manifests/")
