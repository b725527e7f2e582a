"""A queue's call leaves out the looks after a first manifest, since its removal comes again."""

from typing import Any

import pytest
from tests.reconcile.world import World

from pixmill.reconcile import Delivery

NOW = 2e9
"""Later than any clock of a test says."""

ALL_OLD = Delivery(repeated=False, told=NOW, begun=NOW)
ALL_YOUNG = Delivery(repeated=False, told=NOW, begun=0.0)
STALE = Delivery(repeated=False, told=0.0, begun=NOW)
MANIFEST = "manifests/cats/cat.png.json"


def made(world: World) -> None:
    world.upload(b"1")
    world.reconcile()


def test_a_first_manifest_is_the_last_call_and_the_original_is_looked_at_before() -> None:
    world = World()
    world.upload(b"1")

    world.reconcile(delivery=ALL_OLD, meddled=True)

    assert [call for call in world.calls if call[0] != "put"] == [
        ("open", world.key),
        ("get", MANIFEST),
        ("head", world.key),
    ]
    assert world.calls[-1] == ("put", MANIFEST)


def test_without_a_queue_everything_is_looked_at_afterwards() -> None:
    world = World()
    world.upload(b"1")

    world.reconcile(meddled=True)

    assert world.calls[-1] == ("head", world.key)


def test_a_manifest_that_replaces_another_is_looked_after() -> None:
    world = World()
    made(world)
    world.upload(b"2")

    world.reconcile(delivery=ALL_OLD, meddled=True)

    assert world.calls[-1] == ("head", world.key)


def test_a_first_manifest_is_not_written_when_the_original_has_gone_meanwhile() -> None:
    world = World()
    world.upload(b"1")
    world.before_call = lambda _: world.remove() if world.calls[-1] == ("get", MANIFEST) else None

    outcome = world.reconcile(delivery=ALL_OLD, meddled=True)

    assert ("put", MANIFEST) not in world.calls
    assert (outcome.manifest, world.objects()) == (None, {})


@pytest.mark.parametrize(
    ("delivery", "again"),
    [(ALL_OLD, False), (ALL_YOUNG, True), (STALE, True), (None, False)],
    ids=["old", "younger than a worker", "younger than the news", "no queue"],
)
def test_a_removal_comes_again_unless_its_manifest_is_older_than_all(delivery: Any, again: bool) -> None:  # noqa: ANN401, FBT001
    world = World()
    made(world)
    world.remove()

    outcome = world.reconcile(delivery=delivery)

    assert (outcome.action, outcome.again) == ("removed", again)
    assert list(world.destination.list()) == []


def test_a_removal_whose_manifest_goes_meanwhile_comes_again() -> None:
    """Somebody else has removed it, and what was made since then may have been deleted."""
    world = World()
    made(world)
    world.remove()
    world.before_call = lambda _: world.destination.delete(MANIFEST) if world.calls[-1][0] == "head" else None

    assert world.reconcile(delivery=ALL_OLD, meddled=True).again


def test_nothing_to_remove_comes_again_once() -> None:
    world = World()

    first = world.reconcile(delivery=ALL_OLD)
    second = world.reconcile(delivery=Delivery(repeated=True, told=NOW, begun=NOW), verify=True)

    assert (first.again, second.again) == (True, False)


def test_a_manifest_that_is_newer_than_the_news_is_not_believed() -> None:
    world = World()
    made(world)
    name = min(world.objects())
    world.destination.delete(name)

    assert world.reconcile(delivery=ALL_OLD).action == "current"
    assert world.reconcile(delivery=STALE).action == "made"
    assert name in world.objects()
