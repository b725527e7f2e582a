"""A folder of photos on all cores: `pixmill sync`, and what one would write instead.

Wall time, process starts included, from a folder in memory to another.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from footprint import peak_of_family
from packages import Missing, program
from peers import CONTENDERS
from photos import Case

MEMORY = Path("/dev/shm")  # noqa: S108 - no name in it is known before
MIXTURE = {"2 MP JPEG": 8, "12 MP JPEG": 24, "24 MP JPEG": 8}
"""How many copies of each case's photos the folder has."""

ONE, ALL = "sync on one core", "sync on all cores"
POOL, SKETCH = "Pillow cascade, pool", "the sketch's way, pool"
PARALLEL, PACKED = "vipsthumbnail, parallel", "vipsthumbnail, parallel, many photos a start"

SIZES = {"standard": "800x600", "thumbnail": "150x150"}

Commands = dict[str, list[list[str]]]


@contextmanager
def in_memory() -> Generator[Path]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def fill(folder: Path, cases: Sequence[Case]) -> int:
    """Hard links under names that mix the sizes. Returns how many."""
    count = 0
    for case in cases:
        for photo in case.photos:
            held = folder.parent / photo.name
            held.write_bytes(photo.read_bytes())
            for copy in range(MIXTURE.get(case.name, 0)):
                folder.joinpath(f"{copy:02}-{photo.name}").hardlink_to(held)
                count += 1
    return count


def commands(source: Path, destination: Path) -> Commands:
    """What each contender runs, one after the other."""
    pixmill = [str(Path(sys.executable).with_name("pixmill")), "sync", str(source), str(destination)]
    pool = [sys.executable, str(CONTENDERS / "pillow_pool.py")]
    places = [str(source), str(destination)]
    found: Commands = {
        ONE: [[*pixmill, "--jobs", "1"]],
        ALL: [pixmill],
        POOL: [[*pool, "cascade", *places]],
        SKETCH: [[*pool, "sketch", *places]],
    }
    try:
        vips = program("vipsthumbnail", package="libvips-tools")
        parallel = [program("parallel", package="parallel"), "--will-cite"]
    except Missing as reason:
        print(f"without vipsthumbnail under GNU parallel: {reason}", file=sys.stderr)
        return found
    photos = [str(photo) for photo in sorted(source.iterdir())]

    def sized(size: str, name: str) -> list[str]:
        return [vips, "--size", size, "--output", f"{destination}/{name}/%s.jpg[Q=85,strip]"]

    def both(*packing: str) -> list[list[str]]:
        return [
            [*parallel, *packing, *sized(size, name), "{}", ":::", *photos] for name, size in SIZES.items()
        ]

    return {**found, PARALLEL: both(), PACKED: both("-X")}


def run(folder: Path, source: Path, name: str, count: int) -> float:
    """One contender from an empty destination on: seconds, after a look whether all is there."""
    with TemporaryDirectory(dir=folder) as place:
        steps = commands(source, Path(place))[name]
        if name not in {ONE, ALL}:
            for size in SIZES:
                Path(place, size).mkdir()
        begun = perf_counter()
        for step in steps:
            subprocess.run(step, env=environment(name), capture_output=True, check=True, timeout=300)
        spent = perf_counter() - begun
        written = sum(1 for _ in Path(place).rglob("*.jpg"))
        if written != 2 * count:
            raise SystemExit(f"{name}: expected {2 * count} renditions, got {written}")
    return spent


def environment(name: str) -> dict[str, str]:
    """Whoever runs a process for each core wants one thread in it; `sync` sees to that itself.

    Python may keep what it has compiled, as where anybody installs it: the first round of each pays for that.
    """
    common = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return common if name in {ONE, ALL} else {**common, "VIPS_CONCURRENCY": "1"}


def measure(cases: Sequence[Case], rounds: int) -> dict[str, Any]:
    with in_memory() as folder:
        source = folder / "source"
        source.mkdir()
        count = fill(source, [case for case in cases if case.name in MIXTURE])
        with TemporaryDirectory(dir=folder) as place:
            names = list(commands(source, Path(place)))
        times = {name: list[float]() for name in names}
        for turn in range(rounds):
            print(f"a folder of {count} photos: round {turn + 1} of {rounds} ...", file=sys.stderr)
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                times[name].append(run(folder, source, name, count))
        memory = _memory(folder, source)
    return {
        "photos": count,
        "cores": os.cpu_count(),
        "seconds": {name: [round(second, 3) for second in spent] for name, spent in times.items()},
        "photos_per_second": {name: round(count / median(spent), 1) for name, spent in times.items()},
        "times_as_fast_on_all_cores": {
            name: round(median(a / b for a, b in zip(spent, times[ALL], strict=True)), 3)
            for name, spent in times.items()
            if name != ALL
        },
        "sync_peak_bytes": memory,
    }


def _memory(folder: Path, source: Path) -> int:
    """In a run of its own: looking costs time."""
    with TemporaryDirectory(dir=folder) as place:
        (command,) = commands(source, Path(place))[ALL]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            return peak_of_family(process)
