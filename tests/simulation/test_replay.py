"""A schedule decides everything, so a printed one can be played again."""

import pytest
from tests.simulation.campaign import at_random
from tests.simulation.mutants import MUTANTS
from tests.simulation.scenarios import large
from tests.simulation.wander import replay, wander
from tests.simulation.world import World

# Found by the simulation in the design's first means, which looked at the source's etag alone after writing.
# Worker 0 uploads; the original is removed; worker 2 finds the rendition that worker 0 has just made, and no
# manifest, and removes it; the same original comes back, and worker 0 finds all as it was.
REMOVED_UNDER_ITS_HANDS = "c s0 0a c s0 0b 0 x1 s0 2*2 2a 2b 0 2*2 c 0"


def test_the_bug_that_was_found_is_still_found_in_the_means_as_they_were() -> None:
    name, as_it_was = "uploaded, removed and back, a crash", "after writing, a look at the source alone"

    problem = replay(name, REMOVED_UNDER_ITS_HANDS, MUTANTS[as_it_was])

    assert problem == "presence: the manifest names small/k.jpg, which is absent"


def test_findings_at_random_are_printed_short_and_can_be_replayed() -> None:
    mutant = MUTANTS["no look after writing"]

    finding = at_random(range(1_000), mutant).finding

    assert finding is not None
    assert len(finding.schedule.split()) < 80
    assert f"replay({finding.scenario!r}, {finding.schedule!r})" in str(finding)
    assert replay(finding.scenario, finding.schedule, mutant) == finding.problem


def test_equal_seeds_give_equal_schedules() -> None:
    def steps(seed: int) -> list[str]:
        scenario = large(seed)
        return wander(World(scenario), seed).steps

    assert steps(7) == steps(7)
    assert steps(7) != steps(8)


def test_schedule_that_cannot_be_followed_says_where() -> None:
    with pytest.raises(ValueError, match=r"0a cannot happen after 'c s0 0a'"):
        replay("uploaded and overwritten, a crash", "c s0 0a*2")
