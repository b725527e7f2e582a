"""All targets in turn, each on several workers, and what came of it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

import msgspec

from fuzz.packages import Unavailable, installed
from fuzz.tally import Tally
from fuzz.target import Target
from fuzz.targets import TARGETS

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "fuzz"
FINDINGS = BUILD / "findings"

_ENVIRONMENT = {"VIPS_CONCURRENCY": "1", "MALLOC_ARENA_MAX": "1"}
_GRACE = 900
"""Wall seconds that a worker may take beyond ten times its CPU seconds: the machine may be busy."""


class Plan(NamedTuple):
    """What is asked of a campaign.

    Attributes:
        targets: by their names.
        seed: decides every input.
        seconds: of CPU, for all targets together.
        inputs: for each target, if fewer are enough; 0 if not.
        workers: processes at a time.
        findings: the folder for what is found.
        is_guided: whether coverage leads the way, where it can.
    """

    targets: Sequence[str]
    seed: int
    seconds: float
    inputs: int
    workers: int
    findings: Path = FINDINGS
    is_guided: bool = True


def run(plan: Plan, say: Callable[[str], None]) -> Tally:
    """Carry a campaign out; tells each finding, and of each target what came of it."""
    shares = sum(TARGETS[name].share for name in plan.targets)
    guide = _guide(plan, say)
    whole = Tally()
    for name in plan.targets:
        target = TARGETS[name]
        part = Part(plan, target, plan.seconds * target.share / shares, guide if target.is_guided else None)
        begun = time.monotonic()
        with ThreadPoolExecutor(plan.workers) as crew:
            works = [crew.submit(part.work, worker, say) for worker in range(plan.workers)]
            tally = sum((work.result() for work in works), Tally())
        tally.wall = time.monotonic() - begun
        say(tally.line(name))
        whole += tally
    return whole


def _guide(plan: Plan, say: Callable[[str], None]) -> Path | None:
    """The packages for guided runs; a campaign goes on without, if it must."""
    if not plan.is_guided or not any(TARGETS[name].is_guided for name in plan.targets):
        return None
    try:
        return installed(BUILD)
    except Unavailable as error:
        say(f"not guided: {error}")
        return None


class Part(NamedTuple):
    """One target's part of a campaign.

    Attributes:
        plan: of the campaign.
        target: whose part it is.
        seconds: of CPU, for all workers together.
        guide: the folder of what guides it; None if nothing does.
    """

    plan: Plan
    target: Target
    seconds: float
    guide: Path | None

    def work(self, worker: int, say: Callable[[str], None]) -> Tally:
        """One worker's share of it."""
        plan, seconds = self.plan, self.seconds / self.plan.workers
        bounds = ["--inputs", str(-(-plan.inputs // plan.workers)), "--seconds", str(seconds)]
        findings = ["--findings", str(plan.findings)]
        if self.guide is None:
            numbers = ["--seed", str(plan.seed), "--first", str(worker), "--step", str(plan.workers)]
            return worked(["fuzz.nursery", self.target.name, *numbers, *bounds, *findings], seconds, say)
        with TemporaryDirectory(prefix="pixmill-fuzz-") as folder:
            told = ["--seed", str(plan.seed * plan.workers + worker), "--suspects", folder]
            led = worked(["fuzz.guided", self.target.name, *told, *bounds], seconds, say, self.guide)
            return led + worked(["fuzz.nursery", self.target.name, *told, *findings], seconds, say)


def worked(
    order: Sequence[str], seconds: float, say: Callable[[str], None], guide: Path | None = None
) -> Tally:
    """Have a worker work, pass on what it says, and return its tally, which it says last."""
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), guide and str(guide))))
    process = subprocess.Popen(
        [sys.executable, "-m", *order],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # decoders talk to it about the files
        cwd=ROOT,
        env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": path},
        text=True,
    )
    end = threading.Timer(10 * seconds + _GRACE, process.kill)
    end.start()
    try:
        lines = _heard(process.stdout, say) if process.stdout else []
        if process.wait() and guide:
            # It was libFuzzer that ended it, and left what it was at among the suspects.
            say(f"{' '.join(order[:2])} ended with {process.returncode}")
            return Tally()
        if process.returncode:
            raise RuntimeError(f"{' '.join(order)} ended with {process.returncode}")
        return msgspec.json.decode(lines[-1], type=Tally)
    finally:
        end.cancel()
        process.kill()
        process.wait()


def _heard(lines: IO[str], say: Callable[[str], None]) -> list[str]:
    heard: list[str] = []
    for line in lines:
        heard.append(line.rstrip("\n"))
        if not line.startswith("{"):
            say(heard[-1])
    return heard
