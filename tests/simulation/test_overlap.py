"""What the design does not survive, so that it is known, and ruled out where the queue is set up.

A message that comes back while its worker is still at work, and is then acknowledged by somebody else, leaves
nobody to be told if the first worker dies half-way. On SQS: the visibility timeout must be longer than the
function's timeout. What such an accident leaves is found by the next sync, since a listing shows it.
"""

from tests.simulation.explore import explore
from tests.simulation.scenarios import OVERLAP
from tests.simulation.world import World


def test_worker_that_outlives_its_message_and_dies_may_leave_a_wrong_object() -> None:
    (scenario,) = OVERLAP.values()

    finding = explore(World(scenario)).finding

    assert finding is not None
    assert finding.problem.startswith("presence:")
