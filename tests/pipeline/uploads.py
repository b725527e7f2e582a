"""Many uploads through the emulated pipeline: `python -m tests.pipeline.uploads --count 300`.

Prints how many uploads a second were made ready, and how long each took from the end of its upload until its
manifest was written. All uploads come at once, as fast as one client puts them, so most of that time is spent
waiting in the queue. Exits with 1 if in the end anything is missing, wrong or left in a queue.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from pixmill.keys import manifest_key

from .bucket import MANIFEST_FOLDER
from .cloud import Cloud
from .photos import photos
from .pipeline import Pipeline

_PATIENCE = 2.0  # seconds for each upload, at most


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What became of some uploads.

    Attributes:
        uploads: how many there were.
        workers: how many processes there were in the end.
        complete: how many have a complete manifest, with every object that it names.
        renditions: how many there are.
        seconds: from the beginning of the first upload until the last manifest.
        ready: seconds from the end of each upload until its manifest, in order.
        setbacks: what went wrong at first and was done later.
        faults: what is wrong in the end, a sentence for each.
    """

    uploads: int
    workers: int
    complete: int
    renditions: int
    seconds: float
    ready: tuple[float, ...]
    setbacks: tuple[str, ...]
    faults: tuple[str, ...]

    @classmethod
    def through(cls, pipeline: Pipeline, count: int) -> Self:
        """Upload so many photographs, wait, and look."""
        files = {f"album {number % 7}/photo {number}.jpg": data for number, data in enumerate(photos(count))}
        begun = time.time()
        put: dict[str, float] = {}
        for key, data in files.items():
            pipeline.upload(key, data)
            put[key] = time.time()
        faults: list[str] = []
        try:
            pipeline.settle(30 + _PATIENCE * count)
        except (TimeoutError, RuntimeError) as error:
            faults.append(str(error))
        faults += pipeline.faults()
        manifests = pipeline.manifests()
        faults += [f"{key!r} is rejected" for key, each in manifests.items() if each.status != "complete"]
        queues = {"queue": pipeline.queue.depth, "dead-letter queue": pipeline.dead.depth}
        faults += [f"the {name} holds {depth}" for name, depth in queues.items() if any(depth)]
        # By the emulator's clock, which is ours. It tells milliseconds; S3 would tell seconds.
        objects = pipeline.destination.objects(MANIFEST_FOLDER)
        written = {key: objects[manifest_key(key)].written.timestamp() for key in manifests}
        return cls(
            uploads=count,
            workers=len(pipeline.function.processes()),
            complete=sum(each.status == "complete" for each in manifests.values()),
            renditions=len(pipeline.renditions()),
            seconds=max(written.values(), default=begun) - begun,
            ready=tuple(sorted(written[key] - put[key] for key in written)),
            setbacks=tuple(pipeline.function.setbacks()),
            faults=tuple(faults),
        )

    def quantile(self, share: float) -> float:
        """The time within which that share of the uploads was ready."""
        return self.ready[min(int(len(self.ready) * share), len(self.ready) - 1)]

    def __str__(self) -> str:
        lines = [f"{self.uploads} uploads, {self.workers} workers, {self.complete} complete manifests"]
        if self.ready:
            rate = len(self.ready) / self.seconds
            half, most = self.quantile(0.5), self.quantile(0.99)
            lines += [
                f"{self.renditions} renditions, {self.seconds:.1f} s, {rate:.1f} uploads per second",
                f"from an upload's end until its manifest was written: p50 {half:.2f} s, p99 {most:.2f} s",
            ]
        lines += [f"set back: {each}" for each in self.setbacks]
        lines += self.faults or ["every manifest's objects are there; queue and dead-letter queue are empty"]
        return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pipeline.uploads", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="how many uploads")
    asked = parser.parse_args()
    with (
        TemporaryDirectory() as base,
        Cloud.of_this_machine(Path(base)) as cloud,
        Pipeline(cloud=cloud) as pipeline,
    ):
        campaign = Campaign.through(pipeline, asked.count)
    sys.stdout.write(f"{campaign}\n")
    return 1 if campaign.faults or campaign.complete < asked.count else 0


if __name__ == "__main__":
    sys.exit(main())
