"""How Lambda is answered: which messages come again, or how each task of a job ended."""

from typing import TypeAlias

from pixmill import events
from pixmill.errors import PixmillError

Errors: TypeAlias = dict[int, PixmillError | Exception]
"""Why messages are not done, by their number."""


def answer(
    event: object, messages: list[events.Message], errors: Errors, again: set[int]
) -> dict[str, object]:
    """What to say of an event.

    Args:
        event: as it came.
        messages: what was read of it.
        errors: why messages are not done, by their number.
        again: the numbers of messages that are done, and are to come again all the same.

    Raises:
        PixmillError, Exception: the first error of an event that came by itself, not in a queue.
    """
    if events.is_queue(event):
        return dict(events.batch_response(messages[number].id for number in sorted(errors.keys() | again)))
    if events.is_batch_job(event):
        results = {
            message.id: events.TaskResult("TemporaryFailure", str(errors[number]))
            if number in errors
            else events.TaskResult("Succeeded", "")
            for number, message in enumerate(messages)
        }
        return events.job_response(event, results)
    for number in sorted(errors):
        raise errors[number]
    return {"messages": len(messages)}
