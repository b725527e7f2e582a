"""Runs contenders side by side, each in a process of its own, and takes their times."""

import json
import os
import subprocess
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from agreement import check
from peers import Peer
from photos import Case

ENVIRONMENT = {**os.environ, "VIPS_CONCURRENCY": "1"}


@dataclass
class Times:
    """What one contender needed for one case: seconds per photo, round by round."""

    cpu: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])
    peak: int = 0
    bytes_out: tuple[int, ...] = ()

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu) * 1e3


Result = dict[str, Times]  # by contender


def ratio(result: Result, one: str, other: str) -> float:
    """How much of the other's CPU time one needs: the median over the rounds, each compared within itself."""
    return median(a / b for a, b in zip(result[one].cpu, result[other].cpu, strict=True))


class Contender:
    """A process that has read the photos of one case and renders them when asked."""

    def __init__(self, peer: Peer, process: subprocess.Popen[str]) -> None:
        self.peer = peer
        self.process = process
        self.answer()  # it is ready

    def ask(self, **request: int | str) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.peer.name} ended early, with code {self.process.wait()}")
        return json.loads(line)


@contextmanager
def started(peer: Peer, case: Case, folder: Path) -> Generator[Contender]:
    command = [*peer.command, *map(str, case.photos)]
    with subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Contender(peer, process)


def measure(case: Case, peers: Sequence[Peer], rounds: int, folder: Path) -> Result:
    """A B C, B C A, C A B ...: whatever disturbs the machine disturbs all of them alike."""
    with ExitStack() as stack:
        contenders = [stack.enter_context(started(peer, case, folder)) for peer in peers]
        sizes = outputs(contenders, case, folder / "out" / case.name)
        result = {name: Times(bytes_out=size) for name, size in sizes}
        for contender in contenders:
            contender.ask(repeat=1)  # warm
        for turn in range(rounds):
            first = turn % len(contenders)
            for contender in contenders[first:] + contenders[:first]:
                answer = contender.ask(repeat=case.repeat)
                times = result[contender.peer.name]
                times.cpu.append(answer["cpu"])
                times.wall.append(answer["wall"])
                times.peak = answer["peak"]
    return result


def outputs(
    contenders: Sequence[Contender], case: Case, folder: Path
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Let each leave its renditions in a folder, and see that it did the same job as the first."""
    for contender in contenders:
        to = folder / contender.peer.name
        to.mkdir(parents=True, exist_ok=True)
        contender.ask(to=str(to))
        yield contender.peer.name, check(to, folder / contenders[0].peer.name, len(case.photos))
