"""A worker over stores in memory, and the messages that reach it."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tests.sync.pictures import photo

from pixmill.aws.worker import Worker
from pixmill.confinement import Allowance, Confined
from pixmill.recipe import Recipe
from pixmill.settings import Settings
from pixmill.storage import ANY, Store, open_store

RECIPE = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16, "formats": ["jpeg", "webp"]}]})
SETTINGS = Settings(source="s3://uploads/in", destination="s3://renditions", recipe=RECIPE)


class Invocation:
    """What Lambda tells of an invocation."""

    aws_request_id = "request-1"
    memory_limit_in_mb: int | str = "1024"

    def __init__(self, milliseconds: int = 60_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@cache
def confined() -> Confined:
    """One engine for all workers of a run."""
    return Confined(Allowance.under(RECIPE.limits))


class World:
    def __init__(self) -> None:
        self.source: Store = open_store("memory://")
        self.destination: Store = open_store("memory://")
        self.lines: list[dict[str, Any]] = []

    def upload(self, key: str, data: bytes | None = None) -> None:
        self.source.put(key, photo() if data is None else data, media_type="image/jpeg", expect=ANY)

    def worker(self, settings: Settings = SETTINGS) -> Worker:
        return Worker(settings, self.source, self.destination, self.write, confined())

    def write(self, line: str) -> None:
        self.lines.append(json.loads(line))

    def said(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line.get("message") == message]

    def stored(self) -> set[str]:
        return {meta.key for meta in self.destination.list()}


def notice(*keys: str, bucket: str = "uploads", age: timedelta = timedelta(0)) -> dict[str, Any]:
    """An S3 notification of uploads."""
    time = datetime.now(UTC) - age
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "eventTime": time.isoformat(),
                "s3": {"bucket": {"name": bucket}, "object": {"key": key}},
            }
            for key in keys
        ]
    }


def batch(*bodies: object, count: int = 1) -> dict[str, Any]:
    """A queue's batch; bodies that are no text are put into JSON. Messages are called m0, m1, ..."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "eventSource": "aws:sqs",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": str(count)},
            }
            for number, body in enumerate(bodies)
        ]
    }


def failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
