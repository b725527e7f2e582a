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
}
_NOT_NEEDED = ("no conditional writes of renditions", "no conditional writes of manifests")


@pytest.mark.parametrize(("mutant", "name"), _FOUND.items(), ids=_FOUND)
def test_what_is_missing_is_found_and_can_be_replayed(mutant: str, name: str) -> None:
    program = MUTANTS[mutant]

    explored = explore(World((WHOLE | LONG)[name], program), most=50_000)

    assert explored.finding is not None
    assert replay(name, explored.finding.schedule, program) == explored.finding.problem


@pytest.mark.parametrize("mutant", _NOT_NEEDED)
@pytest.mark.parametrize("name", ["changes its format and back, a crash", "rejected and back, a crash"])
def test_either_half_of_the_conditional_writes_does_for_the_other(mutant: str, name: str) -> None:
    """Without both, something is found; each alone suffices as far as was explored. See decision 4."""
    explored = explore(World(WHOLE[name], MUTANTS[mutant]))

    assert explored.whole
    assert explored.finding is None
