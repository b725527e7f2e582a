"""A process that has loaded everything once, and has children try the inputs: `python -m fuzz.nursery`.

As in tests/corpora, only a process without threads may fork like this, so no picture is made in it. Several
inputs share a child for as long as all goes well; whatever goes wrong is tried again alone. It is told by
arguments what to do, says on standard output what it finds, and last, as JSON, its tally. It ends early if
whoever started it is gone.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, islice, takewhile
from pathlib import Path

import msgspec
from tests.corpora.nursery import load

from fuzz.finding import Finding, digest, write
from fuzz.mutator import Mutator
from fuzz.tally import Tally
from fuzz.targets import TARGETS
from fuzz.trial import Fault, smaller, together, tried

_COMPANY = 24
_TRIES = {"hang": 8, "over memory": 40}
_OTHERWISE = 400
# What libvips' binding would look up in every child.
OPERATIONS = """
arrayjoin bandjoin cast copy crop embed extract_area extract_band flatten gifload_source gifsave_buffer
icc_transform jpegload_source jpegsave_buffer pngload_source pngsave_buffer premultiply resize shrink
tiffload_source unpremultiply webpload_source webpsave_buffer
"""


class Nursery:
    """Tries the inputs of one target.

    Args:
        name: of the target.
        seed: of the campaign.
        findings: the folder for what is found.
        say: is told of each finding.
    """

    def __init__(self, name: str, seed: int, findings: Path, say: Callable[[str], None]) -> None:
        self._target = TARGETS[name]
        self._seed = seed
        self._mutator = Mutator(self._target, seed)
        self._findings = findings
        self._say = say
        self._known: set[str] = set()
        self.tally = Tally()

    def run(self, numbers: Iterator[int]) -> None:
        """Try the inputs of these numbers."""
        while some := list(islice(numbers, _COMPANY)):
            inputs = [self._mutator.input(number) for number in some]
            while inputs:
                company = together(self._target, inputs)
                if company.done < len(inputs):
                    origin = f"seed {self._seed}, input {some[company.done]}"
                    if not self.examine(inputs[company.done], origin):
                        self._doubt(inputs[: company.done + 1], origin, company.ended.fault)
                self.tally.inputs += min(company.done + 1, len(inputs))
                del inputs[: company.done + 1], some[: company.done + 1]

    def examine(self, data: bytes, origin: str) -> bool:
        """Try one input alone; whether it is a finding."""
        found = tried(self._target, data)
        if found:
            self._keep(data, origin, found)
        return found is not None

    def _doubt(self, inputs: list[bytes], origin: str, fault: str) -> None:
        """What goes well alone may have suffered from one before it, which has spoilt the memory."""
        if fault.startswith("SIG"):
            for number, each in enumerate(inputs):
                self._keep(each, f"{origin}, {number}", Fault("crash", f"{fault} in company, {number}"))

    def _keep(self, data: bytes, origin: str, fault: Fault) -> None:
        name = digest(f"{fault.kind} {fault.where}")
        if name in self._known:
            return
        self._known.add(name)

        def is_same(shorter: bytes) -> bool:
            again = tried(self._target, shorter)
            return again is not None and (again.kind, again.where) == (fault.kind, fault.where)

        short = smaller(data, is_same, tries=_TRIES.get(fault.kind, _OTHERWISE))
        why = f"{fault.kind}, {fault.where} ({origin})"
        path = write(Finding(self._target.name, why, short, fault.told), self._findings, name)
        self.tally.findings[path.stem] = fault.kind
        self._say(f"{self._target.name}: {why}: {path}")


def main() -> int:
    """Try every STEP-th input from FIRST, until it is enough, or the suspects in a folder."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.nursery", description=main.__doc__)
    parser.add_argument("target")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--suspects", type=Path)
    parser.add_argument("--findings", type=Path, required=True)
    asked = parser.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    begun = time.monotonic()
    nursery = Nursery(asked.target, asked.seed, asked.findings, say)
    load(OPERATIONS)
    if asked.suspects:
        for path in sorted(asked.suspects.glob("suspect-*")):
            if not nursery.examine(path.read_bytes(), f"guided, seed {asked.seed}"):
                say(f"{asked.target}: goes well alone: {path}")
    else:
        numbers = islice(count(asked.first, asked.step), asked.inputs or None)
        parent = os.getppid()
        nursery.run(takewhile(lambda _: cpu() < asked.seconds and os.getppid() == parent, numbers))
    nursery.tally.cpu, nursery.tally.wall = cpu(), time.monotonic() - begun
    say(msgspec.json.encode(nursery.tally).decode())
    return 0


def cpu() -> float:
    """The CPU seconds of this process and all its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    sys.exit(main())
