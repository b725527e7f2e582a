"""`make bench`: the same job done by Pixmill and by its peers, side by side, as ratios. See README.md."""

import argparse
import sys
from pathlib import Path

from harness import measure
from peers import PEERS, install
from photos import make_cases, own_cases
from report import Results, save, show

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "bench"
RECORD = ROOT / "benchmarks" / "results" / "latest.json"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds; the record is left as it is")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn (default: 7)")
    parser.add_argument("--only", metavar="TEXT", help="only the cases whose name contains this")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="take the JPEGs of this folder instead")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    rounds: int = options.rounds or (3 if options.quick else 7)
    missing = install(BUILD)
    if missing:
        print(f"without sharp, which npm could not install: {missing}", file=sys.stderr)
    peers = [peer for peer in PEERS if not (missing and peer.needs_npm)]
    print("making the photos, where they are not there yet ...", file=sys.stderr)
    cases = own_cases(options.photos) if options.photos else make_cases(BUILD / "photos")
    results: Results = []
    for case in cases:
        if options.only and options.only.lower() not in case.name.lower():
            continue
        print(f"{case.name}: {rounds} rounds ...", file=sys.stderr)
        results.append((case, measure(case, peers, rounds, BUILD)))
    if not results:
        names = ", ".join(case.name for case in cases)
        raise SystemExit(f"no case is called {options.only!r}; there are: {names}")
    show(results)
    whole = not (options.quick or options.only or options.photos)
    record = RECORD if whole else BUILD / "latest.json"
    save(results, record, rounds)
    print(f"recorded in {record.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
