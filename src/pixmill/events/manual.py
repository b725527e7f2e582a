"""A plain list of keys, for hand use: `aws lambda invoke`, the console's test button, a message to the queue.

::

    {"keys": ["cats/cat.png", "red flower.jpg"], "bucket": "uploads"}

The keys are written as they are. The bucket may be left out.
"""

from pixmill.events.change import Change
from pixmill.events.envelope import Envelope, has
from pixmill.events.field import Field
from pixmill.events.message import Message, each

_FIELDS = {"keys", "bucket"}


def _read(event: Field) -> list[Message]:
    if unknown := event.fields().keys() - _FIELDS:
        raise event.unexpected(
            "no fields but 'keys' and 'bucket'", Field(dict.fromkeys(unknown)).description()
        )
    bucket = None if event.at("bucket").value is None else event.at("bucket").text()
    return each(event.at("keys").some(), lambda key: Message(changes=(Change(bucket, key.text()),)))


KEYS = Envelope("a list of keys", has("keys"), _read)
