"""How word of a change reaches the queue: late, several times, not at all at first, with nonsense in between.

The seed decides. What is lost is sent again later, as an operator would: the key by hand, or the old
notification.
"""

import json
import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from tests.faults.originals import Change

Send = Callable[[str, str | None], None]
"""Puts a message into the queue: its body, and the key that it is about if it can be understood."""

_TWICE, _LATE, _LOST, _NONSENSE = 0.12, 0.15, 0.06, 0.02
_LONGEST = 60  # changes after a message's own until it is sent
_REPLAYED = 10  # lost messages that are noticed together
_LATER = timedelta(hours=1)  # when an operator comes


class Post:
    """The way from the source to the queue.

    Args:
        seed: decides what goes wrong.
        bucket: of the source.
        send: puts a message into the queue.

    Attributes:
        trouble: whether anything goes wrong.
        counts: what was sent, and what went wrong, by kind.
        nonsense: the bodies that nobody can understand.
    """

    def __init__(self, seed: int, bucket: str, send: Send) -> None:
        self._dice = random.Random(f"post {seed}")  # noqa: S311 - a plan, no secret
        self._bucket = bucket
        self._send = send
        self._told = 0
        self._held: list[tuple[int, str, str]] = []
        self._lost: deque[tuple[str, str]] = deque()
        self.trouble = True
        self.counts: Counter[str] = Counter()
        self.nonsense: list[str] = []

    def tell(self, change: Change) -> None:
        """Word of one change."""
        self._told += 1
        self.counts["changes"] += 1
        body, key = notification(self._bucket, change), change.key
        number = self._dice.random() if self.trouble else 1.0
        if number < _LOST:
            self.counts["lost"] += 1
            self._lost.append((body, key))
        elif number < _LOST + _LATE:
            self.counts["delayed"] += 1
            self._held.append((self._told + self._dice.randint(1, _LONGEST), body, key))
        elif number < _LOST + _LATE + _TWICE:
            copies = self._dice.randint(1, 2)
            self.counts["duplicated"] += copies
            for _ in range(1 + copies):
                self._send(body, key)
        else:
            self._send(body, key)
        if self.trouble and self._dice.random() < _NONSENSE:
            self._say_nonsense(body)
        self._deliver([each for each in self._held if each[0] <= self._told])
        if len(self._lost) >= _REPLAYED:
            self._replay()

    def finish(self) -> None:
        """Send everything that is still to be sent."""
        self._deliver(self._held)
        self._replay()

    def _deliver(self, due: list[tuple[int, str, str]]) -> None:
        self._held = [each for each in self._held if each not in due]
        for _, body, key in due:
            self._send(body, key)

    def _replay(self) -> None:
        while self._lost:
            body, key = self._lost.popleft()
            self.counts["replayed"] += 1
            by_hand = self._dice.random() < 0.5
            self._send(json.dumps({"keys": [key]}) if by_hand else aged(body), key)

    def _say_nonsense(self, body: str) -> None:
        self.counts["invalid"] += 1
        number = self.counts["invalid"]
        elsewhere = json.dumps(notification("elsewhere", Change(f"{number}.jpg", b"")))
        nonsense = self._dice.choice(
            (body[: len(body) // 2], f"not JSON {number}", json.dumps({"hello": number}), elsewhere)
        )
        self.nonsense.append(nonsense)
        self._send(nonsense, None)


def notification(bucket: str, change: Change) -> str:
    """What S3 sends about a change, with the fields that it documents."""
    event = "ObjectRemoved:Delete" if change.data is None else "ObjectCreated:Put"
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": datetime.now(UTC).isoformat(),
        "eventName": event,
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
            "object": {"key": quote_plus(change.key, safe="/")},
        },
    }
    return json.dumps({"Records": [record]})


def aged(body: str) -> str:
    """A message as it is when an operator comes to send it again: nobody waits for an hour here."""
    message = json.loads(body)
    for record in message.get("Records", ()):
        record["eventTime"] = (datetime.fromisoformat(record["eventTime"]) - _LATER).isoformat()
    return json.dumps(message)
