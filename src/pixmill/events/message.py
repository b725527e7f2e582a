"""The unit in which events succeed or fail: one record of what was delivered."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pixmill.errors import Failed
from pixmill.events.change import Change
from pixmill.events.field import Field


class Message(NamedTuple):
    """One record, and what it asks for.

    A message may have changes and an error: the changes are what could be read of it, and are worth doing,
    but the message as a whole has failed. One with neither asks for nothing, and is done.

    Attributes:
        id: by which the sender knows it: the SQS message id, the S3 Batch Operations task id. Empty for
            envelopes whose records have no id, and for a record that should have one and has none.
        changes: the keys that may have changed.
        error: why some of it could not be read; retryable.
        receive_count: how many times it has been received, this time included; 1 if the sender does not
            count.
    """

    id: str = ""
    changes: tuple[Change, ...] = ()
    error: Failed | None = None
    receive_count: int = 1

    @property
    def verify(self) -> bool:
        """Whether it was here before, so that what the manifest claims should be looked at, not believed."""
        return self.receive_count > 1


def each(records: Iterable[Field], read: Callable[[Field], Message]) -> list[Message]:
    """Reads each record on its own: one that cannot be read does not take the others along."""
    return [attempt(read, record) for record in records]


def attempt(read: Callable[[Field], Message], record: Field) -> Message:
    """Reads a record; if that fails, the message says so."""
    try:
        return read(record)
    except Failed as error:
        return Message(error=error)


def merged(messages: list[Message]) -> Message:
    """Several messages as one that has all their changes, and an error if one of them has."""
    changes = tuple(change for message in messages for change in message.changes)
    errors = [message.error for message in messages if message.error]
    if len(errors) > 1:
        errors[0] = Failed(errors[0].code, f"{errors[0].message} And {len(errors) - 1} more like this.")
    return Message(changes=changes, error=errors[0] if errors else None)
