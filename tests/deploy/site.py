"""A pipeline that a stack has deployed, as its users meet it: buckets, messages, and a log.

site = Site(cloud, stack, "images")
etag = site.upload("cat.jpg", data)
assert site.manifest("cat.jpg", etag).status == "complete"
"""

import json
import secrets
from typing import Any

from tests.cloud.engine import Stack
from tests.pipeline.bucket import Bucket
from tests.pipeline.cloud import Cloud
from tests.pipeline.queues import Queue
from tests.pipeline.waiting import until

from pixmill.manifest import Manifest

BUCKET, FUNCTION, QUEUE, TOPIC = (
    "aws:s3/bucket:Bucket",
    "aws:lambda/function:Function",
    "aws:sqs/queue:Queue",
    "aws:sns/topic:Topic",
)

_PATIENCE = 40  # seconds for something to come
_TOLD = 30  # lines of the log


class Site:
    """A pipeline that stands.

    Args:
        cloud: where it stands.
        stack: what it is part of.
        name: the pipeline's.
        originals: the folder of originals; empty or ending in a slash.
        results: the folder of renditions and manifests; the same.
        buckets: names of the source and the destination, if they are not the pipeline's own.
    """

    def __init__(  # noqa: PLR0913 - where a pipeline is has so many parts
        self,
        cloud: Cloud,
        stack: Stack,
        name: str,
        *,
        originals: str = "uploads/",
        results: str = "",
        buckets: tuple[str, str] | None = None,
    ) -> None:
        self.cloud = cloud
        self.stack = stack
        self.name = name
        self._originals, self._results = originals, results
        source, destination = buckets or (self._own("source"), self._own("destination"))
        self.source = Bucket(cloud.client("s3"), source)
        self.destination = Bucket(cloud.client("s3"), destination)
        self.queue = Queue(cloud.client("sqs"), self._output(QUEUE, "jobs", "url"))
        self.dead = Queue(cloud.client("sqs"), self._output(QUEUE, "dead-letters", "url"))
        self.topic = self._output(TOPIC, "done", "arn")
        self.function = self._output(FUNCTION, "worker", "name")
        self.role = stack.resource("aws:iam/role:Role", f"{name}-worker").outputs["name"]
        self._log = stack.resource("aws:cloudwatch/logGroup:LogGroup", f"{name}-worker").outputs["name"]

    def upload(self, key: str, data: bytes) -> str:
        """Put an original into the source; its entity tag."""
        return self.source.put(self._originals + key, data)

    def delete(self, key: str) -> None:
        """Take an original out of the source."""
        self.source.delete(self._originals + key)

    def manifest(self, key: str, etag: str) -> Manifest:
        """The manifest of an original as it was uploaded, when it has come."""
        found = until(lambda: self.written(key, etag), _PATIENCE, f"the manifest of {key}", self.story)
        assert found
        return found

    def written(self, key: str, etag: str) -> Manifest | None:
        """The manifest of an original as it was uploaded, if there is one."""
        try:
            found = Manifest.from_json(self.destination.read(f"{self._results}manifests/{key}.json"))
        except KeyError:
            return None
        return found if found.source.etag == etag else None

    def wait_until_gone(self, key: str) -> None:
        """Wait until there is neither a rendition nor a manifest of an original."""
        until(lambda: not self.made(key), _PATIENCE, f"no trace of {key}", self.story)

    def made(self, key: str) -> set[str]:
        """The keys of all that was made of an original, without the folder."""
        found = self.destination.objects(self._results)
        return {each.removeprefix(self._results) for each in found if f"/{key}." in each}

    def listener(self, topic: str = "") -> Queue:
        """A new queue, subscribed to a topic: to that of what is done, if no other is asked for."""
        topic = topic or self.topic
        queue = Queue.made(self.cloud.client("sqs"), f"listener-{secrets.token_hex(4)}", {})
        queue.permit(_delivery(queue.arn, topic))
        attributes = {"RawMessageDelivery": "true"}
        self.cloud.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=attributes
        )
        return queue

    def hurry(self, seconds: int = 1) -> None:
        """Have messages come again soon, not after six times the function's timeout."""
        url = self._output(QUEUE, "jobs", "url")
        self.cloud.client("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)}
        )

    def wait_until_settled(self) -> None:
        """Wait until no message is left; those of removals came once more. None may have died."""
        until(lambda: self.queue.is_empty, _PATIENCE, "an empty queue", self.story)
        if not self.dead.is_empty:
            raise RuntimeError(f"a message has died: {self.story()}")

    def wait_for_dead(self) -> list[str]:
        """The bodies of the dead messages, when there are some."""
        # They are moved when the queue is looked at, not before.
        until(lambda: self.queue.depth and self.dead.depth.waiting, _PATIENCE, "dead messages", self.story)
        return self.dead.bodies()

    def log(self) -> list[str]:
        """All lines of the worker's log."""
        pages = self.cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=self._log)
        return [str(event["message"]) for page in pages for event in page["events"]]

    def lines(self, key: str) -> list[dict[str, Any]]:
        """What the worker has told of an original."""
        found = (json.loads(line) for line in self.log() if line.startswith("{"))
        return [each for each in found if each.get("key") == key]

    def configuration(self) -> dict[str, Any]:
        """The function as Lambda has it."""
        return self.cloud.client("lambda").get_function_configuration(FunctionName=self.function)

    def story(self) -> str:
        """What is to be known when something did not come."""
        depths = {"queue": self.queue.depth, "dead": self.dead.depth}
        return "\n".join([str(depths), *self.log()[-_TOLD:], *self.cloud.log.splitlines()[-_TOLD:]])

    def _own(self, role: str) -> str:
        return self._output(BUCKET, role, "bucket")

    def _output(self, kind: str, name: str, output: str) -> str:
        return self.stack.resource(kind, f"{self.name}-{name}").outputs[output]


def _delivery(queue: str, topic: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
