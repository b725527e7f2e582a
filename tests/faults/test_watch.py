"""The watch complains of a manifest that names what is not there, unless somebody is still to look at it."""

from collections.abc import Generator

import pytest

from pixmill.keys import manifest_key

from .buckets import Buckets
from .line import RECIPE
from .originals import picture
from .queues import Queue
from .server import buckets
from .wanted import wanted
from .watch import Watch

KEY = "a.jpg"


@pytest.fixture
def both(s3_endpoint: str) -> Generator[Buckets]:
    """A destination as it should be, but for one rendition."""
    objects, manifest = wanted(KEY, picture(1, KEY, 0), RECIPE)
    with buckets(s3_endpoint, "watch-uploads", "watch-renditions") as made:
        for name, data in {**objects, manifest_key(KEY): manifest.to_json()}.items():
            made.write(name, data)
        yield made


def test_what_is_whole_is_in_order(both: Buckets) -> None:
    watch = Watch(both, Queue(1, visibility=60, receives=1), 1)

    watch.look(KEY)
    watch.look("never made.jpg")

    assert (watch.looks, watch.at_rest, watch.half_made, watch.broken) == (1, 1, 0, [])


def test_what_is_half_made_at_rest_is_not(both: Buckets) -> None:
    queue = Queue(1, visibility=60, receives=1)
    queue.send("an event that waits is no excuse", KEY)
    watch = Watch(both, queue, 1)
    both.write(f"standard/{KEY}.jpg", b"another one")

    watch.look(KEY)

    assert watch.broken == [f"at rest, the manifest of '{KEY}' names standard/{KEY}.jpg: not there"]


def test_what_is_half_made_while_it_is_worked_on_is(both: Buckets) -> None:
    queue = Queue(1, visibility=60, receives=1)
    queue.send("somebody is at work", KEY)
    (taken,) = queue.receive(1)
    watch = Watch(both, queue, 1)
    both.write(f"standard/{KEY}.jpg", b"another one")

    watch.look(KEY)
    assert (watch.half_made, watch.at_rest, watch.broken) == (1, 0, [])

    queue.delete([taken.id])
    watch.look(KEY)
    assert len(watch.broken) == 1
