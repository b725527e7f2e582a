"""A queue, as far as the tests look into it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_MOST = 10  # messages in one call


class Depth(NamedTuple):
    """How many messages a queue holds: to be received, received and not yet deleted, not yet to be seen."""

    waiting: int
    in_flight: int
    delayed: int


class Queue:
    """A queue that is there."""

    def __init__(self, client: Any, url: str) -> None:  # noqa: ANN401 - boto3 makes its classes as it goes
        self._client = client
        self._url = url
        self.arn = self._attributes("QueueArn")["QueueArn"]

    @classmethod
    def made(cls, client: Any, name: str, attributes: Mapping[str, str]) -> Self:  # noqa: ANN401 - as above
        return cls(client, client.create_queue(QueueName=name, Attributes=dict(attributes))["QueueUrl"])

    @property
    def depth(self) -> Depth:
        counts = self._attributes(*_COUNTS)
        return Depth(*(int(counts[name]) for name in _COUNTS))

    @property
    def is_empty(self) -> bool:
        return not any(self.depth)

    def send(self, body: str) -> None:
        self._client.send_message(QueueUrl=self._url, MessageBody=body)

    def bodies(self) -> list[str]:
        """The bodies of all messages that wait, which stay there."""
        found: dict[str, str] = {}
        for _ in range(self.depth.waiting // _MOST + 1):
            got = self._client.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=_MOST, VisibilityTimeout=1
            )
            found |= {each["MessageId"]: each["Body"] for each in got.get("Messages", ())}
        return list(found.values())

    def purge(self) -> None:
        """Throw away all that is in it."""
        self._client.purge_queue(QueueUrl=self._url)

    def permit(self, document: Mapping[str, object]) -> None:
        """Say who may do what with the queue."""
        attributes = {"Policy": json.dumps(document)}
        self._client.set_queue_attributes(QueueUrl=self._url, Attributes=attributes)

    def _attributes(self, *names: str) -> dict[str, str]:
        return self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
