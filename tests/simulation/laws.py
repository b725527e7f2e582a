"""What must hold, throughout and in the end.

Throughout, after every step, for every key:

1. Truth. A manifest is exactly f(original, recipe) for some original and some recipe: what it names, if it is
   there with the etag it names, was made from the content that it says.
2. Presence. Every object that a manifest names is there with the etag it names, except while a replacement or
   removal of it is under way: a worker that has written to this key is still at work, or one that looks at
   every object is at work or still to come (the message of a worker that died or gave up, or a sync).
   An event that waits is no excuse: who comes for it may believe the manifest. But if the manifest was
   written after the event was sent, a queue's worker does not believe it, and looks.

In the end, when no change of a key is to come, none of its messages waits and nobody is at work on it:

3. Convergence. The destination equals f(source, recipe): objects, bytes, manifest; nothing more.
"""

from functools import cache

from tests.simulation.bucket import etag
from tests.simulation.pictures import PICTURES, RECIPES, keys_of, wanted
from tests.simulation.state import Scenario, State

from pixmill.keys import manifest_key
from pixmill.manifest import Manifest, Unreadable


def broken(scenario: Scenario, state: State, key: str) -> str | None:
    """The law that a step about a key has broken, or None."""
    found = state.destination.get(manifest_key(key))
    if found is not None:
        problem, named = _read(key, found)
        if problem:
            return f"truth: {problem}"
        if not _under_way(state, key):
            for place, tag in named:
                data = state.destination.get(place)
                if data is None or etag(data) != tag:
                    return f"presence: the manifest names {place}, which is {_said(data)}"
    return unconverged(scenario, state, key) if _at_rest(state, key) else None


def unconverged(scenario: Scenario, state: State, key: str) -> str | None:
    """How the destination differs from f(source, recipe) for a key, or None.

    While workers have different recipes, any of these may have had the last word, and a worker of one
    recipe cannot know of an object that only the other one names. The rest is a sync's (test_rollover.py).
    """
    problems = [_differs(scenario, state, key, each) for each in scenario.recipes]
    return None if None in problems else f"convergence: {problems[-1]}"


def _differs(scenario: Scenario, state: State, key: str, recipe: str) -> str | None:
    objects, manifest = wanted(key, state.source.get(key), recipe)
    expected = dict(objects)
    if manifest:
        expected[manifest_key(key)] = manifest.to_json()
    checked = _places(key) - _strays(key, recipe) if len(scenario.recipes) > 1 else _places(key)
    for place in sorted(checked):
        data = state.destination.get(place)
        if data != expected.get(place):
            return f"{place} should be {_said(expected.get(place))} but is {_said(data)}"
    return None


@cache
def _places(key: str) -> frozenset[str]:
    return keys_of(key, tuple(RECIPES)) | {manifest_key(key)}


@cache
def _strays(key: str, recipe: str) -> frozenset[str]:
    """What workers of other recipes may leave behind: objects in folders that this one does not have."""
    folders = {place.partition("/")[0] for place in keys_of(key, (recipe,))}
    return frozenset(
        place for place in keys_of(key, tuple(RECIPES)) if place.partition("/")[0] not in folders
    )


def _at_rest(state: State, key: str) -> bool:
    return not any(each.key == key for each in (*state.todo, *state.queue)) and not any(
        each.task.key == key for each in (*state.workers, *state.away)
    )


@cache
def _read(key: str, data: bytes) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    try:
        manifest = Manifest.from_json(data)
    except Unreadable:
        return None, ()
    original = PICTURES.get(manifest.source.etag)
    if original is None or manifest != wanted(key, original, manifest.recipe).manifest:
        return f"the manifest of {key} is that of no original", ()
    return None, tuple((each.key, each.etag) for each in manifest.renditions if each.key and each.etag)


def _under_way(state: State, key: str) -> bool:
    return any(each.task.key == key and (each.wrote or each.looks) for each in state.workers) or any(
        each.key == key and each.looks for each in (*state.queue, *(away.task for away in state.away))
    )


def _said(data: bytes | None) -> str:
    if data is None:
        return "absent"
    return "another manifest" if data.startswith(b"{") else repr(data.decode())
