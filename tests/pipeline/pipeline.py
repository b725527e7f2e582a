"""The whole pipeline in a cloud: bucket, queue with its dead-letter queue, function, bucket.

    with Pipeline(cloud=cloud) as pipeline:
        pipeline.upload("cats/cat.jpg", data)
        pipeline.settle()
        assert pipeline.manifest("cats/cat.jpg").status == "complete"

Each has names of its own, so that many can be in one cloud at a time.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote_plus

from pixmill.manifest import Manifest
from pixmill.recipe import Recipe
from pixmill.settings import Settings

from .bucket import Bucket, Destination, Object, faults
from .cloud import ACCOUNT, REGION, Cloud
from .function import Function
from .queues import Queue
from .role import Statement, delivery, rights
from .waiting import until

RECIPE = Recipe.from_dict(
    {
        "rendition": [
            {"name": "standard", "width": 320, "height": 240, "formats": ["jpeg", "webp"]},
            {"name": "thumbnail", "width": 48, "height": 48, "fit": "cover", "formats": ["jpeg"]},
        ]
    }
)
"""Two sizes and two formats, small enough for tests."""

_EVENTS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]
_LEAST_CONCURRENCY = 2
_TOLD = 40  # lines of the log


@dataclass(kw_only=True)
class Pipeline:
    """A deployed pipeline, from `__enter__` to `__exit__`.

    Attributes:
        cloud: where to deploy it.
        recipe: what is wanted.
        batch: the most messages in one invocation.
        visibility: seconds after which a message that was not dealt with comes again. Not below `timeout`.
        receives: how often a message comes before it is dead.
        timeout: of an invocation, in seconds.
        reserve: seconds of it that must be left to begin an original, and that bound each storage call. The
            emulator is slow to answer on a busy machine: a call may wait for a third of these seconds.
        memory: what the function is told that it has, in MB.
        concurrency: the most workers at a time. Not below 2, as on AWS.
        endpoint: what the function takes for the cloud; a proxy's URL to see all of its calls.
        notified: whether S3 tells the queue of changes. If not, send events with `send`.
        environment: more variables for the function.
    """

    cloud: Cloud
    recipe: Recipe = RECIPE
    batch: int = 10
    visibility: int = 30
    receives: int = 3
    timeout: int = 30
    reserve: float = 10.0
    memory: int = 1024
    concurrency: int = 2
    endpoint: str | None = None
    notified: bool = True
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if self.visibility < self.timeout:
            raise ValueError("AWS refuses a queue whose messages come again while they are worked on")
        if self.concurrency < _LEAST_CONCURRENCY:
            raise ValueError("AWS refuses so small a maximum of concurrency")
        self.name = f"pixmill-{secrets.token_hex(4)}"
        self._mourned = 0  # dead messages that somebody waited for

    def __enter__(self) -> Self:
        self._s3 = self.cloud.client("s3")
        self.source = Bucket(self._s3, f"{self.name}-source")
        self.destination = Destination(self._s3, f"{self.name}-destination")
        for bucket in (self.source, self.destination):
            place = {"LocationConstraint": REGION}
            self._s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration=place)
        versioning = {"Status": "Enabled"}
        self._s3.put_bucket_versioning(Bucket=self.source.name, VersioningConfiguration=versioning)
        self._make_queues()
        self.function = Function(
            self.cloud,
            self.name,
            variables=self._variables(),
            statements=self.rights,
            timeout=self.timeout,
            memory=self.memory,
        )
        self.function.listen(self.queue, batch=self.batch, concurrency=self.concurrency)
        if self.notified:
            self.notify()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.function.delete()

    def upload(self, key: str, data: bytes) -> str:
        """Put an original into the source; its entity tag."""
        return self.source.put(key, data)

    def delete(self, key: str) -> None:
        """Take an original out of the source."""
        self.source.delete(key)

    def send(self, *bodies: object) -> None:
        """Put messages into the queue; those that are no text as JSON."""
        for body in bodies:
            self.queue.send(body if isinstance(body, str) else json.dumps(body))

    def notice(self, key: str, name: str = "ObjectCreated:Put", bucket: str | None = None) -> dict[str, Any]:
        """What S3 tells of a change, to be sent by hand."""
        record = {
            "eventSource": "aws:s3",
            "eventName": name,
            "eventTime": datetime.now(UTC).isoformat(),
            "s3": {"bucket": {"name": bucket or self.source.name}, "object": {"key": quote_plus(key)}},
        }
        return {"Records": [record]}

    def notify(self) -> None:
        """Have S3 tell the queue of changes. S3 sends a test event at once."""
        target = {"QueueArn": self.queue.arn, "Events": _EVENTS}
        self._s3.put_bucket_notification_configuration(
            Bucket=self.source.name, NotificationConfiguration={"QueueConfigurations": [target]}
        )

    def paused(self) -> AbstractContextManager[None]:
        """Let messages wait in the queue meanwhile, so that they come in full batches afterwards."""
        return self.function.paused()

    def renditions(self) -> dict[str, Object]:
        """What is in the destination, by key, but for the manifests."""
        return self.destination.renditions()

    def manifests(self) -> dict[str, Manifest]:
        """All manifests, by the keys of their originals."""
        return self.destination.manifests()

    def manifest(self, key: str) -> Manifest:
        """The manifest of an original.

        Raises:
            KeyError: it has none.
        """
        return self.destination.manifest(key)

    def faults(self) -> list[str]:
        """Where the destination is not what the source and the manifests promise."""
        return faults(self.source, self.destination)

    def settle(self, within: float = 30) -> None:
        """Wait until every change has been dealt with: queue empty, each original with its own manifest.

        Raises:
            TimeoutError: it was not so in time.
            RuntimeError: a message has died that nobody waited for.
        """

        def settled() -> bool:
            if self._buried() > self._mourned:
                raise RuntimeError(f"a message has died: {self.story()}")
            return self.queue.is_empty and not self.faults()

        until(settled, within, "the pipeline to settle", self.story)

    def drain(self, within: float = 30) -> None:
        """Wait until no message is left in the queue, whatever became of it."""
        until(lambda: self.queue.is_empty, within, "an empty queue", self.story)

    def wait_for_dead(self, count: int, within: float = 30) -> list[str]:
        """Wait until so many messages are in the dead-letter queue; their bodies."""
        until(lambda: self._buried() >= count, within, f"{count} dead messages", self.story)
        self._mourned = count
        return self.dead.bodies()

    def story(self) -> str:
        """What is to be known when something did not come."""
        state = {"queue": self.queue.depth, "dead": self.dead.depth, "faults": self.faults()[:10]}
        return "\n".join([str(state), *self.function.log()[-_TOLD:], *self.function.setbacks()[-_TOLD:]])

    @property
    def rights(self) -> dict[str, Statement]:
        """The rights that the worker needs; what its role has at first."""
        return rights(self.source.name, self.destination.name, self.queue.arn)

    def _make_queues(self) -> None:
        client = self.cloud.client("sqs")
        self.dead = Queue.made(client, f"{self.name}-dead", {})
        redrive = {"deadLetterTargetArn": self.dead.arn, "maxReceiveCount": self.receives}
        attributes = {"VisibilityTimeout": str(self.visibility), "RedrivePolicy": json.dumps(redrive)}
        self.queue = Queue.made(client, self.name, attributes)
        self.queue.permit(delivery(self.queue.arn, self.source.name, ACCOUNT))

    def _variables(self) -> dict[str, str]:
        settings = Settings(
            source=f"s3://{self.source.name}",
            destination=f"s3://{self.destination.name}",
            recipe=self.recipe,
            pipeline=self.name,
            reserve_seconds=self.reserve,
        )
        endpoint = self.endpoint or self.cloud.endpoint
        return {**settings.to_env(), "AWS_ENDPOINT_URL": endpoint, **self.environment}

    def _buried(self) -> int:
        """How many messages are dead. They are moved when the queue is looked at, not before."""
        return self.queue.depth and self.dead.depth.waiting
