"""All files of some corpora judged, on all cores."""

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from tests.corpora.judge import Finding
from tests.corpora.sources import ROOT

_SECONDS = 600
_SHARES_A_CORE = 4  # so that no core waits long for another
_ENVIRONMENT = {"VIPS_CONCURRENCY": "1", "MALLOC_ARENA_MAX": "1"}


def findings(pictures: Mapping[str, Path]) -> list[Finding]:
    """Judge files, in the order of their names."""
    cores = os.cpu_count() or 1
    names = sorted(pictures)
    count = cores * _SHARES_A_CORE
    shares = [{name: pictures[name] for name in names[start::count]} for start in range(count)]
    with ThreadPoolExecutor(cores) as crew:
        found = [each for share in crew.map(_nursed, shares) for each in share]
    return sorted(found, key=lambda each: each.name)


def _nursed(pictures: Mapping[str, Path]) -> list[Finding]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.corpora.nursery"],
        input="".join(f"{name}\t{path}\n" for name, path in pictures.items()).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # decoders talk to it about the files
        cwd=ROOT,
        env={**os.environ, **_ENVIRONMENT},
        check=True,
        timeout=_SECONDS,
    )
    found = [msgspec.json.decode(line, type=Finding) for line in done.stdout.splitlines()]
    assert len(found) == len(pictures)
    return found
