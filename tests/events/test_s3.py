"""S3's own notifications."""

from datetime import UTC, datetime

import pytest
from tests.events.shapes import Event, s3, s3_record

from pixmill.events import Change, changes, messages
from pixmill.events.s3 import QUIET

LOUD = {
    "ObjectCreated:Put": "put",
    "ObjectCreated:Post": "put",
    "ObjectCreated:Copy": "put",
    "ObjectCreated:CompleteMultipartUpload": "put",
    "ObjectRemoved:Delete": "removed",
    "ObjectRemoved:DeleteMarkerCreated": "removed",
    "LifecycleExpiration:Delete": "removed",
    "LifecycleExpiration:DeleteMarkerCreated": "removed",
    "ObjectRestore:Completed": "put",
    "ReducedRedundancyLostObject": "removed",
}


def test_all_that_is_told_of_an_object_is_kept() -> None:
    expected = Change(
        bucket="uploads",
        key="cats/cat.png",
        kind="put",
        time=datetime(2026, 11, 23, 10, tzinfo=UTC),
        etag="d41d8",
        version="v1",
        sequencer="0A",
        size=1024,
    )

    assert [expected] == changes(s3("cats/cat.png"))


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("red+flower.jpg", "red flower.jpg"),
        ("red%20flower.jpg", "red flower.jpg"),
        ("1%2B1.jpg", "1+1.jpg"),
        ("a%252Bb.jpg", "a%2Bb.jpg"),
        ("100%25.jpg", "100%.jpg"),
        ("100%2525.jpg", "100%25.jpg"),
        ("%E7%8C%AB/%F0%9F%90%88.png", "猫/🐈.png"),
        ("e%CC%81.png", "e\u0301.png"),
        ("a%2F%2Fb/..%2F.", "a//b/../."),
        ("line%0Abreak%00.png", "line\nbreak\0.png"),
        ("猫.png", "猫.png"),
    ],
)
def test_a_key_is_decoded_exactly_once(encoded: str, key: str) -> None:
    event = s3("x")
    event["Records"][0]["s3"]["object"]["key"] = encoded

    assert [key] == [change.key for change in changes(event)]


def test_a_decoded_key_that_some_senders_add_is_not_looked_at() -> None:
    event = s3("a%2Bb+c.jpg")
    event["Records"][0]["s3"]["object"]["urlDecodedKey"] = "something else"

    assert [change.key for change in changes(event)] == ["a%2Bb+c.jpg"]


def test_bytes_that_are_not_utf8_do_not_become_another_key() -> None:
    event = s3("x")
    event["Records"][0]["s3"]["object"]["key"] = "caf%E9.png"

    [message] = messages(event)

    assert message.error
    assert "Records[0].s3.object.key: expected a URL-encoded key in UTF-8" in message.error.message


@pytest.mark.parametrize("prefix", ["", "s3:"])
@pytest.mark.parametrize(("name", "kind"), LOUD.items())
def test_whatever_can_change_an_objects_bytes_is_a_change(name: str, kind: str, prefix: str) -> None:
    """S3 writes the names of its events with and without "s3:"."""
    assert [kind] == [change.kind for change in changes({"Records": [s3_record(name=prefix + name)]})]


@pytest.mark.parametrize("name", sorted(QUIET | {"IntelligentTiering:TransitionAccess"}))
def test_what_leaves_the_bytes_as_they_are_asks_for_nothing(name: str) -> None:
    [message] = messages({"Records": [s3_record(name=name)]})

    assert not message.changes
    assert not message.error


@pytest.mark.parametrize("name", ["ObjectTagging", "ObjectAcl:Delete", "ObjectRestore:Again", "Anything:New"])
def test_an_event_that_s3_has_yet_to_invent_is_a_change(name: str) -> None:
    """A look too many does no harm; one too few leaves renditions stale."""
    assert [change.kind for change in changes({"Records": [s3_record(name=name)]})] == ["named"]


def test_every_record_counts_and_one_bad_record_spoils_no_other() -> None:
    event = s3("a.png", "b.png", "c.png")
    del event["Records"][1]["s3"]["object"]["key"]

    first, second, third = messages(event)

    assert [change.key for change in first.changes + third.changes] == ["a.png", "c.png"]
    assert second.error
    assert second.error.retryable
    assert second.error.message == "Records[1].s3.object.key: expected a text, got nothing."


def test_a_record_of_another_service_among_those_of_s3_is_not_taken_for_one() -> None:
    event = s3("a.png", "b.png")
    event["Records"][1]["eventSource"] = "aws:dynamodb"

    first, second = messages(event)

    assert first.changes
    assert second.error
    assert "eventSource" in second.error.message


@pytest.mark.parametrize("field", ["key", "bucket", "eventName"])
@pytest.mark.parametrize("value", [None, "", 7, [], {}, "half \ud83d"])
def test_without_bucket_key_or_name_a_record_is_refused(field: str, value: object) -> None:
    record = s3_record()
    places: dict[str, tuple[Event, str]] = {
        "key": (record["s3"]["object"], "key"),
        "bucket": (record["s3"]["bucket"], "name"),
        "eventName": (record, "eventName"),
    }
    holder, name = places[field]
    holder[name] = value

    [message] = messages({"Records": [record]})

    assert message.error
    assert not message.changes


@pytest.mark.parametrize(
    "value", [None, "", -1, "yesterday", "\ud83d", True, [], {}, "0001-01-01T00:00:00+23:00"]
)
def test_what_is_only_for_metrics_may_be_missing_or_odd(value: object) -> None:
    record = s3_record()
    record["eventTime"] = value
    record["s3"]["object"] = {"key": "cat.png", "size": value, "eTag": "\ud83d", "versionId": 3}

    assert changes({"Records": [record]}) == [Change("uploads", "cat.png", "put")]
