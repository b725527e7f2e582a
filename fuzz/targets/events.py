"""Events: any JSON asks for something, or is refused with an error that brings it back; it is never lost."""

import json
from pathlib import Path
from typing import Any

from tests.events.shapes import NOTICES, WRAPPINGS, batch

from fuzz import seeds
from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill import events
from pixmill.errors import Failed
from pixmill.events import eventbridge, s3

_PRIVATE = "jo@example/(1).png"  # no name that a program gives
_QUIET = s3.QUIET | eventbridge.QUIET | {"s3:TestEvent"}


def one(data: bytes) -> None:
    """An event that is not understood is an error that says where, and tells nothing of whose it is."""
    try:
        event: Any = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        found = events.messages(event)
    except Failed as error:
        _judge(error)
        found = []
    else:
        hold(found, "an event that is read has messages")
    for message in found:
        hold(all(change.key and change.key.encode() for change in message.changes), "a key is a whole text")
        if message.error:
            _judge(message.error)
        elif not message.changes:
            hold(any(name in json.dumps(event) for name in _QUIET), "only what is quiet asks for nothing")
    _answer(event, found)


def _answer(event: object, found: list[events.Message]) -> None:
    """What the sender is told can be written, and leaves out nothing that failed."""
    if events.is_queue(event):
        failed = [message.id for message in found if message.error]
        answer = json.loads(json.dumps(events.batch_response(failed)))
        hold(
            {each["itemIdentifier"] for each in answer["batchItemFailures"]} == set(failed),
            "all that failed goes back",
        )
    if events.is_batch_job(event):
        try:
            answer = json.loads(json.dumps(events.job_response(event, {})))
        except Failed as error:
            _judge(error)
            return
        done = {each["taskId"] for each in answer["results"]}
        hold(done >= {message.id for message in found if message.id}, "every task is answered")


def _judge(error: Failed) -> None:
    hold(error.code == "unknown-event" and error.retryable, "an error brings the event back")
    hold(error.message.isprintable(), "an error can be printed")
    hold("jo@example" not in error.message, "an error names no value")


def _seeds() -> list[Seed]:
    folder = Path(__file__).parents[2] / "tests" / "events" / "data"
    shapes = [wrap(notice(_PRIVATE)) for wrap in WRAPPINGS.values() for notice in NOTICES.values()]
    shapes += [batch(_PRIVATE, "b.png", version=version) for version in ("1.0", "2.0")]
    return [Seed(data, TEXT) for data in (*seeds.texts(folder, ".json"), *map(_text, shapes))]


def _text(event: object) -> bytes:
    return json.dumps(event).encode()


_WORDS = """
Records eventSource EventSource eventName eventTime s3 bucket object key name Sns Message body messageId
source detail-type detail keys tasks taskId s3Key s3Bucket s3BucketArn invocationSchemaVersion invocationId
Event Type TopicArn aws:s3 aws:sqs aws:sns aws.s3 s3:TestEvent ObjectCreated:Put Notification size eTag
versionId sequencer
"""
_VALUES = (
    "null",
    "true",
    "[]",
    "{}",
    "1e999",
    "-0",
    "9" * 400,
    "NaN",
    '"\\ud800"',
    '"%FF"',
    '"%00"',
    '"+"',
    '""',
)

TARGET = Target(
    "events",
    one,
    _seeds,
    tuple(word.encode() for word in (*(f'"{each}"' for each in _WORDS.split()), *_VALUES)),
)
