"""S3 event notifications, and the test event that S3 sends when they are set up.

After "Event message structure" and "Event notification types and destinations" in the Amazon S3 User Guide::

    {"Records": [{
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": "2023-04-12T20:43:38.021Z",
        "s3": {
            "bucket": {"name": "uploads"},
            "object": {"key": "red+flower.jpg", "size": 1024, "eTag": "...", "versionId": "...", ...}
        }
    }]}

    {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "...", "Bucket": "uploads", ...}

The key is URL-encoded as in a form. Some senders add `urlDecodedKey`; it is not looked at, so that a key is
decoded exactly once, whoever sends it.
"""

from pixmill.events.change import Change, Kind
from pixmill.events.envelope import Envelope, has_records_from, origin_of, says
from pixmill.events.field import Field
from pixmill.events.message import Message, each

_ORIGIN = "aws:s3"

KINDS: dict[str, Kind] = {
    "ObjectCreated": "put",
    "ObjectRemoved": "removed",
    "LifecycleExpiration": "removed",
    "ReducedRedundancyLostObject": "removed",
    "ObjectRestore:Completed": "put",
}
"""What events are about, by their names or the part before the colon. Any other is "named": S3 may add
events, and a look too many does no harm."""

QUIET = frozenset(
    (
        "IntelligentTiering",
        "LifecycleTransition",
        "ObjectAcl:Put",
        "ObjectRestore:Delete",
        "ObjectRestore:Post",
        "ObjectTagging:Delete",
        "ObjectTagging:Put",
        "Replication:OperationFailedReplication",
        "Replication:OperationMissedThreshold",
        "Replication:OperationNotTracked",
        "Replication:OperationReplicatedAfterThreshold",
    )
)
"""Events after which the object has the bytes that it had before, by their names or the part before the
colon: they ask for nothing."""


def _read(event: Field) -> list[Message]:
    return each(event.at("Records").some(), _record)


def _read_test(_: Field) -> list[Message]:
    return [Message()]


def _record(record: Field) -> Message:
    origin = origin_of(record)
    if origin.value != _ORIGIN:
        raise origin.unexpected(repr(_ORIGIN), origin.maybe_text() and "another service")
    name = record.at("eventName").text().removeprefix("s3:")
    family = name.partition(":")[0]
    thing = record.at("s3", "object")
    change = Change(
        bucket=record.at("s3", "bucket", "name").text(),
        key=thing.at("key").decoded(),
        kind=KINDS.get(name) or KINDS.get(family, "named"),
        time=record.at("eventTime").maybe_time(),
        etag=thing.at("eTag").maybe_text(),
        version=thing.at("versionId").maybe_text(),
        sequencer=thing.at("sequencer").maybe_text(),
        size=thing.at("size").maybe_size(),
    )
    return Message() if QUIET & {name, family} else Message(changes=(change,))


NOTIFICATION = Envelope("an S3 notification", has_records_from(_ORIGIN), _read)
TEST_EVENT = Envelope("an S3 test event", says("Event", "s3:TestEvent"), _read_test)
