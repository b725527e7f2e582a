"""The sentence itself: for one original, the destination equals f(source, recipe)."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from tests.reconcile.world import STANDARD, World

from pixmill.engine import Rendered
from pixmill.errors import Failed, Rejected
from pixmill.recipe import Recipe
from pixmill.reconcile import reconcile
from pixmill.storage import ANY


class Crash(Exception):  # noqa: N818 - the power fails, no error
    pass


def changed(recipe: Recipe, **rendition: object) -> Recipe:
    """The standard recipe with a change in its first rendition."""
    document: Any = recipe.to_dict()
    document["rendition"][0] |= rendition
    return Recipe.from_dict(document)


OTHER = {
    "another width": changed(STANDARD, width=9),
    "another name": changed(STANDARD, name="large"),
    "a format less": changed(STANDARD, formats=["webp"]),
    "a format more": changed(STANDARD, formats=["jpeg", "webp", "png"]),
    "limits alone": Recipe.from_dict(STANDARD.to_dict() | {"limits": {"max_side": 99}}),
}


def test_upload_makes_every_rendition_and_then_the_manifest() -> None:
    world = World()
    world.upload(b"one")

    outcome = world.reconcile(meddled=True)

    assert (outcome.action, len(outcome.made)) == ("made", 3)
    puts = [key for verb, key in world.calls if verb == "put"]
    assert puts[-1] == "manifests/cats/cat.png.json"
    world.assert_converged()


def test_second_call_writes_nothing() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()

    outcome = world.reconcile(meddled=True)

    assert outcome.action == "current"
    assert {verb for verb, _ in world.calls} == {"open", "get"}


def test_overwritten_original_is_made_anew() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    world.upload(b"two")

    assert world.reconcile().action == "made"
    world.assert_converged()


def test_deleted_original_takes_its_renditions_along() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    world.remove()

    outcome = world.reconcile()

    assert (outcome.action, outcome.removed) == ("removed", 3)
    world.assert_converged()
    assert world.reconcile().action == "current"


def test_rejected_original_is_recorded_once_and_loses_its_old_renditions() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    world.upload(b"bad")

    assert world.reconcile().action == "rejected"
    world.assert_converged()
    assert world.reconcile().action == "current"


@pytest.mark.parametrize("recipe", OTHER.values(), ids=OTHER)
def test_changed_recipe_redoes_only_what_it_touches(recipe: Recipe) -> None:
    world = World()
    world.upload(b"one")
    before = world.reconcile().objects

    outcome = world.reconcile(recipe)

    world.assert_converged(recipe)
    untouched = {key: etag for key, etag in outcome.objects.items() if before.get(key) == etag}
    made = {entry.key for entry in outcome.made}
    assert made.isdisjoint(untouched)
    assert "thumbnail/cats/cat.png.jpg" in untouched


def test_declared_format_and_the_originals_own_may_be_one_object() -> None:
    world = World()
    world.upload(b"one")
    both = changed(STANDARD, formats=["png", "original"])

    assert world.reconcile(both).action == "made"
    world.assert_converged(both)
    for formats in (["original"], ["original", "png"], ["png"]):
        recipe = changed(STANDARD, formats=formats)
        assert world.reconcile(recipe).action == "made"
        world.assert_converged(recipe)
        assert world.reconcile(recipe).action == "current"


def test_limits_that_no_longer_admit_an_original_reject_it() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    stricter = Recipe.from_dict(STANDARD.to_dict() | {"limits": {"max_bytes": 2}})

    assert world.reconcile(stricter).action == "rejected"
    assert world.objects() == {}


def test_what_was_too_large_for_one_function_is_tried_in_another() -> None:
    def small(*_: object, **__: object) -> Rendered:
        raise Rejected("too-large-for-function")

    world = World()
    world.upload(b"one")

    outcome = reconcile(
        world.key, source=world.source, destination=world.destination, recipe=STANDARD, render=small
    )

    assert outcome.action == "rejected"
    assert world.reconcile().action == "made"
    world.assert_converged()


def test_missing_and_foreign_objects_are_mended_when_looked_at() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    world.destination.delete("standard/cats/cat.png.jpg")
    world.destination.put("standard/cats/cat.png.webp", b"x", media_type="image/webp", expect=ANY)
    world.destination.put("thumbnail/cats/cat.png.avif", b"x", media_type="image/avif", expect=ANY)

    outcome = world.reconcile(verify=True)

    assert {entry.key for entry in outcome.made} == {
        "standard/cats/cat.png.jpg",
        "standard/cats/cat.png.webp",
    }
    world.assert_converged()


def test_unreadable_manifest_is_replaced() -> None:
    world = World()
    world.upload(b"one")
    world.reconcile()
    world.destination.put("manifests/cats/cat.png.json", b"{", media_type="application/json", expect=ANY)

    world.reconcile()

    world.assert_converged()


def test_original_that_never_settles_is_left_to_a_retry() -> None:
    world = World()
    world.upload(b"0")
    numbers = itertools.count(1)
    world.before_call = lambda call: (
        world.upload(b"%d" % next(numbers)) if world.calls[call][0] == "put" else None
    )

    with pytest.raises(Failed) as caught:
        world.reconcile(meddled=True)

    assert caught.value.code == "changed-meanwhile"


STARTS: dict[str, Callable[[World], None]] = {
    "fresh": lambda world: world.upload(b"one"),
    "overwritten": lambda world: (world.upload(b"old"), world.reconcile(), world.upload(b"one"))[0],
    "removed": lambda world: (world.upload(b"old"), world.reconcile(), world.remove())[0],
    "turned bad": lambda world: (world.upload(b"old"), world.reconcile(), world.upload(b"bad"))[0],
    "was bad": lambda world: (world.upload(b"bad"), world.reconcile(), world.upload(b"one"))[0],
}


def calls_of(start: Callable[[World], None]) -> int:
    """How many storage calls an undisturbed reconcile makes."""
    world = World()
    start(world)
    world.reconcile(meddled=True)
    return len(world.calls)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_crash_at_any_call_is_finished_by_the_next_call(start: Callable[[World], None]) -> None:
    for moment in range(calls_of(start)):
        world = World()
        start(world)

        def crash(call: int, moment: int = moment) -> None:
            if call == moment:
                raise Crash

        world.before_call = crash
        with pytest.raises(Crash):
            world.reconcile(meddled=True)
        world.reconcile(verify=True)

        world.assert_converged()


MEDDLERS: dict[str, Callable[[World], object]] = {
    "overwrites": lambda world: world.upload(b"two"),
    "overwrites and reconciles": lambda world: (world.upload(b"two"), world.reconcile()),
    "reconciles": lambda world: world.reconcile(),
    "removes": lambda world: world.remove(),
    "removes and reconciles": lambda world: (world.remove(), world.reconcile()),
    "uploads rubbish and reconciles": lambda world: (world.upload(b"bad"), world.reconcile()),
    "removes, reconciles, uploads again, reconciles": lambda world: (
        world.remove(),
        world.reconcile(),
        world.upload(b"one"),
        world.reconcile(),
    ),
}


@pytest.mark.parametrize("meddler", MEDDLERS.values(), ids=MEDDLERS)
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_another_hand_at_any_call_changes_nothing_in_the_end(
    start: Callable[[World], None], meddler: Callable[[World], object]
) -> None:
    """One worker is stopped before each of its storage calls in turn, and somebody else has a whole go."""
    for moment in range(calls_of(start)):
        world = World()
        start(world)

        def meddle(call: int, moment: int = moment, world: World = world) -> None:
            if call == moment:
                meddler(world)

        world.before_call = meddle
        world.reconcile(meddled=True)

        world.assert_converged()


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_crash_after_another_hand_converges_on_redelivery(start: Callable[[World], None]) -> None:
    """The other worker has been here, then ours dies: at any pair of calls, a redelivery puts it right."""
    for moment, later in itertools.combinations(range(calls_of(start)), 2):
        world = World()
        start(world)

        def meddle(call: int, moment: int = moment, later: int = later, world: World = world) -> None:
            if call == moment:
                world.upload(b"two")
                world.reconcile()
            if call == later:
                raise Crash

        world.before_call = meddle
        try:
            world.reconcile(meddled=True)
        except Crash:
            world.reconcile(verify=True)

        world.assert_converged()
