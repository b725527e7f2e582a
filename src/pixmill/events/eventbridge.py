"""S3 events from EventBridge.

After "EventBridge event message structure" and "Using EventBridge" in the Amazon S3 User Guide::

    {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "time": "2023-03-08T17:50:14Z",
        "detail": {
            "bucket": {"name": "uploads"},
            "object": {"key": "red flower.jpg", "size": 1024, "etag": "...", "version-id": "...", ...}
        },
        ...
    }

Unlike in S3's own notifications, the key is written as it is.
"""

from pixmill.events.change import Change, Kind
from pixmill.events.envelope import Envelope, has
from pixmill.events.field import Field
from pixmill.events.message import Message, each

_ORIGIN = "aws.s3"

KINDS: dict[str, Kind] = {
    "Object Created": "put",
    "Object Deleted": "removed",
    "Object Restore Completed": "put",
}
"""What events are about, by their types. Any other is "named", as in S3's own notifications."""

QUIET = frozenset(
    (
        "Object ACL Updated",
        "Object Access Tier Changed",
        "Object Restore Expired",
        "Object Restore Initiated",
        "Object Storage Class Changed",
        "Object Tags Added",
        "Object Tags Deleted",
    )
)
"""Types of events after which the object has the bytes that it had before: they ask for nothing."""


def _read(event: Field) -> list[Message]:
    return each([event], _event)


def _event(event: Field) -> Message:
    source = event.at("source")
    if source.value != _ORIGIN:
        raise source.unexpected(repr(_ORIGIN), source.maybe_text() and "another source")
    name = event.at("detail-type").text()
    thing = event.at("detail", "object")
    change = Change(
        bucket=event.at("detail", "bucket", "name").text(),
        key=thing.at("key").text(),
        kind=KINDS.get(name, "named"),
        time=event.at("time").maybe_time(),
        etag=thing.at("etag").maybe_text(),
        version=thing.at("version-id").maybe_text(),
        sequencer=thing.at("sequencer").maybe_text(),
        size=thing.at("size").maybe_size(),
    )
    return Message() if name in QUIET else Message(changes=(change,))


EVENT = Envelope("an EventBridge event", has("detail-type", "source"), _read)
