"""All corpora against the table: `python -m tests.corpora`. Exits with 1 if a verdict changed."""

import argparse
import sys
import time
from typing import TYPE_CHECKING

from tests.corpora import table
from tests.corpora.fetch import Unavailable, fetch
from tests.corpora.findings import findings
from tests.corpora.sources import listed

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpora", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write what was found into the table")
    parser.add_argument("--only", metavar="NAME", help="one corpus of sources.tsv")
    parser.add_argument("--verbose", action="store_true", help="say what was found of each file")
    asked = parser.parse_args()
    begun = time.monotonic()
    pictures: dict[str, Path] = {}
    for source in listed():
        if asked.only in {None, source.name}:
            try:
                fetch(source)
            except Unavailable as error:
                sys.stdout.write(f"{source.name}: not to be had: {error}\n")
                continue
            pictures.update(source.pictures())
    found, known = findings(pictures), table.accepted()
    changed = table.changes(found, known)
    if asked.accept:
        table.accept(found, known)
    lines = [table.line(each) for each in found] if asked.verbose else changed
    most = max((each.memory for each in found), default=0) >> 20
    spent = time.monotonic() - begun
    lines.append(f"{len(found)} files, {len(changed)} changed, {spent:.0f} s, at most {most} MiB")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(bool(changed) and not asked.accept)


if __name__ == "__main__":
    sys.exit(main())
