"""The long campaign: `python -m tests.faults`. Exits with 1 if anything is lost or wrong, and says what."""

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.campaign import RATES, Campaign
from tests.faults.deployed import Deployed
from tests.faults.plain import Plain
from tests.faults.plan import Plan
from tests.faults.report import text
from tests.faults.server import buckets, server
from tests.pipeline.cloud import Cloud


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--originals", type=int, default=2000, help="how many to upload, at least")
    parser.add_argument("--faults", type=int, default=10_000, help="how many requests go wrong, at least")
    parser.add_argument("--seed", type=int, default=1, help="decides everything; the same one repeats it")
    parser.add_argument("--workers", type=int, default=6, help="how many processes")
    parser.add_argument(
        "--deployed", action="store_true", help="in an emulated cloud: slower, and two workers"
    )
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started ends too
    begun = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begun:6.0f} s  {line}\n")
        sys.stdout.flush()

    plan = Plan(asked.seed, RATES)
    with ExitStack() as stack:
        if asked.deployed:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="pixmill-faults-")))
            cloud = stack.enter_context(Cloud.of_this_machine(folder))
            line = stack.enter_context(Deployed(cloud, plan))
        else:
            endpoint = stack.enter_context(server())
            both = stack.enter_context(buckets(endpoint))
            line = stack.enter_context(Plain(both, endpoint, plan, seed=asked.seed, workers=asked.workers))
        report = Campaign(line, seed=asked.seed, originals=asked.originals, faults=asked.faults).run(say)
    sys.stdout.write(text(report) + "\n")
    if report.clean:
        return 0
    sys.stdout.write(f"again: python -m tests.faults {' '.join(sys.argv[1:])} --seed {asked.seed}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
