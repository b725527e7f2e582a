"""S3 Batch Operations: a job that has a Lambda function called for each object of a list.

After "Invoke AWS Lambda function" in the Amazon S3 User Guide. Schema 2.0 has `s3Bucket`, 1.0 `s3BucketArn`::

    {
        "invocationSchemaVersion": "2.0",
        "invocationId": "YXNk...",
        "job": {"id": "f3cc4f60-..."},
        "tasks": [{"taskId": "dGFz...", "s3Key": "red+flower.jpg", "s3Bucket": "uploads", ...}]
    }

The key is URL-encoded, as it is in the list that the job was given.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from pixmill.events.change import Change
from pixmill.events.envelope import Envelope, has
from pixmill.events.field import Field
from pixmill.events.message import Message, attempt

ResultCode: TypeAlias = Literal["Succeeded", "TemporaryFailure", "PermanentFailure"]
"""S3 tries temporary failures again before the job ends; permanent ones go to the job's report."""


class TaskResult(NamedTuple):
    """How a task went.

    Attributes:
        code: whether it is done, or to be tried again.
        text: for the job's report.
    """

    code: ResultCode
    text: str = ""


def job_response(event: object, results: Mapping[str, TaskResult]) -> dict[str, object]:
    """What Lambda is to return, so that each task ends as it went.

    Args:
        event: the invocation that is answered.
        results: by task id. A task without one is to be tried again.

    Raises:
        Failed: "unknown-event": the event is no such invocation.
    """
    invocation = Field(event)
    missing = TaskResult("TemporaryFailure", "The task was not reached.")
    tasks = [task.at("taskId").maybe_text() or "" for task in invocation.at("tasks").some()]
    outcomes = {task: results.get(task, missing) for task in tasks if task}
    return {
        "invocationSchemaVersion": invocation.at("invocationSchemaVersion").text(),
        "treatMissingKeysAs": "TemporaryFailure",
        "invocationId": invocation.at("invocationId").text(),
        "results": [
            {"taskId": task, "resultCode": result.code, "resultString": result.text}
            for task, result in outcomes.items()
        ],
    }


def _read(event: Field) -> list[Message]:
    version = event.at("invocationSchemaVersion")
    bucket = _BUCKETS.get(version.maybe_text() or "")
    if bucket is None:
        raise version.unexpected("'1.0' or '2.0'", version.maybe_text() and "another version")
    event.at("invocationId").text()

    def change(task: Field) -> Message:
        task.at("taskId").text()
        key = task.at("s3Key").decoded()
        told = Change(bucket(task), key, version=task.at("s3VersionId").maybe_text())
        return Message(changes=(told,))

    return [
        attempt(change, task)._replace(id=task.at("taskId").maybe_text() or "")
        for task in event.at("tasks").some()
    ]


def _bucket_of_arn(task: Field) -> str:
    arn = task.at("s3BucketArn")
    start, _, bucket = arn.text().rpartition(":")
    if not start.startswith("arn:") or not bucket or "/" in bucket:
        raise arn.unexpected("the ARN of a bucket", "another text")
    return bucket


_BUCKETS: dict[str, Callable[[Field], str]] = {
    "1.0": _bucket_of_arn,
    "2.0": lambda task: task.at("s3Bucket").text(),
}

INVOCATION = Envelope(
    "an S3 Batch Operations invocation",
    has("invocationSchemaVersion", "tasks"),
    _read,
)
