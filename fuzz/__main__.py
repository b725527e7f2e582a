"""A fuzzing campaign: `python -m fuzz`. Exits with 1 if there is a finding."""

import argparse
import sys
from pathlib import Path

from tests.corpora.nursery import load

from fuzz.campaign import FINDINGS, Plan, run
from fuzz.finding import Finding, read, write
from fuzz.mutator import Mutator
from fuzz.nursery import OPERATIONS
from fuzz.targets import TARGETS
from fuzz.trial import tried

_SECONDS = 600.0


def main() -> int:
    """Read the arguments, and do one of three things."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--only", action="append", choices=TARGETS, help="one target; may be said again")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="of CPU, for all targets together")
    parser.add_argument("--inputs", type=int, default=0, help="for each target, if fewer are enough")
    parser.add_argument("--seed", type=int, default=1, help="decides every input")
    parser.add_argument("--workers", type=int, default=1, help="processes at a time")
    parser.add_argument("--unguided", action="store_true", help="without Atheris, as the tests do it")
    parser.add_argument("--findings", type=Path, default=FINDINGS, help="a folder for what is found")
    parser.add_argument("--again", type=Path, metavar="FILE", help="try a finding, and nothing else")
    parser.add_argument("--input", type=int, metavar="N", help="try one input of --only, and keep it")
    asked = parser.parse_args()
    if asked.again:
        return _try(read(asked.again))
    names = asked.only or list(TARGETS)
    if asked.input is not None:
        data = Mutator(TARGETS[names[0]], asked.seed).input(asked.input)
        found = Finding(names[0], f"seed {asked.seed}, input {asked.input}", data)
        _say(str(write(found, asked.findings, f"input-{asked.seed}-{asked.input}")))
        return _try(found)
    bounds = asked.seed, asked.seconds, asked.inputs, asked.workers
    whole = run(Plan(names, *bounds, asked.findings, is_guided=not asked.unguided), _say)
    _say(whole.line("all"))
    return int(not whole.is_clean)


def _try(found: Finding) -> int:
    load(OPERATIONS)
    fault = tried(TARGETS[found.target], found.data)
    _say(f"{found.target}: {f'{fault.kind}, {fault.where}' if fault else 'well'}")
    if fault and fault.told:
        _say(fault.told)
    return int(fault is not None)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
