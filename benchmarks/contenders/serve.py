"""How a Python contender answers the harness: one JSON line in, one out. `serve.mjs` is the same for Node."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Render = Callable[[bytes], list[bytes]]


def serve(render: Render) -> None:
    """Answer requests until standard input ends. The photos are the arguments, read before any clock runs."""
    photos = [Path(path).read_bytes() for path in sys.argv[1:]]
    print("{}", flush=True)  # ready
    for line in sys.stdin:
        request = json.loads(line)
        if "to" in request:
            answer = write(render, photos, Path(request["to"]))
        else:
            answer = run(render, photos, request["repeat"])
        print(json.dumps(answer), flush=True)


def write(render: Render, photos: list[bytes], folder: Path) -> dict[str, Any]:
    """Leave the renditions in a folder, so that they can be compared."""
    for index, photo in enumerate(photos):
        for rendition, data in enumerate(render(photo)):
            folder.joinpath(f"{index}-{rendition}.jpg").write_bytes(data)
    return {}


def run(render: Render, photos: list[bytes], repeat: int) -> dict[str, Any]:
    """Render every photo some times over; seconds are per photo."""
    cpu = wall = 0.0
    for _ in range(repeat):
        for photo in photos:
            data = bytes(bytearray(photo))  # a new object each time: no library may remember the last result
            cpu_before, wall_before = cpu_seconds(), time.perf_counter()
            render(data)
            wall += time.perf_counter() - wall_before
            cpu += cpu_seconds() - cpu_before
    count = repeat * len(photos)
    return {"cpu": cpu / count, "wall": wall / count, "peak": peak_bytes()}


def cpu_seconds() -> float:
    """User and system time of all threads and of finished children."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_bytes() -> int:
    """The most memory this process has held."""
    status = Path("/proc/self/status")  # ru_maxrss may be the parent's peak
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak << 10
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10
