"""SQS batches, whose bodies hold another envelope.

After "Using Lambda with Amazon SQS" and "Handling errors for an SQS event source in Lambda" in the AWS Lambda
Developer Guide::

    {"Records": [{
        "messageId": "059f36b4-...",
        "eventSource": "aws:sqs",
        "body": "{...}",
        "attributes": {"ApproximateReceiveCount": "1", ...},
        ...
    }]}

A body is an S3 notification, an S3 test event, an EventBridge event, a list of keys, or an SNS notification
of one of these.
"""

from collections.abc import Iterable

from pixmill.events import sns
from pixmill.events.envelope import Envelope, has_records_from, origin_of, read
from pixmill.events.field import Field
from pixmill.events.message import Message, attempt, merged
from pixmill.events.notices import NOTICES

_ORIGIN = "aws:sqs"
_BODIES = (*NOTICES, sns.NOTIFICATION)


def batch_response(failed: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """What Lambda is to return, so that only these messages go back to the queue.

    The event source mapping must have ReportBatchItemFailures, or the queue takes all for done. An empty
    identifier makes the whole batch go back: where a record had no id, nothing less would bring it back.

    >>> batch_response(["059f36b4"])
    {'batchItemFailures': [{'itemIdentifier': '059f36b4'}]}
    """
    return {"batchItemFailures": [{"itemIdentifier": each} for each in dict.fromkeys(failed)]}


def _read(event: Field) -> list[Message]:
    return [_record(record) for record in event.at("Records").some()]


def _record(record: Field) -> Message:
    return attempt(_body, record)._replace(
        id=record.at("messageId").maybe_text() or "",
        receive_count=_receive_count(record.at("attributes", "ApproximateReceiveCount")),
    )


def _body(record: Field) -> Message:
    origin = origin_of(record)
    if origin.value != _ORIGIN:
        raise origin.unexpected(repr(_ORIGIN), origin.maybe_text() and "another service")
    return merged(read(record.at("body").opened(), _BODIES))


def _receive_count(field: Field) -> int:
    text = field.maybe_text() or ""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004


BATCH = Envelope("an SQS batch", has_records_from(_ORIGIN), _read)
