"""The worker against each kind of fault alone: messages come again, and nothing is lost or wrong."""

from typing import Any, get_args

import pytest
from tests.aws.world import Invocation

from pixmill.aws.worker import Worker
from pixmill.settings import Settings
from pixmill.storage import open_store

from .fleet import event
from .line import RECIPE
from .originals import Change, changes
from .plan import OF_BODIES, Kind, Plan
from .post import notification
from .proxy import Proxy
from .queues import Message
from .server import buckets
from .wanted import Verdict, compare

KINDS: tuple[Kind, ...] = get_args(Kind)
RATE = 0.05  # a message that came before takes some thirty requests, and may need all of them to go well
RATE_OF_BODIES = 0.2
ROUNDS = 40


def deliver(worker: Worker, source: str, news: list[Change]) -> int:
    """Hand news to a worker again and again until it takes them all; how often."""
    bodies = [notification(source, each) for each in news]
    left = [Message(f"m{number}", body, None, 0, 0) for number, body in enumerate(bodies)]
    for times in range(1, ROUNDS):
        left = [each._replace(times=times) for each in left]
        answer: dict[str, Any] = worker.handle(event(left), Invocation())
        again = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        left = [each for each in left if each.id in again]
        if not left:
            return times
    pytest.fail(f"{ROUNDS} deliveries were not enough")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("aws")
def test_nothing_is_lost_or_wrong(kind: Kind, s3_endpoint: str) -> None:
    source: dict[str, bytes] = {}
    with (
        buckets(s3_endpoint, f"{kind}-uploads", f"{kind}-renditions") as both,
        Proxy(
            s3_endpoint, Plan(5, {kind: RATE_OF_BODIES if kind in OF_BODIES else RATE}), patience=0.2
        ) as proxy,
    ):
        places = [
            f"s3://{each}?endpoint={proxy.url}&region=us-east-1" for each in (both.source, both.destination)
        ]
        settings = Settings(source=places[0], destination=places[1], recipe=RECIPE)
        stores = (open_store(place, patience=3) for place in places)
        worker = Worker(settings, *stores, write=lambda _: None)
        history = changes(5, 6)
        for count in (6, 3):
            news = [next(history) for _ in range(count)]
            for change in news:
                both.change(change)
                if change.data is None:
                    source.pop(change.key, None)
                else:
                    source[change.key] = change.data
            deliver(worker, both.source, news)
        stored = both.stored()

    assert sum(count for (found, _), count in proxy.injected.items() if found == kind) > 0
    assert compare(source, stored, RECIPE) == Verdict([], [])
