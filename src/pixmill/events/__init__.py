"""From the JSON around a storage event to the keys that may have changed.

Pure functions: a dict comes in, changes go out, and nothing here talks to anybody. An event that is not
understood raises an error that brings it back, and in the end to the dead-letter queue; nothing is taken for
success because it was not understood. docs/events.md has the rules and the list of envelopes.
"""

from pixmill.events import batch, sns, sqs
from pixmill.events.batch import ResultCode, TaskResult, job_response
from pixmill.events.change import Change, Kind, distinct, relative
from pixmill.events.envelope import read
from pixmill.events.field import Field
from pixmill.events.message import Message
from pixmill.events.notices import NOTICES
from pixmill.events.sqs import batch_response

__all__ = [
    "ENVELOPES",
    "Change",
    "Kind",
    "Message",
    "ResultCode",
    "TaskResult",
    "batch_response",
    "changes",
    "distinct",
    "is_batch_job",
    "is_queue",
    "job_response",
    "messages",
    "relative",
]

ENVELOPES = (sqs.BATCH, *NOTICES, sns.RECORDS, batch.INVOCATION)
"""What Lambda may be called with."""


def messages(event: object) -> list[Message]:
    """What an event asks for, record by record, in whichever envelope it came.

    A record that cannot be read becomes a message with an error, beside those that can: whoever calls has to
    look at it, and to answer with `batch_response`, with `job_response`, or by raising it.

    Args:
        event: what Lambda was called with.

    Raises:
        Failed: "unknown-event": the event as a whole is in no envelope that Pixmill knows.

    >>> [message.changes[0].key for message in messages({"keys": ["cats/cat.png", "red flower.jpg"]})]
    ['cats/cat.png', 'red flower.jpg']
    """
    return read(Field(event), ENVELOPES)


def changes(event: object) -> list[Change]:
    """All that an event asks for, or an error, for callers who cannot report one record.

    Raises:
        Failed: "unknown-event": the event, or one record of it, cannot be read.
    """
    found: list[Change] = []
    for message in messages(event):
        if message.error:
            raise message.error
        found += message.changes
    return found


def is_queue(event: object) -> bool:
    """Whether an event is a batch from a queue, to be answered with `batch_response`."""
    return sqs.BATCH.fits(Field(event))


def is_batch_job(event: object) -> bool:
    """Whether an event is from a job of S3 Batch Operations, to be answered with `job_response`."""
    return batch.INVOCATION.fits(Field(event))
