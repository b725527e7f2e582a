"""S3 events from EventBridge."""

from datetime import UTC, datetime

import pytest
from tests.events.shapes import eventbridge

from pixmill.events import Change, changes, messages
from pixmill.events.eventbridge import QUIET


def test_all_that_is_told_of_an_object_is_kept() -> None:
    time = datetime(2026, 11, 23, 10, tzinfo=UTC)

    assert changes(eventbridge("cats/cat.png")) == [
        Change("uploads", "cats/cat.png", "put", time, "d41d8", "v1", "0A", 1024)
    ]


@pytest.mark.parametrize("key", ["red flower.jpg", "1+1.jpg", "a%2Bb.jpg", "100%.jpg", "猫/🐈.png", "%E9"])
def test_a_key_is_taken_as_it_is(key: str) -> None:
    assert [key] == [change.key for change in changes(eventbridge(key))]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Object Created", "put"),
        ("Object Deleted", "removed"),
        ("Object Restore Completed", "put"),
        ("Object Newly Invented", "named"),
    ],
)
def test_whatever_can_change_an_objects_bytes_is_a_change(name: str, kind: str) -> None:
    assert [kind] == [change.kind for change in changes(eventbridge(name=name))]


@pytest.mark.parametrize("name", sorted(QUIET))
def test_what_leaves_the_bytes_as_they_are_asks_for_nothing(name: str) -> None:
    [message] = messages(eventbridge(name=name))

    assert not message.changes
    assert not message.error


def test_events_of_other_services_are_refused() -> None:
    event = eventbridge() | {"source": "aws.ec2"}

    [message] = messages(event)

    assert message.error
    assert message.error.message == "source: expected 'aws.s3', got another source."


def test_a_call_that_cloudtrail_saw_is_refused() -> None:
    """It has the same source, but says its key in another place, and not whether the call succeeded."""
    event = eventbridge(name="AWS API Call via CloudTrail")
    event["detail"] = {"requestParameters": {"bucketName": "uploads", "key": "cat.png"}}

    [message] = messages(event)

    assert message.error
    assert "detail.bucket.name" in message.error.message
