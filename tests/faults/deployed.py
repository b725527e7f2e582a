"""The pipeline as it will be deployed: tests/pipeline's, with the proxy before its storage.

Here the bundle runs on Lambda's runtime under its own role, fed by an emulated SQS, which keeps to itself
what is under way. So there is no watch, and nobody knows who works on what when workers die.
"""

import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from tests.faults.buckets import Buckets
from tests.faults.line import RECIPE
from tests.faults.originals import Change
from tests.faults.plan import Plan
from tests.faults.proxy import Proxy
from tests.pipeline.cloud import Cloud
from tests.pipeline.pipeline import Pipeline

_BATCH = 5
_PATIENCE = 0.3  # seconds, of the proxy
_TIMEOUT = 3  # seconds
_MOST = 10  # messages in one call


class Deployed:
    """The pipeline, from `__enter__` to `__exit__`.

    Args:
        cloud: where it is deployed.
        plan: what goes wrong between the worker and its storage.
    """

    def __init__(self, cloud: Cloud, plan: Plan | None) -> None:
        self.recipe = RECIPE
        self.proxy = Proxy(cloud.endpoint, plan, patience=_PATIENCE)
        self._cloud = cloud
        self._nonsense: set[str] = set()
        self._dead: list[str] = []
        self._redriven = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.proxy)
            self._pipeline = stack.enter_context(
                Pipeline(
                    cloud=self._cloud,
                    recipe=self.recipe,
                    endpoint=self.proxy.url,
                    notified=False,
                    batch=_BATCH,
                    timeout=_TIMEOUT,
                    visibility=_TIMEOUT,
                    reserve=_TIMEOUT / 2,
                )
            )
            self._resources = stack.pop_all()
        self.source = self._pipeline.source.name
        self._buckets = Buckets(self._cloud.client("s3"), self.source, self._pipeline.destination.name)
        self._sqs = self._cloud.client("sqs")
        self._burial = self._sqs.get_queue_url(QueueName=f"{self._pipeline.name}-dead")["QueueUrl"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.__exit__(kind, error, trace)

    def change(self, change: Change) -> None:
        self._buckets.change(change)

    def send(self, body: str, about: str | None) -> None:
        if about is None:
            self._nonsense.add(body)
        self._pipeline.send(body)

    def kill(self, dice: random.Random) -> bool:  # noqa: ARG002 - all of them die, here
        return self._pipeline.function.kill() > 0

    @property
    def waiting(self) -> int:
        return sum(self._pipeline.queue.depth)

    @property
    def dead(self) -> list[str]:
        while any(self._pipeline.dead.depth):
            got = self._sqs.receive_message(QueueUrl=self._burial, MaxNumberOfMessages=_MOST)
            for message in got.get("Messages", ()):
                self._dead.append(message["Body"])
                self._sqs.delete_message(QueueUrl=self._burial, ReceiptHandle=message["ReceiptHandle"])
        return self._dead

    def redrive(self, change: Callable[[str], str]) -> int:
        moved = [body for body in self.dead if body not in self._nonsense]
        self._dead = [body for body in self.dead if body in self._nonsense]
        self._pipeline.send(*map(change, moved))
        self._redriven += len(moved)
        return len(moved)

    def originals(self) -> dict[str, str]:
        return self._buckets.originals()

    def stored(self) -> dict[str, bytes]:
        return self._buckets.stored()

    def complaints(self) -> list[str]:
        return []

    def told(self) -> Mapping[str, int]:
        return {"redriven": self._redriven}
