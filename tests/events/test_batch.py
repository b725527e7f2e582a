"""Jobs of S3 Batch Operations."""

import pytest
from tests.events.shapes import batch, s3

from pixmill.errors import Failed
from pixmill.events import Change, TaskResult, changes, is_batch_job, job_response, messages


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_each_task_is_a_message_in_both_schemas(version: str) -> None:
    found = messages(batch("red flower.jpg", "1+1.png", "a%2Bb.png", "猫.png", version=version))

    assert [message.id for message in found] == ["task-1", "task-2", "task-3", "task-4"]
    assert [message.changes for message in found] == [
        (Change("uploads", "red flower.jpg"),),
        (Change("uploads", "1+1.png"),),
        (Change("uploads", "a%2Bb.png"),),
        (Change("uploads", "猫.png"),),
    ]


def test_one_bad_task_spoils_no_other() -> None:
    event = batch("a.png", "b.png")
    event["tasks"][0]["s3Key"] = "caf%E9.png"

    bad, good = messages(event)

    assert bad.id == "task-1"
    assert bad.error
    assert [change.key for change in good.changes] == ["b.png"]


@pytest.mark.parametrize(
    "arn", ["uploads", "arn:aws:s3:::", "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine"]
)
def test_what_is_not_the_arn_of_a_bucket_is_refused(arn: str) -> None:
    event = batch("a.png", version="1.0")
    event["tasks"][0]["s3BucketArn"] = arn

    [message] = messages(event)

    assert message.error
    assert message.error.message == "tasks[0].s3BucketArn: expected the ARN of a bucket, got another text."


@pytest.mark.parametrize("version", ["3.0", "", 2.0])
def test_a_schema_that_is_not_known_is_refused(version: object) -> None:
    with pytest.raises(Failed, match=r"invocationSchemaVersion: expected '1.0' or '2.0', got"):
        messages(batch("a.png") | {"invocationSchemaVersion": version})


def test_a_job_without_tasks_is_refused() -> None:
    with pytest.raises(Failed, match="tasks: expected a list with something in it"):
        messages(batch())


def test_the_answer_has_every_task_and_those_not_reached_are_tried_again() -> None:
    event = batch("a.png", "b.png", "c.png", version="1.0")
    results = {
        "task-1": TaskResult("Succeeded", "made"),
        "task-2": TaskResult("PermanentFailure", "corrupt"),
        "task-9": TaskResult("Succeeded", "somebody else's"),
    }

    assert job_response(event, results) == {
        "invocationSchemaVersion": "1.0",
        "treatMissingKeysAs": "TemporaryFailure",
        "invocationId": "invocation",
        "results": [
            {"taskId": "task-1", "resultCode": "Succeeded", "resultString": "made"},
            {"taskId": "task-2", "resultCode": "PermanentFailure", "resultString": "corrupt"},
            {
                "taskId": "task-3",
                "resultCode": "TemporaryFailure",
                "resultString": "The task was not reached.",
            },
        ],
    }


def test_who_is_to_be_answered_how_can_be_told() -> None:
    assert is_batch_job(batch("a.png"))
    assert not is_batch_job(s3("a.png"))


def test_the_version_is_kept_for_the_logs() -> None:
    event = batch("a.png")
    event["tasks"][0]["s3VersionId"] = "v1"

    assert [change.version for change in changes(event)] == ["v1"]
