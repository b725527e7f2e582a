"""Small scenarios, every schedule of them: the laws of `tests.simulation.laws` hold after every step.

Interleavings, orders of messages, and the moments of crashes, repeats and losses are all of them explored;
there is no bound on how often workers take turns.
"""

import pytest
from tests.simulation.explore import explore
from tests.simulation.scenarios import WHOLE
from tests.simulation.state import Scenario
from tests.simulation.worker import QUEUED, SINGLE, Program
from tests.simulation.world import World


@pytest.mark.parametrize("program", [QUEUED, SINGLE], ids=["queued", "single"])
@pytest.mark.parametrize("scenario", WHOLE.values(), ids=WHOLE)
def test_every_schedule_keeps_the_laws_and_ends(scenario: Scenario, program: Program) -> None:
    explored = explore(World(scenario, program))

    assert explored.finding is None, str(explored.finding)
    assert explored.whole
