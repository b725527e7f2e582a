"""A folder's photos by Pillow on all cores: a pool of processes, one photo at a time.

    pillow_pool.py cascade|sketch SOURCE DESTINATION

The destination has the folders `standard` and `thumbnail`.
"""

import sys
from collections.abc import Callable
from multiprocessing import Pool
from pathlib import Path

import pillow_cascade
import sketch

RENDERS: dict[str, Callable[[bytes], list[bytes]]] = {
    "cascade": pillow_cascade.render,
    "sketch": sketch.render,
}
NAMES = ("standard", "thumbnail")


def convert(job: tuple[str, Path, Path]) -> None:
    way, photo, destination = job
    for name, data in zip(NAMES, RENDERS[way](photo.read_bytes()), strict=True):
        (destination / name / f"{photo.stem}.jpg").write_bytes(data)


def main() -> None:
    way, source, destination = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    jobs = [(way, photo, destination) for photo in sorted(source.iterdir())]
    with Pool() as pool:
        for _ in pool.imap_unordered(convert, jobs):
            pass


if __name__ == "__main__":
    main()
