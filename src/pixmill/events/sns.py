"""SNS around another envelope: as Lambda gets it from a topic, and as a queue gets it.

After "Using AWS Lambda with Amazon SNS" in the AWS Lambda Developer Guide and "Amazon SNS message and JSON
formats" in the Amazon SNS Developer Guide::

    {"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": "{...}", ...}}]}

    {"Type": "Notification", "TopicArn": "arn:aws:sns:...", "Message": "{...}", ...}

With raw message delivery, a queue gets the message alone, and there is nothing of SNS to see.
"""

from pixmill.events.envelope import Envelope, has, has_records_from, origin_of, read
from pixmill.events.field import Field
from pixmill.events.message import Message, each, merged
from pixmill.events.notices import NOTICES

_ORIGIN = "aws:sns"


def _read_records(event: Field) -> list[Message]:
    return each(event.at("Records").some(), _record)


def _record(record: Field) -> Message:
    origin = origin_of(record)
    if origin.value != _ORIGIN:
        raise origin.unexpected(repr(_ORIGIN), origin.maybe_text() and "another service")
    return merged(read(record.at("Sns", "Message").opened(), NOTICES))


def _read_notification(event: Field) -> list[Message]:
    if event.at("Type").value != "Notification":
        raise event.at("Type").unexpected("'Notification'", "another type of SNS message")
    return read(event.at("Message").opened(), NOTICES)


RECORDS = Envelope("an SNS delivery", has_records_from(_ORIGIN), _read_records)
NOTIFICATION = Envelope(
    "an SNS notification",
    has("TopicArn", "Type"),
    _read_notification,
)
