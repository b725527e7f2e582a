"""Take any one of its means away from reconcile, and the simulation finds what they are for."""

import pytest
from tests.simulation.explore import explore
from tests.simulation.mutants import MUTANTS
from tests.simulation.scenarios import LONG, WHOLE
from tests.simulation.wander import replay
from tests.simulation.world import World

_FOUND = {
    "no conditional writes": "uploaded, another format and back",
    "no look after writing": "uploaded and removed, two crashes",
    "manifest first": "uploaded, removed, back, removed",
    "after writing, a look at the source alone": "uploaded, removed and back, a crash",
    "no look at what was made": "uploaded, removed and back, a crash",
    "no look everywhere after a removal": "uploaded, removed and back, a crash",
    "no look at every object after a conflict": "uploaded, removed and back, a crash",
    "no look at every object on redelivery": "uploaded and removed, two crashes",
    "a look at what the manifest names alone": "changes its format and back, a crash",
    "no check of what was fetched": "uploaded and overwritten, a crash",
    "deletes after the manifest": "overwritten after the recipe has changed, two crashes",
    "a removal does not come again": "uploaded and removed, two crashes",
    "a young manifest counts as old": "uploaded, removed and back, a repeat",
    "the age is looked at before the deletes": "removed, back, removed, told twice",
    "no second look at the source before a first manifest": "overwritten and removed, three workers",
    "a manifest that is newer than the news is believed": "uploaded, removed and back, a sync beside",
    "no look after a manifest that replaces another": "changes its format and back, a crash",
    "messages come again at once": "uploaded and removed, two crashes",
}
_NOT_NEEDED = ("no conditional writes of renditions", "no conditional writes of manifests")


@pytest.mark.parametrize(("mutant", "name"), _FOUND.items(), ids=_FOUND)
def test_what_is_missing_is_found_and_can_be_replayed(mutant: str, name: str) -> None:
    program = MUTANTS[mutant]

    explored = explore(World((WHOLE | LONG)[name], program), most=60_000)

    assert explored.finding is not None
    assert replay(name, explored.finding.schedule, program) == explored.finding.problem


def test_nobody_need_look_after_a_first_manifest_that_a_queue_asked_for() -> None:
    """Who looks all the same takes more steps, and keeps the same laws."""
    name = "uploaded and removed, two crashes"
    with_looks = explore(World(WHOLE[name], MUTANTS["a look after a first manifest as well"]))
    without = explore(World(WHOLE[name]))

    assert with_looks.finding is without.finding is None
    assert with_looks.states > without.states


@pytest.mark.parametrize("mutant", _NOT_NEEDED)
@pytest.mark.parametrize("name", ["changes its format and back, a crash", "rejected and back, a crash"])
def test_either_half_of_the_conditional_writes_does_for_the_other(mutant: str, name: str) -> None:
    """Without both, something is found; each alone suffices as far as was explored. See decision 4."""
    explored = explore(World(WHOLE[name], MUTANTS[mutant]))

    assert explored.whole
    assert explored.finding is None
