"""Where simulations start from: small scenarios by name, and a large one for every seed."""

from random import Random

from tests.simulation.pictures import (
    BAD,
    BAD_2,
    JPEG,
    JPEG_2,
    LARGE,
    PAIR,
    PNG,
    RENAMED,
    SHARED,
    SINGLE,
    WIDER,
    wanted,
)
from tests.simulation.state import Change, Scenario, Trouble

from pixmill.keys import manifest_key
from pixmill.recipe import Recipe

_KEY = "k"


def _small(  # noqa: PLR0913 - all of it is what a scenario is
    name: str,
    *changes: bytes | None,
    start: bytes | None = None,
    recipes: tuple[Recipe, ...] = (SINGLE,),
    workers: int = 2,
    garbled: bool = False,
    before: Recipe | None = None,
    clocks: int = 1,
    **trouble: int,
) -> Scenario:
    """One key, of which everything has already been made if it is there at the start."""
    fingerprints = tuple(each.fingerprint for each in recipes)
    source = {} if start is None else {_KEY: start}
    objects, manifest = wanted(_KEY, start, before.fingerprint if before else fingerprints[0])
    destination = objects if manifest is None else objects | {manifest_key(_KEY): manifest.to_json()}
    if garbled:
        destination |= {manifest_key(_KEY): b"{"}
    return Scenario(
        name=name,
        changes=tuple(Change(_KEY, data) for data in changes),
        recipes=fingerprints,
        trouble=Trouble(clocks=clocks, **trouble),
        workers=workers,
        source=tuple(source.items()),
        destination=tuple(destination.items()),
        before=(before.fingerprint,) if before else (),
    )


_WHOLE = (
    _small("uploaded once, told thrice, three workers, a crash", JPEG, workers=3, crashes=1, copies=2),
    _small("uploaded and overwritten, a crash", JPEG, JPEG_2, crashes=1),
    _small("uploaded and removed, two crashes", JPEG, None, crashes=2),
    _small("overwritten, two crashes", JPEG_2, start=JPEG, recipes=(SHARED,), crashes=2, copies=1),
    _small(
        "changes its format and back, a crash", PNG, JPEG, start=JPEG, recipes=(SHARED,), crashes=1, clocks=0
    ),
    _small("overwritten and back, a repeat", JPEG_2, JPEG, start=JPEG, repeats=1, crashes=1, clocks=0),
    _small("overwritten and back, a loss", JPEG_2, JPEG, start=JPEG, losses=1, crashes=1, clocks=0),
    _small("removed and back, a crash and a repeat", None, JPEG, start=JPEG, crashes=1, repeats=1),
    _small("removed and back, a loss", None, JPEG, start=JPEG, crashes=1, losses=1),
    _small("rejected and back, a crash", BAD, JPEG, start=JPEG, recipes=(PAIR,), crashes=1, clocks=0),
    _small(
        "accepted, then rejected again, a crash", JPEG, BAD, start=BAD, recipes=(PAIR,), crashes=1, clocks=0
    ),
    _small("accepted, removed, rejected", JPEG, None, BAD, start=BAD),
    _small(
        "overwritten after the recipe has changed, two crashes", JPEG_2, start=JPEG, before=RENAMED, crashes=2
    ),
    _small(
        "removed after the recipe has changed, a crash", None, JPEG, start=JPEG, before=RENAMED, crashes=1
    ),
    _small("removed, with a manifest that nobody can read", None, start=JPEG, garbled=True),
    _small("rejected, with a manifest that nobody can read", BAD, start=JPEG, garbled=True),
    _small(
        "another format, with a manifest that nobody can read",
        PNG,
        start=JPEG,
        recipes=(SHARED,),
        garbled=True,
    ),
    _small("removed, a sync beside", None, start=JPEG, syncs=1),
    _small("uploaded and removed, a sync beside", JPEG, None, syncs=1),
    _small("overwritten and removed, three workers", JPEG_2, None, start=JPEG, workers=3),
)
_LONG = (
    _small("overwritten, removed, back", JPEG_2, None, JPEG_2, start=JPEG),
    _small(
        "uploaded, two renditions, three workers, two crashes",
        JPEG,
        recipes=(PAIR,),
        workers=3,
        crashes=2,
        copies=1,
    ),
    _small("uploaded and overwritten, two renditions, a crash", JPEG, JPEG_2, recipes=(PAIR,), crashes=1),
    _small("uploaded, overwritten and back", JPEG, JPEG_2, JPEG),
    _small("uploaded, removed and back, a crash", JPEG, None, JPEG, crashes=1),
    _small("uploaded, removed and back, a loss", JPEG, None, JPEG, losses=1),
    _small("uploaded, removed and back, a repeat", JPEG, None, JPEG, repeats=1),
    _small("uploaded, another format and back", JPEG, PNG, JPEG, recipes=(SHARED,)),
    _small("uploaded, removed, back, removed", JPEG, None, JPEG, None),
    _small("overwritten, removed, back, removed", JPEG_2, None, JPEG_2, None, start=JPEG),
    _small("uploaded, rejected and back, a crash", JPEG, BAD, JPEG, crashes=1),
    _small("uploaded and removed, a sync beside, a crash", JPEG, None, syncs=1, crashes=1),
    _small("uploaded, removed and back, a sync beside", JPEG, None, JPEG, syncs=1),
    _small("removed and back, a sync beside, a crash", None, JPEG, start=JPEG, syncs=1, crashes=1),
    _small("overwritten and back, a sync beside", JPEG_2, JPEG, start=JPEG, syncs=1),
    _small("removed, back, removed, told twice", None, JPEG, None, start=JPEG, copies=1),
    _small("removed, back, removed, back", None, JPEG, None, JPEG, start=JPEG),
)
_ROLLOVER = (
    _small("a wider recipe comes, an upload", JPEG, recipes=(SINGLE, WIDER), crashes=1, copies=1),
    _small("a wider recipe comes, a removal", JPEG, None, recipes=(SINGLE, WIDER), crashes=1),
    _small("a narrower recipe comes, a removal", JPEG, None, recipes=(WIDER, SINGLE), crashes=1),
    _small("another name comes, an overwrite", JPEG_2, start=JPEG, recipes=(SINGLE, RENAMED), crashes=1),
)
_OVERLAP = (_small("a worker outlives its message", JPEG_2, JPEG, start=JPEG, crashes=1, overlaps=1),)

WHOLE = {each.name: each for each in _WHOLE}
"""Small enough to be explored whole in every run of the tests."""

LONG = {each.name: each for each in _LONG}
"""Explored whole by `python -m tests.simulation`; as far as they are needed, they find the mutants."""

ROLLOVER = {each.name: each for each in _ROLLOVER}
"""Workers of two recipes at once, as during a deployment."""

OVERLAP = {each.name: each for each in _OVERLAP}
"""What the design does not promise to survive."""


def large(seed: int) -> Scenario:
    """One or several keys that change often, and often back; two to four workers, much trouble."""
    dice = Random(seed)  # noqa: S311 - it is for repeating, not for secrets
    keys = [f"k{number}" for number in range(dice.choice((1, 1, 1, 2, 6)))]
    pictures = (None, *dice.sample((JPEG, JPEG_2, PNG, BAD, BAD_2), dice.randint(1, 3)))
    now: dict[str, bytes | None] = {}
    changes: list[Change] = []
    for _ in range(dice.randint(3, 8) * len(keys)):
        key = dice.choice(keys)
        now[key] = dice.choice([each for each in pictures if each != now.get(key)])
        changes.append(Change(key, now[key]))
    return Scenario(
        name=f"random {seed}",
        changes=tuple(changes),
        recipes=(dice.choice((SINGLE, PAIR, SHARED, LARGE)).fingerprint,),
        trouble=Trouble(
            crashes=dice.randint(0, 4),
            repeats=dice.randint(0, 2),
            copies=dice.randint(0, 3),
            losses=dice.randint(0, 2),
            syncs=dice.randint(0, 2),
            clocks=dice.randint(0, 3),
        ),
        workers=dice.randint(2, 4),
    )


def named(name: str) -> Scenario:
    """The scenario of a printed schedule."""
    kind, _, seed = name.partition(" ")
    if kind == "random":
        return large(int(seed))
    return (WHOLE | LONG | ROLLOVER | OVERLAP)[name]
