"""The memory of a process and of all that it starts, pages that they share counted once."""

import time
from collections import defaultdict
from pathlib import Path
from subprocess import Popen

PAUSE = 0.05  # seconds


def peak_of_family(process: Popen[bytes]) -> int:
    """Watch a process until it ends. Returns the most bytes that it and its descendants held together."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_proportional_bytes(pid) for pid in _family(process.pid)))
        time.sleep(PAUSE)
    return peak


def _family(ancestor: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        text = _read(entry)
        if text:
            children[int(text.rpartition(")")[2].split()[1])].append(int(entry.parent.name))
    family = [ancestor]
    for pid in family:
        family += children[pid]
    return family


def _proportional_bytes(pid: int) -> int:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it ended meanwhile
