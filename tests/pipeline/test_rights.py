"""The role grants what the worker needs and nothing else: whatever is taken away is missed at once.

`cloud` asks for the rights of the mapping and for those to learn that an object is missing as AWS does, which
its emulator alone would not: see emulator/rights.py.
"""

from collections.abc import Generator
from typing import Any

import pytest
from tests.sync.pictures import photo

from .cloud import Cloud
from .pipeline import Pipeline
from .role import rights
from .waiting import until

QUEUE = {"receive messages", "look at the queue", "delete messages"}
OBJECTS = sorted(rights("", "", "").keys() - QUEUE)


@pytest.fixture(scope="module")
def pipeline(cloud: Cloud) -> Generator[Pipeline]:
    """Messages come one by one; one that was not dealt with does not come again while a test runs."""
    with Pipeline(cloud=cloud, batch=1, visibility=600) as deployed:
        yield deployed


def said(pipeline: Pipeline, *keys: str) -> list[dict[str, Any]]:
    return [line for line in pipeline.function.lines() if line.get("key") in keys]


def without(pipeline: Pipeline, right: str) -> None:
    """Take one right away from the role."""
    pipeline.function.permit({name: each for name, each in pipeline.rights.items() if name != right})


def change(pipeline: Pipeline, come: str, go: str) -> None:
    """What takes all rights: one original comes, one goes."""
    pipeline.upload(come, photo())
    pipeline.delete(go)


def make_good(pipeline: Pipeline, *keys: str) -> None:
    """With all rights again, what was not done can be done. A removal would come again after the test."""
    pipeline.queue.purge()
    pipeline.function.permit(pipeline.rights)
    told = len(said(pipeline, *keys))
    pipeline.send(*map(pipeline.notice, keys))
    until(lambda: len(said(pipeline, *keys)) == told + len(keys), 30, "all outcomes", pipeline.story)
    pipeline.queue.purge()
    assert pipeline.faults() == []
    assert pipeline.dead.is_empty


def test_with_all_rights_all_is_done(pipeline: Pipeline) -> None:
    pipeline.upload("old.jpg", photo())
    pipeline.settle()

    change(pipeline, "new.jpg", "old.jpg")
    until(lambda: len(said(pipeline, "new.jpg", "old.jpg")) == 3, 20, "both outcomes", pipeline.story)

    told = [
        (line["key"], line["message"], line.get("again")) for line in said(pipeline, "new.jpg", "old.jpg")
    ]
    assert sorted(told[1:]) == [("new.jpg", "made", None), ("old.jpg", "removed", True)]
    until(lambda: pipeline.queue.depth.in_flight == 1, 20, "the rest to be deleted", pipeline.story)
    make_good(pipeline)


@pytest.mark.parametrize("right", OBJECTS)
def test_without_a_right_to_objects_the_message_is_given_back(pipeline: Pipeline, right: str) -> None:
    come, go = f"come {right}.jpg", f"go {right}.jpg"
    pipeline.upload(go, photo())
    pipeline.settle()

    without(pipeline, right)
    change(pipeline, come, go)
    until(lambda: len(said(pipeline, come, go)) == 3, 20, "both outcomes", pipeline.story)

    failed = [line for line in said(pipeline, come, go) if line["message"] == "failed"]
    assert failed
    assert {line["code"] for line in failed} == {"permission-denied"}
    again = [line for line in said(pipeline, come, go) if line["message"] == "failed" or line.get("again")]
    until(lambda: pipeline.queue.depth.in_flight == len(again), 20, "the rest to be deleted", pipeline.story)
    make_good(pipeline, come, go)


def test_without_the_right_to_delete_messages_they_stay(pipeline: Pipeline) -> None:
    without(pipeline, "delete messages")
    pipeline.upload("stays.jpg", photo())
    until(lambda: said(pipeline, "stays.jpg"), 20, "an outcome", pipeline.story)

    with pytest.raises(TimeoutError):
        pipeline.drain(within=1)
    make_good(pipeline, "stays.jpg")


@pytest.mark.parametrize("right", ["receive messages", "look at the queue"])
def test_without_a_right_of_the_mapping_messages_wait(pipeline: Pipeline, right: str) -> None:
    before = pipeline.function.invocations

    without(pipeline, right)
    pipeline.upload(f"{right}.jpg", photo())
    until(lambda: pipeline.queue.depth.waiting, 20, "the message", pipeline.story)
    with pytest.raises(TimeoutError):
        until(lambda: pipeline.function.invocations > before, 1.5, "an invocation")

    assert pipeline.queue.depth.waiting == 1
    make_good(pipeline, f"{right}.jpg")


def test_no_right_is_wider_than_one_action_on_one_kind_of_thing() -> None:
    for statement in rights("source", "destination", "queue").values():
        assert isinstance(statement["Action"], str)
        assert "*" not in statement["Action"]
        assert statement["Resource"] in {
            *("arn:aws:s3:::source", "arn:aws:s3:::source/*", "queue"),
            *("arn:aws:s3:::destination", "arn:aws:s3:::destination/*"),
        }
