"""SNS around other envelopes, as Lambda gets it."""

import pytest
from tests.events.shapes import TEST_EVENT, eventbridge, manual, s3, sns

from pixmill.events import messages


def test_each_record_is_a_message_of_its_own_and_a_bad_one_spoils_no_other() -> None:
    event = sns(s3("a.png", "b.png"), eventbridge("c.png"), "hello", manual("d.png"), TEST_EVENT)

    found = messages(event)

    assert [[change.key for change in message.changes] for message in found] == [
        ["a.png", "b.png"],
        ["c.png"],
        [],
        ["d.png"],
        [],
    ]
    assert [bool(message.error) for message in found] == [False, False, True, False, False]


def test_a_message_that_is_no_json_is_refused_at_its_place_and_not_quoted() -> None:
    event = sns(s3("a.png"))
    event["Records"][0]["Sns"]["Message"] = "Hello from Jane!"

    [message] = messages(event)

    assert message.error
    assert message.error.message == "Records[0].Sns.Message: expected JSON, got another text."


@pytest.mark.parametrize("inner", [sns(s3("a.png")), {"Records": []}, [], None, 3, "{}"])
def test_what_sns_does_not_carry_is_refused(inner: object) -> None:
    [message] = messages(sns(inner))

    assert message.error


def test_a_topic_that_carries_several_records_keeps_what_can_be_read() -> None:
    notification = s3("a.png", "b.png", "c.png")
    del notification["Records"][0]["s3"], notification["Records"][2]["s3"]

    [message] = messages(sns(notification))

    assert [change.key for change in message.changes] == ["b.png"]
    assert message.error
    assert message.error.message == (
        "Records[0].Sns.Message.Records[0].s3.bucket.name: expected a text, got nothing. "
        "And 1 more like this."
    )
