"""The queue does to messages what SQS does to them."""

import time

from .queues import Message, Queue

SOON = 0.05


def wait_for(queue: Queue, most: int = 10) -> list[Message]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = queue.receive(most)
        if found or not queue.waiting:
            return found
        time.sleep(SOON / 5)
    return []


def test_what_is_deleted_does_not_come_again_and_what_is_not_does() -> None:
    queue = Queue(1, visibility=SOON, receives=9)
    for number in range(3):
        queue.send(f"{number}", f"k{number}")

    first = queue.receive(10)
    queue.delete([each.id for each in first if each.body != "1"])

    assert sorted(each.body for each in first) == ["0", "1", "2"]
    assert {each.times for each in first} == {1}
    assert [(each.body, each.times) for each in wait_for(queue)] == [("1", 2)]
    assert queue.counts["redelivered"] == 1


def test_what_was_received_is_hidden_and_unfinished() -> None:
    queue = Queue(1, visibility=60, receives=9)
    queue.send("0", "a")
    queue.send("1", "b")

    (taken,) = queue.receive(1)

    assert queue.unfinished == {taken.about}
    assert len(queue.receive(10)) == 1
    assert queue.receive(10) == []
    assert queue.waiting == 2


def test_what_is_received_too_often_is_dead_until_it_is_moved_back() -> None:
    queue = Queue(1, visibility=SOON, receives=2)
    queue.send("about a", "a")
    queue.send("nonsense", None)
    times: list[int] = []
    while queue.waiting:
        times += [each.times for each in wait_for(queue)]

    assert sorted(times) == [1, 1, 2, 2]
    assert sorted(queue.dead) == ["about a", "nonsense"]
    assert (queue.waiting, queue.unfinished) == (0, {"a"})

    assert queue.redrive(str.upper) == 1
    assert [(each.body, each.times) for each in queue.receive(10)] == [("ABOUT A", 1)]
    assert queue.dead == ["nonsense"]


def test_what_is_given_back_comes_again_soon() -> None:
    queue = Queue(1, visibility=60, receives=9, pause=0)
    queue.send("0", "a")
    (taken,) = queue.receive(10)

    queue.release([taken.id])

    assert queue.unfinished == {"a"}
    assert [each.times for each in queue.receive(10)] == [2]


def test_the_order_is_the_seeds() -> None:
    def order(seed: int) -> list[str]:
        queue = Queue(seed, visibility=60, receives=1)
        for number in range(20):
            queue.send(f"{number}", None)
        return [each.body for each in queue.receive(20)]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != sorted(order(1), key=int)
