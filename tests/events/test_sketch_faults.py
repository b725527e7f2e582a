"""Fault 41 of the first sketch's handler: events that it took for done without having done anything."""

import json
from contextlib import suppress
from typing import Any

import pytest

from pixmill import events
from pixmill.errors import Failed

S3 = {
    "Records": [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "eventTime": "2026-11-23T10:00:00.000Z",
            "s3": {"bucket": {"name": "uploads"}, "object": {"key": "uploads/cat.jpg", "size": 1}},
        }
    ]
}
BRIDGE = {
    "source": "aws.s3",
    "detail-type": "Object Created",
    "time": "2026-11-23T10:00:00Z",
    "detail": {"bucket": {"name": "uploads"}, "object": {"key": "uploads/cat.jpg"}},
}


def in_sqs(body: str) -> dict[str, Any]:
    record = {
        "messageId": "1",
        "eventSource": "aws:sqs",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    return {"Records": [record]}


def sketch(event: dict[str, Any]) -> tuple[int, list[str]]:
    """The sketch's handler: every error is logged and left behind, and the answer is always 200."""
    keys: list[str] = []
    with suppress(Exception):
        keys.extend(record["s3"]["object"]["key"] for record in event.get("Records", []))
    return 200, keys


def test_41_what_the_sketch_did_understand() -> None:
    assert sketch(S3) == (200, ["uploads/cat.jpg"])
    assert [change.key for change in events.changes(S3)] == ["uploads/cat.jpg"]


@pytest.mark.parametrize("name", ["S3 in SQS", "EventBridge", "EventBridge in SQS"])
def test_41_wrapped_events_are_understood(name: str) -> None:
    event = {
        "S3 in SQS": in_sqs(json.dumps(S3)),
        "EventBridge": BRIDGE,
        "EventBridge in SQS": in_sqs(json.dumps(BRIDGE)),
    }[name]

    assert sketch(event) == (200, [])
    assert [change.key for change in events.changes(event)] == ["uploads/cat.jpg"]


@pytest.mark.parametrize(
    "event", [{}, {"Records": [{"what": 1}]}, in_sqs("not JSON")], ids=["empty", "odd", "no JSON"]
)
def test_41_what_is_not_understood_is_no_success(event: dict[str, Any]) -> None:
    assert sketch(event) == (200, [])
    with pytest.raises(Failed) as caught:
        events.changes(event)

    assert caught.value.code == "unknown-event"
    assert caught.value.retryable


def test_41_a_test_event_asks_for_nothing() -> None:
    test = {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-23T10:00:00.000Z",
        "Bucket": "uploads",
    }

    assert events.changes(test) == []
