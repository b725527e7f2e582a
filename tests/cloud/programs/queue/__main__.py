"""A queue with its dead-letter queue, and a policy on it."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
dead = aws.sqs.Queue("dead")
queue = aws.sqs.Queue(
    "work",
    visibility_timeout_seconds=config.require_int("timeout"),
    redrive_policy=dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})),
)
aws.sqs.RedriveAllowPolicy(
    "dead",
    queue_url=dead.url,
    redrive_allow_policy=queue.arn.apply(
        lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]})
    ),
)
pulumi.export("url", queue.url)
