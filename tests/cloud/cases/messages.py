"""What SQS and SNS refuse."""

import json

from tests.cloud.well import (
    ALLOWANCE,
    EVERYONE,
    QUEUE,
    QUEUE_ARN,
    QUEUE_POLICY,
    REDRIVE,
    SUBSCRIPTION,
    TOPIC,
    TOPIC_ARN,
    TOPIC_POLICY,
    policy,
)

from .case import Case

CASES = {
    "a queue's name with a dot": Case(QUEUE, {"name": "a.queue"}, "Can only include alphanumeric characters"),
    "messages that stay invisible for a day": Case(
        QUEUE, {"visibilityTimeoutSeconds": 86400}, "Invalid value for the parameter VisibilityTimeout"
    ),
    "messages that stay for a month": Case(
        QUEUE, {"messageRetentionSeconds": 2592000}, "Invalid value for the parameter MessageRetentionPeriod"
    ),
    "two encryptions": Case(
        QUEUE, {"sqsManagedSseEnabled": True, "kmsMasterKeyId": "k"}, "one type of server-side encryption"
    ),
    "a dead-letter queue without an ARN": Case(
        REDRIVE,
        {"redrivePolicy": '{"deadLetterTargetArn": "dead", "maxReceiveCount": 3}'},
        "Invalid value for deadLetterTargetArn",
    ),
    "no receives": Case(
        REDRIVE,
        {"redrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE_ARN, "maxReceiveCount": 0})},
        "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000",
    ),
    "a redrive policy that is no JSON": Case(REDRIVE, {"redrivePolicy": "{"}, "Not a JSON object"),
    "eleven sources": Case(
        ALLOWANCE,
        {"redriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": ["a"] * 11})},
        "Invalid value for the parameter RedriveAllowPolicy",
    ),
    "a queue's policy about no ARN": Case(
        QUEUE_POLICY,
        {"policy": policy(**EVERYONE, Action="sqs:SendMessage", Resource="queue")},
        "InvalidAttributeValue: Invalid value for the parameter Policy.",
    ),
    "a topic's name with a space": Case(TOPIC, {"name": "a topic"}, "Invalid parameter: Topic Name"),
    "a topic's policy about a queue": Case(
        TOPIC_POLICY,
        {"policy": policy(**EVERYONE, Action="sqs:SendMessage", Resource=TOPIC_ARN)},
        "Policy statement action out of service scope!",
    ),
    "a topic's policy about no ARN": Case(
        TOPIC_POLICY,
        {"policy": policy(**EVERYONE, Action="sns:Publish", Resource="topic")},
        "Invalid parameter: Policy Error: null",
    ),
    "a mailbox that is none": Case(SUBSCRIPTION, {"endpoint": "ops"}, "Invalid parameter: Email address"),
    "a queue that is no ARN": Case(
        SUBSCRIPTION, {"protocol": "sqs", "endpoint": "queue"}, "Invalid parameter: SQS endpoint ARN"
    ),
    "a protocol that is not known": Case(
        SUBSCRIPTION, {"protocol": "pigeon"}, "does not support this protocol string: pigeon"
    ),
    "a filter that is no JSON": Case(
        SUBSCRIPTION, {"filterPolicy": "{"}, "FilterPolicy: failed to parse JSON"
    ),
}
