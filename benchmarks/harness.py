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
from peers import SKETCH, Peer
from photos import Case

ENVIRONMENT = {**os.environ, "VIPS_CONCURRENCY": "1"}


@dataclass
class Times:
    """What one contender needed for one case: seconds per photo, round by round."""

    cpu: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])
    bytes_out: tuple[int, ...] = ()

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu) * 1e3

    @property
    def wall_ms(self) -> float:
        return median(self.wall) * 1e3


Result = dict[str, Times]  # by contender


def ratio(result: Result, one: str, other: str) -> float:
    """How much of the other's CPU time one needs: the median over the rounds, each compared within itself."""
    return median(a / b for a, b in zip(result[one].cpu, result[other].cpu, strict=True))


class Contender:
    """A process that has read some photos and renders them when asked."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self.process = process
        self.answer()  # it is ready

    def ask(self, **request: int | str) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early, with code {self.process.wait()}")
        return json.loads(line)


@contextmanager
def started(
    name: str, command: Sequence[str], photos: Sequence[Path], folder: Path, **settings: str
) -> Generator[Contender]:
    with subprocess.Popen(
        [*command, *map(str, photos)],
        cwd=folder,
        env={**ENVIRONMENT, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Contender(name, process)


def measure(case: Case, peers: Sequence[Peer], rounds: int, folder: Path) -> Result:
    """A B C, B C A, C A B ...: whatever disturbs the machine disturbs all of them alike."""
    able = [peer for peer in peers if case.endings <= peer.reads]
    with ExitStack() as stack:
        contenders = [
            stack.enter_context(started(peer.name, peer.command, case.photos, folder, **peer.settings))
            for peer in able
        ]
        sizes = outputs(able, contenders, case, folder / "out" / case.slug)
        result = {name: Times(bytes_out=size) for name, size in sizes}
        for turn in range(rounds):
            first = turn % len(contenders)
            for contender in contenders[first:] + contenders[:first]:
                answer = contender.ask(repeat=case.repeat)
                times = result[contender.name]
                times.cpu.append(answer["cpu"])
                times.wall.append(answer["wall"])
    return result


def outputs(
    peers: Sequence[Peer], contenders: Sequence[Contender], case: Case, folder: Path
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Let each leave its renditions, which also warms it, and see that it did the sketch's job."""
    for peer, contender in zip(peers, contenders, strict=True):
        to = folder / peer.name
        to.mkdir(parents=True, exist_ok=True)
        contender.ask(to=str(to))
        yield peer.name, check(to, folder / SKETCH if peer.renders else None, len(case.photos))
