"""Peak memory: a fresh process for each contender and case that renders one photo once; and a warm worker.

The high-water mark of the process, interpreter, libraries and the photo's own bytes included; of a command,
its largest process. All with `MALLOC_ARENA_MAX=1`, as Pixmill's workers run.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from budgets import BASELINE
from harness import started
from packages import NODE
from peers import CONTENDERS, FLOOR, OURS, Peer
from photos import Case

ARENAS = {"MALLOC_ARENA_MAX": "1"}
WARM_JOBS = 200
STRIDE = 7  # shares no factor with the number of photos
STREAMED = {BASELINE, "PNG", "WebP"}
LARGEST = {"100 MP JPEG"}
EMPTY = {
    sys.executable: (sys.executable, str(CONTENDERS / "empty.py")),
    NODE: (NODE, str(CONTENDERS / "empty.mjs")),
}


def peaks(cases: Iterable[Case], peers: Sequence[Peer], folder: Path) -> list[dict[str, Any]]:
    """Peak bytes of each contender for each case, and what of them an empty interpreter does not have."""
    empty = {runner: _peak(Peer("empty", command), [], folder) for runner, command in EMPTY.items()}
    found: list[dict[str, Any]] = []
    for case in cases:
        print(f"memory for {case.name} ...", file=sys.stderr)
        contenders: dict[str, dict[str, int]] = {}
        for peer in peers:
            if case.endings <= peer.reads:
                peak = _peak(peer, case.photos[-1:], folder)
                contenders[peer.name] = {"peak": peak, "over_empty": peak - _begins_with(peer, empty)}
        found.append(
            {"name": case.name, "bytes_in": case.photos[-1].stat().st_size, "contenders": contenders}
        )
    return found


def _peak(peer: Peer, photos: Sequence[Path], folder: Path) -> int:
    with started(peer.name, peer.command, photos, folder, **{**ARENAS, **peer.settings}) as process:
        return process.ask(once=0)["peak"]


def _begins_with(peer: Peer, empty: dict[str, int]) -> int:
    """Another Python's interpreter is as large as this one's; the floor and the commands have none."""
    if peer.name == FLOOR or peer.is_command:
        return 0
    return empty.get(peer.command[0], empty[sys.executable])


def warm(cases: Sequence[Case], peers: Sequence[Peer], folder: Path) -> dict[str, Any]:
    """Two workers of Pixmill's after many jobs: one that had only what can be streamed, one that had all."""
    streamed = [case for case in cases if case.group in STREAMED and case.name not in LARGEST]
    return {"streamed": _worked(streamed, peers, folder), "every": _worked(cases, peers, folder)}


def _worked(cases: Sequence[Case], peers: Sequence[Peer], folder: Path) -> dict[str, Any]:
    print(f"memory of a warm process, {WARM_JOBS} jobs ...", file=sys.stderr)
    (ours,) = (peer for peer in peers if peer.name == OURS)
    photos = [photo for case in cases for photo in case.photos]
    with started(ours.name, ours.command, [], folder, **ours.settings) as process:
        before = process.ask(once=0)["now"]
        answer: dict[str, Any] = {}
        for job in range(WARM_JOBS):
            # Neighbours in the list are alike, and no two jobs in a row should be.
            answer = process.ask(path=str(photos[job * STRIDE % len(photos)]))
    return {"jobs": WARM_JOBS, "cases": [case.name for case in cases], "before": before, **answer}
