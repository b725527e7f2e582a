"""How a Python contender answers the harness: one JSON line in, one out. `serve.mjs` is the same for Node."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Photo = TypeVar("Photo")


def read(path: Path) -> bytes:
    return path.read_bytes()


def copied(photo: bytes) -> bytes:
    """A new object each time: no library may remember the last result."""
    return bytes(bytearray(photo))


def serve(render: Callable[[bytes], list[bytes]]) -> None:
    """Answer requests until standard input ends. The photos are the arguments, read before any clock runs."""
    serve_held(render, read, copied)


def serve_held(
    render: Callable[[Photo], list[bytes]], hold: Callable[[Path], Photo], fresh: Callable[[Photo], Photo]
) -> None:
    """The same for photos that are held in a way of their own."""
    photos = [hold(Path(path)) for path in sys.argv[1:]]
    print("{}", flush=True)  # ready
    for line in sys.stdin:
        request = json.loads(line)
        if "to" in request:
            answer = write(render, photos, Path(request["to"]))
        elif "once" in request:
            answer = once(render, photos[:1])
        elif "path" in request:
            answer = once(render, [hold(Path(request["path"]))])
        else:
            answer = run(render, photos, request["repeat"], fresh)
        print(json.dumps(answer), flush=True)


def write(render: Callable[[Photo], list[bytes]], photos: list[Photo], folder: Path) -> dict[str, Any]:
    """Leave the renditions in a folder, so that they can be compared."""
    for index, photo in enumerate(photos):
        for rendition, data in enumerate(render(photo)):
            folder.joinpath(f"{index}-{rendition}.jpg").write_bytes(data)
    return {}


def once(render: Callable[[Photo], list[bytes]], photos: list[Photo]) -> dict[str, Any]:
    """Render some photos without a copy of them: the memory that it takes."""
    for photo in photos:
        render(photo)
    return {"peak": peak_bytes(), "now": held_bytes("VmRSS")}


def run(
    render: Callable[[Photo], list[bytes]],
    photos: list[Photo],
    repeat: int,
    fresh: Callable[[Photo], Photo],
) -> dict[str, Any]:
    """Render every photo some times over; seconds are per photo."""
    cpu = wall = 0.0
    for _ in range(repeat):
        for photo in photos:
            data = fresh(photo)
            cpu_before, wall_before = cpu_seconds(), time.perf_counter()
            render(data)
            wall += time.perf_counter() - wall_before
            cpu += cpu_seconds() - cpu_before
    count = repeat * len(photos)
    return {"cpu": cpu / count, "wall": wall / count}


def cpu_seconds() -> float:
    """User and system time of all threads and of finished children."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_bytes() -> int:
    """The most memory that this process has held, or its largest child if those do the work."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    return child or held_bytes("VmHWM")


def held_bytes(field: str) -> int:
    status = Path("/proc/self/status")  # ru_maxrss may be the parent's peak
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak << 10
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{field}:"))
