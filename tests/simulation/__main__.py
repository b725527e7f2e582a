"""The long campaign: `python -m tests.simulation --seeds 100000`. Exits with 1 if a law breaks; says how."""

import argparse
import sys
import time

from tests.simulation.campaign import at_random
from tests.simulation.explore import explore
from tests.simulation.scenarios import LONG, ROLLOVER, WHOLE
from tests.simulation.worker import QUEUED, SINGLE
from tests.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20_000, help="how many random schedules")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--most", type=int, default=0, help="explore every small scenario up to so many states"
    )
    parser.add_argument(
        "--single", action="store_true", help="workers of whose next call nothing is known, as in a sync"
    )
    asked = parser.parse_args()
    program = SINGLE if asked.single else QUEUED
    findings: list[object] = []
    for scenario in (WHOLE | LONG | ROLLOVER).values() if asked.most else ():
        begun = time.process_time()
        explored = explore(World(scenario, program), most=asked.most)
        extent = f"all {explored.schedules:.1e} schedules" if explored.whole else "not all schedules"
        _say(f"{scenario.name}: {explored.states:,} states, {extent}, {time.process_time() - begun:.0f} s")
        findings.append(explored.finding)
    begun = time.process_time()
    campaign = at_random(range(asked.first, asked.first + asked.seeds), program)
    seconds = time.process_time() - begun
    _say(f"{campaign.schedules:,} random schedules, {campaign.steps:,} steps, {seconds:.0f} s")
    findings.append(campaign.finding)
    found = [finding for finding in findings if finding]
    for finding in found:
        _say(str(finding))
    return 1 if found else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
