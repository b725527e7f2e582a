"""A pipeline of plain parts: our own queue, worker processes, and any S3 server.

Everything that decides is in our hands: what a message is about, who is at work on it, who dies. The handler
is the one that is deployed; what it is not is packed, or under Lambda's runtime: see `deployed`.
"""

import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from tests.faults.buckets import Buckets
from tests.faults.fleet import Fleet
from tests.faults.line import RECIPE
from tests.faults.originals import Change
from tests.faults.plan import Plan
from tests.faults.proxy import Proxy
from tests.faults.queues import Queue
from tests.faults.watch import Watch

from pixmill.settings import Settings

_REGION = "us-east-1"
_TOLD = 1000  # characters of the log
_MARGIN = 1.0  # seconds by which a message stays hidden longer than a worker may live


class Plain:
    """The pipeline, from `__enter__` to `__exit__`.

    Args:
        buckets: on the server, past the proxy.
        endpoint: the server's URL.
        plan: what goes wrong between the worker and the server.
        seed: decides everything else.
        workers: how many.
        batch: how many messages each takes at a time.
        timeout: of an invocation, in seconds.
        receives: how often a message is delivered.
        patience: of the proxy.
    """

    def __init__(  # noqa: PLR0913 - what a pipeline consists of
        self,
        buckets: Buckets,
        endpoint: str,
        plan: Plan | None,
        *,
        seed: int,
        workers: int = 4,
        batch: int = 10,
        timeout: float = 8,
        receives: int = 4,
        patience: float = 1,
    ) -> None:
        self.recipe = RECIPE
        self.source = buckets.source
        self.proxy = Proxy(endpoint, plan, patience=patience)
        self.queue = Queue(seed, visibility=timeout + _MARGIN, receives=receives)
        self.watch = Watch(buckets, self.queue, seed)
        self._buckets = buckets
        self._workers = workers
        self._batch = batch
        self._timeout = timeout

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="pixmill-faults-")))
            stack.enter_context(self.proxy)
            self._log = folder / "log"
            self.fleet = Fleet(
                self.queue,
                self._environment(),
                size=self._workers,
                batch=self._batch,
                timeout=self._timeout,
                log=self._log,
            )
            stack.enter_context(self.fleet)
            stack.enter_context(self.watch)
            self._resources = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.__exit__(kind, error, trace)

    def change(self, change: Change) -> None:
        self._buckets.change(change)
        if change.key not in self.watch.keys:
            self.watch.keys.append(change.key)

    def send(self, body: str, about: str | None) -> None:
        self.queue.send(body, about)

    def kill(self, dice: random.Random) -> bool:
        return self.fleet.kill(dice)

    @property
    def waiting(self) -> int:
        return self.queue.waiting

    @property
    def dead(self) -> list[str]:
        return self.queue.dead

    def redrive(self, change: Callable[[str], str]) -> int:
        return self.queue.redrive(change)

    def originals(self) -> dict[str, str]:
        return self._buckets.originals()

    def stored(self) -> dict[str, bytes]:
        return self._buckets.stored()

    def told(self) -> Mapping[str, int]:
        watched = {"looks": self.watch.looks, "looks at rest": self.watch.at_rest}
        return {**self.queue.counts, **self.fleet.counts, **watched, "half-made": self.watch.half_made}

    def complaints(self) -> list[str]:
        ended = self.fleet.counts["ended by themselves"]
        deaths = [f"{ended} invocations ended by themselves: {self.log[-_TOLD:]}"] if ended else []
        return [*self.watch.broken, *deaths]

    @property
    def log(self) -> str:
        """What the workers have said so far."""
        files = sorted(self._log.parent.glob(f"{self._log.name}-*"))
        return "".join(each.read_text("utf-8", "replace") for each in files)

    def _environment(self) -> dict[str, str]:
        settings = Settings(
            source=self._url(self._buckets.source),
            destination=self._url(self._buckets.destination),
            recipe=self.recipe,
            reserve_seconds=self._timeout / 2,
        )
        return {
            **settings.to_env(),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "VIPS_CONCURRENCY": "1",
            "MALLOC_ARENA_MAX": "1",
        }

    def _url(self, bucket: str) -> str:
        return f"s3://{bucket}?endpoint={self.proxy.url}&region={_REGION}"
