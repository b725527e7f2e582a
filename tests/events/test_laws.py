"""What holds for any event, in any envelope, with any key."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.events.shapes import NOTICES, TEST_EVENT, WRAPPINGS, Event, batch, s3, sns

from pixmill.errors import Failed
from pixmill.events import Message, changes, eventbridge, messages
from pixmill.events import s3 as s3_notifications

RECORDED = [
    json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "data").rglob("*.json"))
]
QUIET = s3_notifications.QUIET | eventbridge.QUIET | {"s3:TestEvent"}

PIECES = st.sampled_from(
    ["%", "%2B", "%25", "+", " ", "é", "猫", "🐈", "/", "\\", '"', "\n", "\0", ".", "e\u0301"]
)
KEYS = (st.lists(PIECES).map("".join) | st.text(st.characters(exclude_categories=["Cs"]))).filter(bool)

NAMES = st.sampled_from(
    [
        "Records", "eventSource", "EventSource", "eventName", "s3", "bucket", "object", "key", "name", "Sns",
        "Message", "body", "messageId", "source", "detail-type", "detail", "keys", "tasks", "taskId", "s3Key",
        "invocationSchemaVersion", "invocationId", "Event", "Type", "TopicArn",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "aws:s3",
        "aws:sqs",
        "aws:sns",
        "aws.s3",
        "s3:TestEvent",
        "ObjectCreated:Put",
        "2.0",
        "Notification",
        "{}",
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=5),
    max_leaves=12,
)


@given(KEYS)
@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_key_comes_out_of_any_nesting_as_it_went_in(wrapping: str, notice: str, key: str) -> None:
    [change] = changes(WRAPPINGS[wrapping](NOTICES[notice](key)))

    assert (change.bucket, change.key) == ("uploads", key)


@given(KEYS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_key_comes_out_of_a_job_as_it_went_in(version: str, key: str) -> None:
    [change] = changes(batch(key, version=version))

    assert (change.bucket, change.key) == ("uploads", key)


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_test_event_asks_for_nothing_in_any_nesting(wrap: Callable[[Event], Event]) -> None:
    [message] = messages(wrap(TEST_EVENT))

    assert not message.changes
    assert not message.error


@given(JSON)
def test_what_is_no_event_is_never_taken_for_success(event: object) -> None:
    never_silent(event)


@given(JSON, st.sampled_from(list(WRAPPINGS)))
def test_what_is_no_event_is_never_taken_for_success_inside_an_envelope(inner: Any, wrapping: str) -> None:  # noqa: ANN401
    never_silent(WRAPPINGS[wrapping](inner))


@given(st.data())
def test_a_recorded_event_that_was_damaged_is_never_taken_for_success(data: st.DataObject) -> None:
    """Any part of it replaced by anything, or left out; bodies of messages are opened and damaged inside."""
    event = json.loads(json.dumps(data.draw(st.sampled_from([*RECORDED, s3("a.png", "b.png")]))))
    holder, name = data.draw(st.sampled_from(list(parts(event))))
    if data.draw(st.booleans()):
        holder[name] = data.draw(JSON | st.sampled_from(RECORDED))
    else:
        del holder[name]

    never_silent(event)


def never_silent(event: Any) -> None:  # noqa: ANN401 - any JSON at all
    """Nothing but the typed error is raised, and each message has something to do or something to say."""
    try:
        found = messages(event)
    except Failed as error:
        found = [Message(error=error)]

    assert found
    for message in found:
        if not message.changes and message.error is None:
            assert any(name in json.dumps(event) for name in QUIET)
        assert all(change.key and change.key.encode() for change in message.changes)
        assert message.error is None or message.error.retryable


def parts(event: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON at all
    """Every place in an event, by what holds it and the name or number there."""
    names = event if isinstance(event, dict) else range(len(event)) if isinstance(event, list) else ()
    for name in names:
        yield event, name
        yield from parts(event[name])


@pytest.mark.parametrize(
    "event", [None, "", "Hello", 3, True, [], [s3("a.png")], {}, {"Records": []}, {"Records": {}}]
)
def test_next_to_nothing_is_refused(event: object) -> None:
    with pytest.raises(Failed, match="The event: expected one of an SQS batch, "):
        messages(event)


def test_json_nested_beyond_reason_is_refused() -> None:
    event = WRAPPINGS["sqs"]({})
    event["Records"][0]["body"] = '{"Records":' * 100_000

    [message] = messages(event)

    assert message.error
    assert message.error.message == "Records[0].body: expected JSON, got another text."


def test_an_event_of_an_unknown_service_is_refused_by_name() -> None:
    event = {"Records": [{"eventSource": "aws:dynamodb"}, {"eventSource": "jane@example.com"}], "more": 1}

    with pytest.raises(Failed) as caught:
        messages(event)

    assert caught.value.message.endswith(
        "got an object with the fields 'Records', 'more'; its records come from 'aws:dynamodb'."
    )


def test_an_event_with_the_marks_of_two_envelopes_is_refused() -> None:
    with pytest.raises(Failed, match="the marks of several: an S3 notification and a list of keys"):
        messages(s3("a.png") | {"keys": ["b.png"]})
    with pytest.raises(Failed, match="the marks of several: an S3 notification and an SNS delivery"):
        messages({"Records": s3("a.png")["Records"] + sns(s3("b.png"))["Records"]})


def test_who_cannot_report_one_record_gets_its_error() -> None:
    event = s3("a.png", "b.png")
    del event["Records"][1]["s3"]

    with pytest.raises(Failed, match=r"Records\[1\]"):
        changes(event)
