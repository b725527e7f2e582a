"""Large scenarios at random: several keys, many changes, up to four workers, several of every trouble.

`python -m tests.simulation --seeds 100000` goes on where this stops.
"""

import pytest
from tests.simulation.campaign import at_random
from tests.simulation.worker import QUEUED, SINGLE, Program

_SEEDS, _PORTIONS = 1_600, 2


@pytest.mark.parametrize("program", [QUEUED, SINGLE], ids=["queued", "single"])
@pytest.mark.parametrize("portion", range(_PORTIONS))
def test_random_schedules_keep_the_laws(portion: int, program: Program) -> None:
    size = _SEEDS // _PORTIONS

    assert at_random(range(portion * size, (portion + 1) * size), program).finding is None
