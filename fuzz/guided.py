"""A process in which coverage leads the way, for targets in plain Python: `python -m fuzz.guided`.

Atheris sees which branches an input takes and keeps those that take new ones. Half of the edits are its own,
half are ours. What is wrong is written into a folder of suspects and passed over, once for each mistake; a
nursery then tries the suspects as it tries its own inputs.
"""

import argparse
import importlib
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msgspec

_LONGEST = 1 << 16
_MEMORY = 2048  # MiB, as libFuzzer counts it
_SECONDS = 20
_LOOK = 1000  # inputs between looks at whether anybody waits for the end


def main() -> int:
    """Lead a target until it was given so many inputs, or used so many CPU seconds."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.guided", description=main.__doc__)
    parser.add_argument("target")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--inputs", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--suspects", type=Path, required=True)
    asked = parser.parse_args()
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["pixmill"]):
        targets = importlib.import_module("fuzz.targets").TARGETS
    target = targets[asked.target]
    seeds = list(target.seeds())
    folder: Path = asked.suspects
    starts = folder / "seeds"
    starts.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (starts / f"{number:05}").write_bytes(seed.data)
    arguments = [
        *(sys.argv[0], f"-seed={asked.seed}", f"-max_len={_LONGEST}", f"-timeout={_SECONDS}"),
        *(
            f"-rss_limit_mb={_MEMORY}",
            f"-artifact_prefix={folder}/suspect-",
            "-print_final_stats=1",
            str(starts),
        ),
    ]
    watch = _Watch(target.one, asked.inputs, asked.seconds, folder)
    atheris.Setup(arguments, watch, custom_mutator=_mutator(target, seeds, atheris))
    atheris.Fuzz()
    return 0


class _Watch:
    """Stands between libFuzzer and a target: counts, keeps suspects, and ends it all in time."""

    def __init__(self, one: Callable[[bytes], None], inputs: int, seconds: float, folder: Path) -> None:
        self._one = one
        self._inputs = inputs
        self._seconds = seconds
        self._folder = folder
        self._known: set[tuple[str, str]] = set()
        self._count = 0
        self._begun = time.monotonic()
        self._parent = os.getppid()

    def __call__(self, data: bytes) -> None:
        from fuzz.trial import fault_of  # noqa: PLC0415 - what it loads must be loaded under the eyes of atheris

        try:
            self._one(data)
        except Exception as error:  # noqa: BLE001 - which ones may come out is what is tested
            fault = fault_of(error)
            if (fault.kind, fault.where) not in self._known:
                self._known.add((fault.kind, fault.where))
                (self._folder / f"suspect-{len(self._known)}").write_bytes(data)
        self._count += 1
        is_orphan = self._count % _LOOK == 0 and os.getppid() != self._parent
        if self._count == self._inputs or time.process_time() > self._seconds or is_orphan:
            self._end()

    def _end(self) -> NoReturn:
        """LibFuzzer has no orderly end of its own: it ends the process, too."""
        from fuzz.tally import Tally  # noqa: PLC0415 - as above

        used = resource.getrusage(resource.RUSAGE_SELF)
        tally = Tally(self._count, used.ru_utime + used.ru_stime, time.monotonic() - self._begun)
        sys.stdout.write(msgspec.json.encode(tally).decode() + "\n")
        sys.stdout.flush()
        os._exit(0)


def _mutator(target: Any, seeds: list[Any], atheris: Any) -> Callable[[bytes, int, int], bytes]:  # noqa: ANN401 - loaded late
    edited = importlib.import_module("fuzz.mutator").edited
    stuff = importlib.import_module("fuzz.edits").Stuff

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)  # noqa: S311 - it must repeat itself
        if dice.random() < 0.5:  # noqa: PLR2004
            return atheris.Mutate(data, most)
        other = dice.choice(seeds)
        return edited(dice, data, stuff(other.anatomy, other.data, target.tokens))[:most]

    return mutate


if __name__ == "__main__":
    sys.exit(main())
