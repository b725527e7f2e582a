"""SSIMULACRA2 for many pairs of pictures at once, one process for each core."""

import json
import os
import subprocess
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue

from packages import HERE, python

Pair = tuple[Path, Path]


class Scorer:
    """Scores pairs of pictures in processes of its own.

    100 is the same picture; above 90 nobody tells the two apart side by side; 70 is a good JPEG.
    """

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._count = len(processes)
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for process in processes:
            self._idle.put(process)

    def scores(self, pairs: Iterable[Pair]) -> list[float]:
        with ThreadPoolExecutor(self._count) as pool:
            return list(pool.map(self._score, pairs))

    def _score(self, pair: Pair) -> float:
        process = self._idle.get()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([*map(str, pair)]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit(f"the scorer ended early, at {pair}")
        self._idle.put(process)
        return json.loads(answer)


@contextmanager
def scoring(folder: Path) -> Generator[Scorer]:
    """Raises `Missing` if the metric cannot be installed."""
    command = [str(python(folder, "requirements.txt")), str(HERE / "scorer.py")]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(os.cpu_count() or 1)
        ]
        yield Scorer(processes)
