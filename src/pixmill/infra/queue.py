"""The queue between the source and the worker: nothing that happens to an original is lost on the way."""

import json
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from pixmill.infra import policies

if TYPE_CHECKING:
    from pixmill.infra.blueprint import Blueprint
    from pixmill.infra.storage import Storage
    from pixmill.infra.surroundings import Surroundings

_DAY = 24 * 60 * 60
# A message's age goes on in the dead-letter queue: "Using dead-letter queues in Amazon SQS". So it must keep
# for longer than the queue does; 14 days are the most.
_KEEP_SECONDS = 4 * _DAY
_KEEP_DEAD_SECONDS = 14 * _DAY

_NOTIFICATIONS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]
_EVENTS = ["Object Created", "Object Deleted"]


class Queue(pulumi.ComponentResource):
    """The queue, its dead-letter queue, and what the source sends there.

    Both are encrypted by SQS itself: a KMS key would need a policy that lets S3 and EventBridge use it, and
    messages hold names of objects alone.

    Attributes:
        queue: the queue.
        dead_letters: messages that were tried too often.
    """

    def __init__(
        self,
        blueprint: "Blueprint",
        source: "Storage",
        here: "Output[Surroundings]",
        opts: ResourceOptions,
    ) -> None:
        super().__init__("pixmill:index:Queue", f"{blueprint.name}-queue", None, opts)
        self._name = blueprint.name
        self._opts = ResourceOptions(parent=self)
        self.dead_letters = aws.sqs.Queue(
            f"{blueprint.name}-dead-letters",
            message_retention_seconds=_KEEP_DEAD_SECONDS,
            sqs_managed_sse_enabled=True,
            tags=blueprint.tags,
            opts=self._opts,
        )
        self.queue = aws.sqs.Queue(
            f"{blueprint.name}-jobs",
            visibility_timeout_seconds=blueprint.visibility_timeout_seconds,
            message_retention_seconds=_KEEP_SECONDS,
            sqs_managed_sse_enabled=True,
            redrive_policy=self.dead_letters.arn.apply(
                lambda arn: json.dumps(
                    {"deadLetterTargetArn": arn, "maxReceiveCount": blueprint.max_receive_count}
                )
            ),
            tags=blueprint.tags,
            opts=self._opts,
        )
        aws.sqs.RedriveAllowPolicy(
            f"{blueprint.name}-dead-letters",
            queue_url=self.dead_letters.url,
            redrive_allow_policy=self.queue.arn.apply(
                lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]})
            ),
            opts=self._opts,
        )
        if source.is_ours:
            self._hear_bucket(source, here)
        else:
            self._hear_events(source, here, blueprint)
        self.register_outputs({"queue_url": self.queue.url, "dead_letters_url": self.dead_letters.url})

    def _hear_bucket(self, source: "Storage", here: "Output[Surroundings]") -> None:
        """Have the bucket notify the queue, which must let it before it is told to: S3 tries at once."""
        policy = self._permit("jobs", self.queue, here, bucket=source.arn)
        self._permit("dead-letters", self.dead_letters, here)
        aws.s3.BucketNotification(
            f"{self._name}-source",
            bucket=source.bucket,
            queues=[{"queue_arn": self.queue.arn, "events": _NOTIFICATIONS, "filter_prefix": source.prefix}],
            opts=ResourceOptions.merge(self._opts, ResourceOptions(depends_on=[policy])),
        )

    def _hear_events(self, source: "Storage", here: "Output[Surroundings]", blueprint: "Blueprint") -> None:
        """Have EventBridge send to the queue what happens in a bucket that is not ours.

        A bucket has one document of notifications, and writing ours would erase its owner's: "Enabling and
        configuring event notifications" in the S3 User Guide.
        """
        rule = aws.cloudwatch.EventRule(
            f"{self._name}-source",
            description=f"Originals of the Pixmill pipeline {self._name}",
            event_pattern=source.bucket.apply(lambda bucket: event_pattern(bucket, source.prefix, _EVENTS)),
            tags=blueprint.tags,
            opts=self._opts,
        )
        policies_first = [
            self._permit("jobs", self.queue, here, rule=rule.arn),
            self._permit("dead-letters", self.dead_letters, here, rule=rule.arn),
        ]
        # What EventBridge cannot deliver within a day of trying is kept as well.
        aws.cloudwatch.EventTarget(
            f"{self._name}-source",
            rule=rule.name,
            arn=self.queue.arn,
            dead_letter_config={"arn": self.dead_letters.arn},
            opts=ResourceOptions.merge(self._opts, ResourceOptions(depends_on=policies_first)),
        )

    def _permit(
        self,
        name: str,
        queue: aws.sqs.Queue,
        here: "Output[Surroundings]",
        *,
        bucket: Output[str] | None = None,
        rule: Output[str] | None = None,
    ) -> aws.sqs.QueuePolicy:
        def write(queue: str, here: "Surroundings", bucket: str | None, rule: str | None) -> str:
            rules = [rule] if rule else []
            return json.dumps(policies.queue_policy(queue, here.account, bucket=bucket, rules=rules))

        known = Output.all(queue.arn, here, bucket, rule)
        return aws.sqs.QueuePolicy(
            f"{self._name}-{name}",
            queue_url=queue.url,
            policy=known.apply(lambda told: write(told[0], told[1], told[2], told[3])),
            opts=self._opts,
        )


def event_pattern(bucket: str, prefix: str, types: list[str]) -> str:
    """The pattern of EventBridge's events of some types about a folder of a bucket."""
    detail: dict[str, object] = {"bucket": {"name": [bucket]}}
    if prefix:
        detail["object"] = {"key": [{"prefix": prefix}]}
    return json.dumps({"source": ["aws.s3"], "detail-type": types, "detail": detail})
