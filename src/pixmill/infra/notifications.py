"""The topic that tells what is done: one message for each manifest that is written or removed."""

import json
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from pixmill.infra import policies
from pixmill.infra.queue import event_pattern
from pixmill.keys import MANIFESTS

if TYPE_CHECKING:
    from pixmill.infra.blueprint import Blueprint
    from pixmill.infra.storage import Storage
    from pixmill.infra.surroundings import Surroundings

_NOTIFICATIONS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
_EVENTS = ["Object Created", "Object Deleted"]


class Notifications(pulumi.ComponentResource):
    """The topic, fed by the destination itself: a manifest is written last, so all that it names is there.

    It is not encrypted: neither S3 nor CloudWatch can publish to a topic with SNS's own key ("Key management"
    in the SNS Developer Guide), and messages hold names of objects alone.

    Attributes:
        topic: the topic.
    """

    def __init__(
        self,
        blueprint: "Blueprint",
        destination: "Storage",
        here: "Output[Surroundings]",
        opts: ResourceOptions,
    ) -> None:
        super().__init__("pixmill:index:Notifications", f"{blueprint.name}-notifications", None, opts)
        name = f"{blueprint.name}-done"
        within = ResourceOptions(parent=self)
        self.topic = aws.sns.Topic(name, tags=blueprint.tags, opts=within)

        def write(topic: str, here: "Surroundings", bucket: str) -> str:
            publisher = bucket if destination.is_ours else None
            return json.dumps(policies.done_topic_policy(topic, here.account, bucket=publisher))

        policy = aws.sns.TopicPolicy(
            name,
            arn=self.topic.arn,
            policy=Output.all(self.topic.arn, here, destination.arn).apply(
                lambda told: write(told[0], told[1], told[2])
            ),
            opts=within,
        )
        after = ResourceOptions.merge(within, ResourceOptions(depends_on=[policy]))
        prefix = f"{destination.prefix}{MANIFESTS}/"
        if destination.is_ours:
            aws.s3.BucketNotification(
                f"{blueprint.name}-destination",
                bucket=destination.bucket,
                topics=[{"topic_arn": self.topic.arn, "events": _NOTIFICATIONS, "filter_prefix": prefix}],
                opts=after,
            )
        else:
            rule = aws.cloudwatch.EventRule(
                f"{blueprint.name}-destination",
                description=f"Manifests of the Pixmill pipeline {blueprint.name}",
                event_pattern=destination.bucket.apply(lambda bucket: event_pattern(bucket, prefix, _EVENTS)),
                tags=blueprint.tags,
                opts=within,
            )
            aws.cloudwatch.EventTarget(
                f"{blueprint.name}-destination", rule=rule.name, arn=self.topic.arn, opts=after
            )
        self.register_outputs({"topic_arn": self.topic.arn})
