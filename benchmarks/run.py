"""`make bench`: the same job done by Pixmill and by its peers, side by side, as ratios. See README.md."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import chart
import equal_quality
import memory
import quality
import record
import report
import throughput
from budgets import BASELINE, Line, Record, judge
from harness import Result, measure
from packages import HERE, Missing
from peers import Peer, gather
from photos import GALLERY, KINDS, Case, make_cases, own_cases
from similarity import scoring

BUILD = HERE.parent / "build" / "bench"
RESULTS = HERE / "results"
SAMPLE = "12 MP JPEG"  # bytes at equal quality are alike for all sizes of a picture


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="three rounds, less of the rest; the record is left as it is"
    )
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn (default: 7)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only the cases whose name contains this")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="take the JPEGs of this folder instead")
    parser.add_argument("--strict", action="store_true", help="end with 1 if a budget is missed")
    return parser.parse_args()


def say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr)


def speed(cases: list[Case], peers: list[Peer], rounds: int) -> Record:
    results: list[tuple[Case, Result]] = []
    for case in cases:
        turns = rounds if case.group == BASELINE else max(2, rounds - 2)  # most budgets are about that group
        say(f"{case.name}: {turns} rounds")
        results.append((case, measure(case, peers, turns, BUILD)))
    return record.speed(results)


def likeness(cases: list[Case], baseline: list[Case]) -> Record:
    """Quality, and bytes at equal quality; nothing if SSIMULACRA2 cannot be had."""
    try:
        with scoring(BUILD) as scorer:
            scores = quality.judge(cases, scorer)
            shares = equal_quality.compare(baseline, scorer)
    except Missing as reason:
        say(f"without SSIMULACRA2: {reason}")
        return {}
    return {
        "quality": {"by_rendition": quality.summary(scores), "photos": scores},
        "equal_quality": {"by_rendition": equal_quality.mean_shares(shares), "photos": shares},
    }


def script(name: str, *options: str) -> Record:
    """A benchmark of the worker, which is a program of its own."""
    say(f"{name} {' '.join(options)}")
    command = [sys.executable, str(HERE / name), *options, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=300)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}")
    return json.loads(done.stdout)


def main() -> None:
    options = arguments()
    chosen = options.only or options.photos
    rounds: int = options.rounds or (3 if options.quick else 7)
    peers, absent = gather(BUILD)
    say("making the photos, where they are not there yet")
    cases = own_cases(options.photos) if options.photos else make_cases(BUILD / "photos", options.only)
    if not cases:
        raise SystemExit(
            f"no case is called {options.only!r}; there are {', '.join(kind.name for kind in KINDS)}"
        )
    found = record.begun(rounds, absent) | speed(cases, peers, rounds)
    report.show_speed(found["cases"])
    found["memory"] = memory.peaks(cases, peers, BUILD)
    report.show_memory(found["memory"])
    gallery = cases if chosen else make_cases(BUILD / "photos", SAMPLE if options.quick else "", GALLERY)
    found |= likeness(gallery, [case for case in gallery if options.photos or case.name.startswith(SAMPLE)])
    if not chosen:
        found["warm"] = memory.warm(cases, peers, BUILD)
        found["throughput"] = throughput.measure(cases, 1 if options.quick else 5)
        report.show_throughput(found["throughput"])
        if not options.quick:
            found["cold_start"] = script("cold_start.py", "--rounds", "5")
            found["overlap"] = script("overlap.py", "--rounds", "5")
    lines = judge(found)
    report.show_budgets([line for line in lines if line.measured is not None] if chosen else lines)
    keep(found, lines, RESULTS if not (chosen or options.quick) else BUILD)
    if options.strict and any(line.verdict == "missed" for line in lines):
        raise SystemExit(1)


def keep(found: Record, lines: list[Line], folder: Path) -> None:
    verdicts = [
        {"name": line.name, "bar": line.bar, "measured": line.measured, "verdict": line.verdict}
        for line in lines
    ]
    record.save({**found, "budgets": verdicts}, folder / "latest.json")
    (folder / "latest.svg").write_text(chart.drawn(found), "utf-8")
    print(f"recorded in {folder.relative_to(HERE.parent)}/latest.json and latest.svg", file=sys.stderr)


if __name__ == "__main__":
    main()
