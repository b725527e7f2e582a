"""Events recorded by others are parsed or refused clearly; none is taken for success wrongly."""

import json
from pathlib import Path

import pytest

from pixmill.errors import Failed
from pixmill.events import Message, messages

DATA = Path(__file__).parent / "data"
DEMO = "amzn-s3-demo-bucket"

UNDERSTOOD: dict[str, list[tuple[str, str, str]]] = {
    "aws-lambda-go/s3-batch-job-event-request-1.0": [("awsexamplebucket", "customerImage1.jpg", "named")],
    "aws-lambda-go/s3-batch-job-event-request-2.0": [("awsexamplebucket", "customerImage1.jpg", "named")],
    "aws-lambda-go/s3-event": [("sourcebucket", "Happy Face.jpg", "put")],
    "aws-lambda-go/s3-event-with-decoded": [("sourcebucket", "Happy Face.jpg", "put")],
    "aws-lambda-go/s3-restore-event": [("example-bucket", "glacier-test.txt", "put")],
    "handwritten/eventBridgeSnsSqs": [(DEMO, "red flower.jpg", "removed")],
    "handwritten/eventBridgeSqs": [(DEMO, "red flower.jpg", "put")],
    "handwritten/eventBridgeUnicodeKey": [(DEMO, "猫/🐈 café + 100% %2B.png", "put")],
    "handwritten/keys": [
        (DEMO, "cats/cat.png", "named"),
        (DEMO, "red flower.jpg", "named"),
        (DEMO, "a%2Bb.png", "named"),
    ],
    "handwritten/s3BatchUnicodeKey": [(DEMO, "猫/red flower+.jpg", "named")],
    "handwritten/s3LifecycleExpiration": [(DEMO, "old/cat.png", "removed")],
    "handwritten/s3LiteralEscape": [(DEMO, "a%2Bb.png", "put")],
    "handwritten/s3SeveralRecords": [
        (DEMO, "a.png", "put"),
        (DEMO, "b.png", "removed"),
        (DEMO, "c.png", "put"),
    ],
    "handwritten/s3Sns": [(DEMO, "red flower.jpg", "put")],
    "handwritten/s3SnsRawSqs": [(DEMO, "red flower.jpg", "put")],
    "handwritten/s3SnsSqs": [(DEMO, "red flower.jpg", "put")],
    "handwritten/s3UnicodeKey": [(DEMO, "猫/🐈 café + 100%.png", "put")],
    "powertools/s3BatchOperationEventSchemaV1": [
        ("powertools-dataset", "prefix/dataset/dataset.20231222.json.gz", "named")
    ],
    "powertools/s3BatchOperationEventSchemaV2": [
        ("powertools-dataset", "prefix/dataset/dataset.20231222.json.gz", "named")
    ],
    "powertools/s3Event": [("lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", "put")],
    "powertools/s3EventBridgeNotificationObjectCreatedEvent": [("example-bucket", "IMG_m7fzo3.jpg", "put")],
    "powertools/s3EventBridgeNotificationObjectDeletedEvent": [
        ("example-bucket", "IMG_m7fzo3.jpg", "removed")
    ],
    "powertools/s3EventBridgeNotificationObjectExpiredEvent": [
        ("example-bucket", "IMG_m7fzo3.jpg", "removed")
    ],
    "powertools/s3EventBridgeNotificationObjectRestoreCompletedEvent": [
        ("example-bucket", "IMG_m7fzo3.jpg", "put")
    ],
    "powertools/s3EventDecodedKey": [("sourcebucket", "Happy Face.jpg", "put")],
    "powertools/s3EventDeleteObject": [
        ("lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", "removed")
    ],
    "powertools/s3EventGlacier": [
        ("lambda-artifacts-deafc19498e3f2df", "b21b84d653bb07b05b1e6b33684dc11b", "put")
    ],
    "powertools/s3SqsEvent": [("xxx", "test.pdf", "put")],
}

ASKS_FOR_NOTHING = {
    "aws-lambda-go/s3-intelligenttier-event",
    "aws-lambda-go/s3-lifecycle-event",  # a transition to another storage class
    "handwritten/eventBridgeTagsAdded",
    "handwritten/s3ReplicationFailed",
    "handwritten/s3TaggingPut",
    "handwritten/s3TestEvent",
    "handwritten/s3TestEventSns",
    "handwritten/s3TestEventSnsSqs",
    "handwritten/s3TestEventSqs",
}

REFUSED = {
    "aws-lambda-go/sns-event": "Records[0].Sns.Message: expected JSON, got another text.",
    "aws-lambda-go/sqs-event": "Records[0].body: expected JSON, got another text.",
    "handwritten/dynamoDb": "its records come from 'aws:dynamodb'.",
    "handwritten/eventBridgeScheduled": "source: expected 'aws.s3', got another source.",
    "powertools/apiGatewayProxyV2IamEvent": "'rawQueryString' and 4 more.",
    "powertools/lambdaFunctionUrlEvent": "'routeKey', 'version'.",
    "powertools/snsEvent": "Records[0].Sns.Message: expected JSON, got another text.",
    "powertools/snsSqsEvent": "got an object with the fields 'message', 'username'.",
    "powertools/snsSqsFifoEvent": "got an object with the fields 'message', 'username'.",
    "powertools/sqsDlqTriggerEvent": "Records[0].body: expected JSON, got another text.",
    "powertools/sqsEvent": "Records[0].body: expected JSON, got another text.",
}


def recorded(name: str) -> list[Message]:
    return messages(json.loads((DATA / f"{name}.json").read_text("utf-8")))


def test_every_recorded_event_is_expected_to_go_one_way() -> None:
    names = sorted(path.relative_to(DATA).with_suffix("").as_posix() for path in DATA.rglob("*.json"))

    assert names == sorted([*UNDERSTOOD, *ASKS_FOR_NOTHING, *REFUSED, "handwritten/sqsMixed"])


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_it_is_understood(name: str) -> None:
    found = recorded(name)

    assert [(each.bucket, each.key, each.kind) for message in found for each in message.changes] == (
        UNDERSTOOD[name]
    )
    assert not any(message.error for message in found)


@pytest.mark.parametrize("name", sorted(ASKS_FOR_NOTHING))
def test_it_asks_for_nothing(name: str) -> None:
    [message] = recorded(name)

    assert not message.changes
    assert not message.error


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_every_record(name: str) -> None:
    try:
        found = recorded(name)
    except Failed as error:
        found = [Message(error=error)]

    assert not any(message.changes for message in found)
    assert all(message.error and message.error.retryable for message in found)
    assert found[0].error
    assert found[0].error.message.endswith(REFUSED[name])


def test_of_a_mixed_batch_only_the_bad_message_fails() -> None:
    found = recorded("handwritten/sqsMixed")

    assert [[change.key for change in message.changes] for message in found] == [["a.png"], [], ["b.png"]]
    assert [bool(message.error) for message in found] == [False, True, False]


def test_what_was_received_before_says_so() -> None:
    assert [message.receive_count for message in recorded("handwritten/s3SnsSqs")] == [3]
    assert [message.receive_count for message in recorded("powertools/sqsDlqTriggerEvent")] == [2]
