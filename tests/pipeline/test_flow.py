"""From a change in the source to what the destination holds, through queue and function."""

import io
import json

import pytest
from PIL import Image
from tests.sync.pictures import photo

from .pipeline import Pipeline
from .waiting import until


def test_an_upload_becomes_renditions_and_a_manifest_that_tells_the_truth(pipeline: Pipeline) -> None:
    etag = pipeline.upload("flow/new.jpg", photo(640, 480))
    pipeline.settle()

    manifest = pipeline.manifest("flow/new.jpg")

    assert (manifest.status, manifest.source.etag) == ("complete", etag)
    stored = {key: each.etag for key, each in pipeline.renditions().items() if "/flow/new." in key}
    assert {entry.key: entry.etag for entry in manifest.renditions} == stored
    pictures = {key: Image.open(io.BytesIO(pipeline.destination.read(key))) for key in stored}
    assert {key: (picture.format, picture.size) for key, picture in pictures.items()} == {
        "standard/flow/new.jpg.jpg": ("JPEG", (320, 240)),
        "standard/flow/new.jpg.webp": ("WEBP", (320, 240)),
        "thumbnail/flow/new.jpg.jpg": ("JPEG", (48, 48)),
    }


def test_an_overwritten_original_gets_renditions_of_its_own(pipeline: Pipeline) -> None:
    pipeline.upload("flow/twice.jpg", photo(seed=1))
    pipeline.settle()
    first = pipeline.renditions()["thumbnail/flow/twice.jpg.jpg"]

    etag = pipeline.upload("flow/twice.jpg", photo(seed=2))
    pipeline.settle()

    assert pipeline.manifest("flow/twice.jpg").source.etag == etag
    assert pipeline.renditions()["thumbnail/flow/twice.jpg.jpg"].etag != first.etag


def test_a_deleted_original_takes_everything_along(pipeline: Pipeline) -> None:
    pipeline.upload("flow/gone.jpg", photo())
    pipeline.settle()

    pipeline.delete("flow/gone.jpg")
    pipeline.settle()

    assert [key for key in pipeline.renditions() if "gone" in key] == []
    with pytest.raises(KeyError):
        pipeline.manifest("flow/gone.jpg")


def test_an_original_at_fault_is_recorded_once_and_its_message_consumed(pipeline: Pipeline) -> None:
    etag = pipeline.upload("flow/poison.jpg", photo()[:200])
    pipeline.settle()

    manifest = pipeline.manifest("flow/poison.jpg")

    assert (manifest.status, manifest.source.etag) == ("rejected", etag)
    assert manifest.reason is not None
    assert manifest.reason.code
    told = [line["message"] for line in pipeline.function.lines() if line.get("key") == "flow/poison.jpg"]
    assert told == ["rejected"]
    assert pipeline.dead.is_empty


def test_the_test_event_of_s3_asks_for_nothing(pipeline: Pipeline) -> None:
    pipeline.settle()
    before = pipeline.function.invocations

    pipeline.notify()
    until(lambda: pipeline.function.invocations > before, 10, "an invocation", pipeline.story)
    pipeline.settle()

    assert pipeline.dead.is_empty
    assert [line for line in pipeline.function.lines() if line.get("level") == "ERROR"] == []


def test_changes_that_come_together_end_as_if_they_had_come_one_by_one(pipeline: Pipeline) -> None:
    with pipeline.paused():
        for number in range(6):
            for seed in (number, number + 10):
                pipeline.upload(f"together/{number}.jpg", photo(seed=seed))
        for number in range(3):
            pipeline.delete(f"together/{number}.jpg")
    pipeline.settle()

    assert sorted(key for key in pipeline.manifests() if "together" in key) == [
        f"together/{number}.jpg" for number in (3, 4, 5)
    ]


def test_events_that_come_again_and_out_of_order_change_nothing(pipeline: Pipeline) -> None:
    pipeline.upload("flow/again.jpg", photo(seed=3))
    pipeline.settle()
    before = pipeline.renditions()

    names = ["ObjectRemoved:Delete", "ObjectCreated:Put", "ObjectCreated:Put"]
    pipeline.send(*(json.dumps(pipeline.notice("flow/again.jpg", name)) for name in names))
    pipeline.drain()

    assert pipeline.renditions() == before
    assert pipeline.faults() == []
