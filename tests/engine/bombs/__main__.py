"""What each bomb takes until it is rejected: `python -m tests.engine.bombs [--json] [NAME]...`."""

import argparse
import gc
import sys

import msgspec
from tests.engine.bombs.collection import BOMBS
from tests.engine.bombs.gauge import Reading, reading


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.engine.bombs", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on each line")
    parser.add_argument("names", metavar="NAME", nargs="*", help="all, if left out")
    asked = parser.parse_args()
    gc.freeze()  # a collection in a child would copy the memory that it shares
    wrong = 0
    for name in asked.names or BOMBS:
        found = reading(name, BOMBS[name].make())
        wrong += found.code != BOMBS[name].code
        sys.stdout.write((msgspec.json.encode(found).decode() if asked.json else _line(found)) + "\n")
        sys.stdout.flush()
    return int(wrong > 0)


def _line(found: Reading) -> str:
    expected = BOMBS[found.name].code
    surprise = "" if found.code == expected else f", not {expected}"
    figures = f"{found.size:12,} bytes {found.milliseconds:8.1f} ms {found.megabytes:6.1f} MB"
    return f"{found.name:36}{figures}  {found.code}{surprise}"


if __name__ == "__main__":
    sys.exit(main())
