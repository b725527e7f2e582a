"""Large scenarios at random: several keys, many changes, up to four workers, several of every trouble.

`python -m tests.simulation --seeds 100000` goes on where this stops.
"""

import pytest
from tests.simulation.campaign import at_random

_SEEDS, _PORTIONS = 2_400, 4


@pytest.mark.parametrize("portion", range(_PORTIONS))
def test_random_schedules_keep_the_laws(portion: int) -> None:
    size = _SEEDS // _PORTIONS

    assert at_random(range(portion * size, (portion + 1) * size)).finding is None
