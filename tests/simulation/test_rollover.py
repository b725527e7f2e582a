"""During a deployment, workers of the old and of the new recipe are at work at once.

What holds: truth and presence, throughout, as ever; and in the end the destination is that of one of the two
recipes, apart from objects in folders that this recipe does not have. Which one, nobody can say: the last
worker may have been an old one. A sync with the new recipe puts it right, exactly.
"""

import pytest
from tests.simulation import laws
from tests.simulation.explore import explore
from tests.simulation.scenarios import ROLLOVER
from tests.simulation.state import Scenario, State, Trouble
from tests.simulation.worker import QUEUED, Task, Workshop
from tests.simulation.world import World


@pytest.mark.parametrize("scenario", ROLLOVER.values(), ids=ROLLOVER)
def test_either_recipe_prevails_and_a_sync_settles_it(scenario: Scenario) -> None:
    workshop = Workshop(QUEUED, scenario.recipes)
    ends: list[State] = []

    explored = explore(World(scenario, workshop=workshop), ends=ends)

    assert explored.finding is None, str(explored.finding)
    assert explored.whole
    settled = scenario._replace(recipes=scenario.recipes[-1:])
    for end in ends:
        assert laws.unconverged(settled, _synced(World(settled, workshop=workshop), end), "k") is None


def test_without_that_sync_something_may_be_left() -> None:
    """If this ever fails, the sync after a deployment has become needless, and the docs should say so."""
    scenario = ROLLOVER["a narrower recipe comes, a removal"]
    ends: list[State] = []

    explore(World(scenario), ends=ends)

    settled = scenario._replace(recipes=scenario.recipes[-1:])
    assert any(laws.unconverged(settled, end, "k") for end in ends)


def _synced(world: World, end: State) -> State:
    state = end._replace(queue=(Task("k", "sync", ""),), workers=(), trouble=Trouble(), started=0)
    while not state.finished:
        state, _ = world.after(state, world.steps(state)[0])
    return state
