"""Messages in, renditions out; what is at fault is recorded once, all else comes again by itself."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.aws.world import SETTINGS, Invocation, World, batch, failed, notice
from tests.reconcile.world import Meddled

from pixmill.errors import Failed
from pixmill.storage import Meta

CLOCKS = timedelta(minutes=2)
"""More than clocks may be apart: an event that is so much newer than a manifest is surely the later one."""


class LongAgo(Meddled):
    """A store whose objects were written an hour before."""

    def head(self, key: str) -> Meta | None:
        found = super().head(key)
        return found and found._replace(modified=(found.modified or 0) - 3600)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        found = super().get(key)
        return found and (found[0]._replace(modified=(found[0].modified or 0) - 3600), found[1])


def test_a_batch_becomes_renditions_and_nothing_comes_again() -> None:
    world = World()
    world.upload("a.jpg")
    world.upload("b c.jpg")

    answer = world.worker().handle(batch(notice("in/a.jpg"), notice("in/b+c.jpg")), Invocation())

    assert failed(answer) == []
    assert world.stored() == {
        f"{folder}/{name}.{extension}"
        for name in ("a.jpg", "b c.jpg")
        for folder, extension in (("thumbnail", "jpg"), ("thumbnail", "webp"), ("manifests", "json"))
    }


def test_one_bad_message_comes_again_alone() -> None:
    world = World()
    world.upload("a.jpg")

    answer = world.worker().handle(batch(notice("in/a.jpg"), "{", {"odd": 1}), Invocation())

    assert failed(answer) == ["m1", "m2"]
    assert "manifests/a.jpg.json" in world.stored()


def test_an_original_at_fault_is_recorded_and_its_message_consumed() -> None:
    world = World()
    world.upload("bad.jpg", b"no picture")

    answer = world.worker().handle(batch(notice("in/bad.jpg")), Invocation())

    assert failed(answer) == []
    assert world.stored() == {"manifests/bad.jpg.json"}
    assert [line["code"] for line in world.said("rejected")] == ["not-an-image"]


def test_many_messages_about_one_key_are_one_work_and_one_fate() -> None:
    world = World()
    world.upload("a.jpg")

    answer = world.worker().handle(batch(*[notice("in/a.jpg")] * 3), Invocation())

    assert failed(answer) == []
    assert len(world.said("made")) == 1


def test_a_deleted_original_takes_its_renditions_along() -> None:
    world = World()
    world.upload("a.jpg")
    worker = world.worker()
    worker.handle(batch(notice("in/a.jpg")), Invocation())
    world.source.delete("a.jpg")

    worker.handle(batch(notice("in/a.jpg")), Invocation())

    assert world.stored() == set()


def test_a_removal_soon_after_the_upload_comes_again_once_and_is_no_failure() -> None:
    world = World()
    world.upload("a.jpg")
    worker = world.worker()
    worker.handle(batch(notice("in/a.jpg")), Invocation())
    world.source.delete("a.jpg")

    first = worker.handle(batch(notice("in/a.jpg"), notice("in/b.jpg", "in/a.jpg")), Invocation())
    second = worker.handle(batch(notice("in/a.jpg"), notice("in/b.jpg", "in/a.jpg"), count=2), Invocation())

    assert (failed(first), failed(second)) == (["m0", "m1"], [])
    assert [line["again"] for line in world.said("removed")] == [True]
    assert all(line["level"] == "INFO" for line in world.lines if "key" in line)
    assert sum(line.get("ComesAgain", 0) for line in world.lines) == 2
    assert not any("Failed" in line for line in world.lines)


def test_the_removal_of_an_original_from_long_ago_comes_once() -> None:
    """Whoever was at work before its manifest was written has ended: a function lives for minutes."""
    world = World()
    world.upload("a.jpg")
    world.worker().handle(batch(notice("in/a.jpg")), Invocation())
    world.source.delete("a.jpg")
    world.destination = LongAgo(world.destination, lambda _verb, _key: None)

    answer = world.worker().handle(batch(notice("in/a.jpg")), Invocation())

    assert failed(answer) == []
    assert world.stored() == set()


def test_who_calls_by_hand_is_not_asked_to_call_again() -> None:
    world = World()

    assert world.worker().handle({"keys": ["in/a.jpg"]}, Invocation()) == {"messages": 1}
    assert [line.get("again") for line in world.said("current")] == [None]


def test_what_the_storage_refuses_comes_again_and_the_others_do_not() -> None:
    world = World()
    world.upload("a.jpg")
    world.upload("b.jpg")

    def refuse(verb: str, key: str) -> None:
        if verb == "put" and key.startswith("thumbnail/b"):
            raise Failed("storage-unavailable")

    world.destination = Meddled(world.destination, refuse)

    answer = world.worker().handle(batch(notice("in/a.jpg"), notice("in/b.jpg", "in/a.jpg")), Invocation())

    assert failed(answer) == ["m1"]
    assert [line["code"] for line in world.said("failed")] == ["storage-unavailable"]


def test_without_time_originals_are_not_begun_and_come_again() -> None:
    world = World()
    world.upload("a.jpg")

    answer = world.worker().handle(batch(notice("in/a.jpg")), Invocation(milliseconds=9_000))

    assert failed(answer) == ["m0"]
    assert world.stored() == set()


def test_keys_outside_the_source_are_none_of_our_business_and_other_buckets_are_a_mistake() -> None:
    world = World()

    answer = world.worker().handle(
        batch(notice("elsewhere/a.jpg"), notice("in/a.jpg", bucket="other")), Invocation()
    )

    assert failed(answer) == ["m1"]


@pytest.mark.parametrize(
    "again",
    [
        batch(notice("in/a.jpg", age=-CLOCKS), count=2),
        batch(notice("in/a.jpg")),
        batch(notice("in/a.jpg", age=timedelta(hours=1))),
        {"keys": ["in/a.jpg"]},
    ],
    ids=["received again", "older than the manifest", "redriven", "by hand"],
)
def test_what_may_have_been_heard_of_before_believes_no_manifest(again: dict[str, Any]) -> None:
    world = World()
    world.upload("a.jpg")
    worker = world.worker()
    worker.handle(batch(notice("in/a.jpg")), Invocation())
    world.destination.delete("thumbnail/a.jpg.webp")

    worker.handle(batch(notice("in/a.jpg", age=-CLOCKS)), Invocation())
    assert "thumbnail/a.jpg.webp" not in world.stored()
    worker.handle(again, Invocation())
    assert "thumbnail/a.jpg.webp" in world.stored()


def test_a_test_event_asks_for_nothing() -> None:
    world = World()
    test = {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-23T10:00:00.000Z",
        "Bucket": "uploads",
    }

    assert failed(world.worker().handle(batch(test), Invocation())) == []


def test_by_hand_without_a_queue_a_failure_is_an_error() -> None:
    world = World()
    world.upload("a.jpg")

    assert world.worker().handle({"keys": ["in/a.jpg"]}, Invocation()) == {"messages": 1}
    with pytest.raises(Failed):
        world.worker().handle({"keys": ["in/a.jpg"]}, Invocation(milliseconds=1))


def test_a_batch_operations_job_hears_of_each_task() -> None:
    world = World()
    world.upload("a.jpg")
    task = {"taskId": "t1", "s3Key": "in/a.jpg", "s3VersionId": None, "s3BucketArn": "arn:aws:s3:::uploads"}
    job = {"invocationSchemaVersion": "1.0", "invocationId": "i", "job": {"id": "j"}, "tasks": [task]}

    answer = world.worker().handle(job, Invocation())

    assert json.loads(json.dumps(answer))["results"] == [
        {"taskId": "t1", "resultCode": "Succeeded", "resultString": ""}
    ]


def test_each_outcome_is_one_line_without_the_event() -> None:
    """Sketch fault 44: the whole event was logged."""
    world = World()
    world.upload("a.jpg")
    event = notice("in/a.jpg")
    event["Records"][0]["userIdentity"] = {"principalId": "SECRET"}

    world.worker().handle(batch(event), Invocation())

    assert "SECRET" not in json.dumps(world.lines)
    (line,) = world.said("made")
    assert {"key", "renditions", "bytes_in", "bytes_out", "timings_ms", "age_s", "request"} <= line.keys()


def test_metrics_are_in_the_embedded_format() -> None:
    world = World()
    world.upload("a.jpg")
    world.upload("bad.jpg", b"")
    worker = world.worker()
    worker.handle(batch(notice("in/a.jpg", "in/bad.jpg")), Invocation())

    embedded = [line for line in world.lines if "_aws" in line]
    for line in embedded:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Pixmill"
        assert all(metric["Name"] in line for metric in directive["Metrics"])
        assert all(name in line for names in directive["Dimensions"] for name in names)
    first, by_code = embedded
    assert (first["Originals"], first["Renditions"], first["Rejected"], first["ColdStarts"]) == (2, 2, 1, 1)
    assert (by_code["Code"], by_code["RejectedByCode"]) == ("empty", 1)
    world.lines.clear()
    worker.handle(batch(notice("in/a.jpg")), Invocation())
    assert "ColdStarts" not in next(line for line in world.lines if "_aws" in line)


def test_a_level_hides_what_is_below_it() -> None:
    world = World()
    world.upload("a.jpg")
    quiet = msgspec.structs.replace(SETTINGS, log_level="ERROR")

    world.worker(quiet).handle(batch(notice("in/a.jpg"), "{"), Invocation())

    assert [line["level"] for line in world.lines if "level" in line] == ["ERROR"]
