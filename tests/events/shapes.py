"""Events in every envelope, made to measure."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

Event = dict[str, Any]

TIME = "2026-11-23T10:00:00.000Z"
TEST_EVENT: Event = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": TIME,
    "Bucket": "uploads",
    "RequestId": "5582815E1AEA5ADF",
    "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
}


def s3_record(key: str = "cat.png", name: str = "ObjectCreated:Put", *, time: str = TIME) -> Event:
    """The key is given as it is, and is encoded here as S3 does it."""
    thing = {
        "key": quote_plus(key, safe="/"),
        "size": 1024,
        "eTag": "d41d8",
        "versionId": "v1",
        "sequencer": "0A",
    }
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": name,
        "eventTime": time,
        "s3": {"bucket": {"name": "uploads", "arn": "arn:aws:s3:::uploads"}, "object": thing},
    }


def s3(*keys: str) -> Event:
    return {"Records": [s3_record(key) for key in keys]}


def eventbridge(key: str = "cat.png", name: str = "Object Created") -> Event:
    thing = {"key": key, "size": 1024, "etag": "d41d8", "version-id": "v1", "sequencer": "0A"}
    return {
        "version": "0",
        "source": "aws.s3",
        "detail-type": name,
        "time": TIME,
        "resources": ["arn:aws:s3:::uploads"],
        "detail": {"version": "0", "bucket": {"name": "uploads"}, "object": thing},
    }


def manual(key: str = "cat.png") -> Event:
    return {"keys": [key], "bucket": "uploads"}


def sns_notification(event: object) -> Event:
    """What a queue gets from a topic."""
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:::topic", "Message": json.dumps(event)}


def sns(*events: object) -> Event:
    """What Lambda gets from a topic."""
    records = [{"EventSource": "aws:sns", "Sns": sns_notification(event)} for event in events]
    return {"Records": records}


def sqs_record(body: str, number: int = 1, *, received: str = "1") -> Event:
    return {
        "messageId": f"message-{number}",
        "eventSource": "aws:sqs",
        "body": body,
        "attributes": {"ApproximateReceiveCount": received},
    }


def sqs(*events: object) -> Event:
    return {
        "Records": [sqs_record(json.dumps(event), number) for number, event in enumerate(events, start=1)]
    }


def sqs_of_sns(*events: object) -> Event:
    return sqs(*map(sns_notification, events))


def batch(*keys: str, version: str = "2.0") -> Event:
    bucket = {"1.0": ("s3BucketArn", "arn:aws:s3:::uploads"), "2.0": ("s3Bucket", "uploads")}[version]
    tasks = [
        {"taskId": f"task-{number}", "s3Key": quote_plus(key), "s3VersionId": None, bucket[0]: bucket[1]}
        for number, key in enumerate(keys, start=1)
    ]
    return {
        "invocationSchemaVersion": version,
        "invocationId": "invocation",
        "job": {"id": "job"},
        "tasks": tasks,
    }


def plain(event: Event) -> Event:
    return event


NOTICES: dict[str, Callable[[str], Event]] = {"s3": s3, "eventbridge": eventbridge, "manual": manual}
WRAPPINGS: dict[str, Callable[[Event], Event]] = {
    "plain": plain,
    "sns": sns,
    "sqs": sqs,
    "sqs of sns": sqs_of_sns,
}
