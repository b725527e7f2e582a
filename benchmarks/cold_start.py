"""What a cold start costs: the worker's imports and the first sketch's, on Lambda's runtime, side by side.

    .venv/bin/python benchmarks/cold_start.py [--rounds 10] [--json]

CPU time of the whole process from its start until its handler is ready, the interpreter and Lambda's runtime
client included; `empty` is those alone, and `less empty` compares without them. `pixmill and its engine` adds
what the engine's own process loads meanwhile. Each turn is a new process, contenders take turns, and ratios
are medians over the rounds, each compared within itself.
"""

import argparse
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.bundle.built import HOST, runnable
from tests.lambda_runtime.emulated import Function
from tests.lambda_runtime.parts import installed

from pixmill.infra.bundle import build
from pixmill.infra.bundle.bytecode import Interpreter
from pixmill.infra.bundle.target import Precompile, Target

FUNCTIONS = Path(__file__).parent / "cold_start"


@dataclass(frozen=True)
class Contender:
    """A handler that only imports, and the folder that it is deployed as."""

    name: str
    handler: str
    task: Path

    def cpu(self, here: Interpreter) -> float:
        """Start it cold once: CPU time in milliseconds."""
        with Function(
            task=self.task, handler=self.handler, architecture=HOST, here=here, beside=[FUNCTIONS]
        ) as function:
            return function.invoke({}).value["cpu"] * 1e3


def contenders(target: Target, here: Interpreter, folder: Path) -> list[Contender]:
    return [
        Contender("empty", "empty.handler", FUNCTIONS),
        Contender("sketch", "sketch.handler", installed("lambda-sketch", here, "--compile-bytecode")),
        Contender("pixmill", "worker.handler", deployed(target, folder / "bytecode", "auto")),
        Contender(
            "pixmill and its engine", "worker_and_engine.handler", deployed(target, folder / "both", "auto")
        ),
        Contender("pixmill, sources alone", "worker.handler", deployed(target, folder / "sources", "no")),
    ]


def deployed(target: Target, folder: Path, precompile: Precompile) -> Path:
    bundle = build(folder.with_suffix(".zip"), target, precompile=precompile)
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(folder)
    return folder


def measure(peers: list[Contender], here: Interpreter, rounds: int) -> dict[str, list[float]]:
    for peer in peers:
        peer.cpu(here)  # its files are in memory from now on
    times = {peer.name: list[float]() for peer in peers}
    for turn in range(rounds):
        first = turn % len(peers)
        for peer in peers[first:] + peers[:first]:
            times[peer.name].append(peer.cpu(here))
    return times


def ratios(times: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Of each contender: median milliseconds, its ratio to the sketch, and that without the empty runtime."""
    sketch, empty = times["sketch"], times["empty"]
    return {
        name: {
            "cpu_ms": median(own),
            "ratio": median(a / b for a, b in zip(own, sketch, strict=True)),
            "less_empty": median((a - c) / (b - c) for a, b, c in zip(own, sketch, empty, strict=True)),
        }
        for name, own in times.items()
    }


def show(found: dict[str, dict[str, float]]) -> None:
    print(f"{'':<24}{'CPU ms':>8}{'ratio':>8}{'less empty':>12}")
    for name, own in found.items():
        print(f"{name:<24}{own['cpu_ms']:>8.0f}{own['ratio']:>8.2f}{own['less_empty']:>12.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="how often each has its turn (default: 10)")
    parser.add_argument("--json", action="store_true", help="for a program")
    options = parser.parse_args()
    if not runnable():
        raise SystemExit("this system cannot run a bundle for Lambda")
    target, here = runnable()[0]
    with TemporaryDirectory() as folder:
        times = measure(contenders(target, here, Path(folder)), here, options.rounds)
    if options.json:
        print(json.dumps(ratios(times)))
        return
    print(f"Python {here.version}, {target.architecture}, {options.rounds} rounds; ratios to the sketch")
    show(ratios(times))


if __name__ == "__main__":
    main()
