"""SQS batches: the message is the unit that succeeds or fails."""

import json

import pytest
from tests.events.shapes import TEST_EVENT, eventbridge, manual, s3, sns, sns_notification, sqs, sqs_record

from pixmill.events import batch_response, is_batch_job, is_queue, messages


def test_one_bad_message_spoils_no_other() -> None:
    """Exactly the bad ones can be reported, and all the others be done."""
    event = sqs(
        s3("a.png", "b.png"),
        "Hello from Jane!",
        eventbridge("c.png"),
        {"order": 7},
        sns_notification(s3("d.png")),
        TEST_EVENT,
        sns_notification(TEST_EVENT),
        manual("e.png"),
    )
    event["Records"].append(sqs_record("{", 9))

    found = messages(event)

    assert [[change.key for change in message.changes] for message in found] == [
        ["a.png", "b.png"],
        [],
        ["c.png"],
        [],
        ["d.png"],
        [],
        [],
        ["e.png"],
        [],
    ]
    assert [message.id for message in found if message.error] == ["message-2", "message-4", "message-9"]
    assert all(message.error.retryable for message in found if message.error)


def test_of_a_message_with_a_bad_record_the_others_are_done_and_it_is_reported() -> None:
    body = s3("a.png", "b.png")
    body["Records"][0]["s3"]["object"]["key"] = ""

    [message] = messages(sqs(body))

    assert [change.key for change in message.changes] == ["b.png"]
    assert message.error
    assert message.error.message == (
        "Records[0].body.Records[0].s3.object.key: expected a text, got a text that is empty."
    )


def test_an_error_names_fields_and_no_values() -> None:
    [message] = messages(sqs({"customer": "Jane Doe", "jane@example.com": "secret", "order-id": 7}))

    assert message.error
    assert message.error.code == "unknown-event"
    assert message.error.message == (
        "Records[0].body: expected one of an S3 notification, an S3 test event, an EventBridge event, "
        "a list of keys, an SNS notification, got an object with the fields "
        "'customer', 'order-id' and 1 more."
    )


@pytest.mark.parametrize(
    "body",
    [
        sqs(s3("a.png")),
        sns(s3("a.png")),
        sns_notification(sns_notification(s3("a.png"))),
        sns_notification(eventbridge()) | {"Type": "SubscriptionConfirmation"},
        {"Records": []},
        s3("a.png") | {"keys": ["b.png"]},
        TEST_EVENT | s3("a.png"),
        {"Event": "s3:OtherEvent", "Service": "Amazon S3", "Bucket": "uploads"},
        {},
        [],
        None,
    ],
)
def test_no_body_is_understood_by_guessing(body: object) -> None:
    """Nestings that no service makes, two envelopes in one, and next to nothing."""
    [message] = messages(sqs(body))

    assert message.error
    assert not message.changes


def test_a_record_of_another_service_among_those_of_a_queue_spoils_no_other() -> None:
    event = {"Records": sqs(s3("a.png"))["Records"] + [sqs_record("{}") | {"eventSource": "aws:kinesis"}]}

    good, bad = messages(event)

    assert good.changes
    assert bad.error
    assert bad.error.message == "Records[1].eventSource: expected 'aws:sqs', got another service."


@pytest.mark.parametrize(
    ("told", "count", "verify"),
    [
        ("1", 1, False),
        ("2", 2, True),
        ("17", 17, True),
        (None, 1, False),
        ("0", 1, False),
        ("many", 1, False),
        ("9" * 5000, 1, False),
        ("²", 1, False),
    ],
)
def test_a_message_that_was_here_before_is_to_be_verified(told: str, count: int, *, verify: bool) -> None:
    [message] = messages({"Records": [sqs_record(json.dumps(manual()), received=told)]})

    assert (message.receive_count, message.verify) == (count, verify)


def test_a_bad_message_has_its_id_and_count_as_well() -> None:
    [message] = messages({"Records": [sqs_record("?", received="4")]})

    assert (message.id, message.receive_count) == ("message-1", 4)


def test_failed_messages_go_back_once_each() -> None:
    expected = {"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "a"}]}

    assert expected == batch_response(["b", "a", "b"])
    assert batch_response([]) == {"batchItemFailures": []}


def test_a_message_without_an_id_is_done_and_if_that_fails_all_go_back() -> None:
    """An empty identifier is how Lambda is told that the whole batch failed."""
    event = sqs(s3("a.png"))
    del event["Records"][0]["messageId"]

    [message] = messages(event)

    assert message.changes
    assert batch_response([message.id]) == {"batchItemFailures": [{"itemIdentifier": ""}]}


def test_who_is_to_be_answered_how_can_be_told() -> None:
    assert is_queue(sqs("?"))
    assert not is_queue(s3("a.png"))
    assert not is_batch_job(sqs("?"))
