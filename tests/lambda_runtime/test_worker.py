"""The worker as it is deployed: its bundle, on Lambda's runtime, between the buckets of an S3 server."""

import json
from typing import Any

import pytest
from tests.aws.daemon import PARENT, ROOT, Daemon, header
from tests.aws.world import RECIPE, batch, failed, notice
from tests.bundle.built import HOST, runnable, unzipped
from tests.storage.bucket import Bucket
from tests.sync.pictures import photo

from pixmill.manifest import Manifest
from pixmill.settings import Settings

from .conftest import Start
from .emulated import Function
from .interface import Interface


def environment(bucket: Bucket) -> dict[str, str]:
    settings = Settings(source=bucket.url("uploads"), destination=bucket.url("site"), recipe=RECIPE)
    return {**settings.to_env(), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def notices(bucket: Bucket, *keys: str) -> list[dict[str, Any]]:
    return [notice(f"uploads/{key}", bucket=bucket.name) for key in keys]


def test_uploads_become_renditions_and_what_is_gone_or_not_understood_comes_again(
    start: Start, bucket: Bucket
) -> None:
    for number in range(4):
        bucket.put(f"uploads/a b {number}.jpg", photo(seed=number))
    bucket.put("uploads/bad.jpg", photo()[:200])
    function = start("pixmill.aws.worker.handler", environment=environment(bucket), timeout=60)

    keys = [f"a+b+{number}.jpg" for number in range(4)]
    answer = function.invoke(batch(*notices(bucket, *keys, "bad.jpg", "gone.jpg"), "not JSON")).value

    assert failed(answer) == ["m5", "m6"]
    again = function.invoke(batch(*notices(bucket, "gone.jpg"), "not JSON", count=2)).value
    assert failed(again) == ["m1"]
    stored = bucket.keys()
    made = {key for key in stored if key.startswith("site/")}
    assert made == {
        *(
            f"site/thumbnail/a b {number}.jpg.{extension}"
            for number in range(4)
            for extension in ("jpg", "webp")
        ),
        *(f"site/manifests/a b {number}.jpg.json" for number in range(4)),
        "site/manifests/bad.jpg.json",
    }
    found = bucket.client.get_object(Bucket=bucket.name, Key="site/manifests/a b 0.jpg.json")["Body"].read()
    assert Manifest.from_json(found).source.etag == bucket.head("uploads/a b 0.jpg")["ETag"].strip('"')


def test_overwriting_and_deleting_are_followed(start: Start, bucket: Bucket) -> None:
    bucket.put("uploads/a.jpg", photo(seed=1))
    function = start("pixmill.aws.worker.handler", environment=environment(bucket), timeout=60)
    function.invoke(batch(*notices(bucket, "a.jpg")))
    before = bucket.head("site/thumbnail/a.jpg.jpg")["ETag"]

    bucket.put("uploads/a.jpg", photo(seed=2))
    function.invoke(batch(*notices(bucket, "a.jpg")))
    assert bucket.head("site/thumbnail/a.jpg.jpg")["ETag"] != before

    bucket.client.delete_object(Bucket=bucket.name, Key="uploads/a.jpg")
    first = function.invoke(batch(*notices(bucket, "a.jpg"))).value
    assert bucket.keys() == []
    second = function.invoke(batch(*notices(bucket, "a.jpg"), count=2)).value
    assert (failed(first), failed(second)) == (["m0"], [])


def test_the_log_is_one_line_of_json_for_each_outcome(start: Start, bucket: Bucket) -> None:
    bucket.put("uploads/a.jpg", photo())
    function = start("pixmill.aws.worker.handler", environment=environment(bucket), timeout=60)

    function.invoke(batch(*notices(bucket, "a.jpg")))

    lines = [json.loads(line) for line in function.log.splitlines() if line.startswith("{")]
    assert [line["key"] for line in lines if line.get("message") == "made"] == ["a.jpg"]
    assert [line["Originals"] for line in lines if "_aws" in line] == [1]


def test_x_ray_hears_of_the_originals_of_traced_invocations_alone(
    bucket: Bucket, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not runnable():
        pytest.skip("Lambda has no bundle that this system could run")
    target, here = runnable()[0]
    task = unzipped(target, tmp_path_factory.getbasetemp())
    for key in ("a", "b", "c"):
        bucket.put(f"uploads/{key}.jpg", photo())
    other = "1-00000000-000000000000000000000000"
    with Daemon() as daemon:
        function = Function(
            task=task,
            handler="pixmill.aws.worker.handler",
            architecture=HOST,
            here=here,
            environment={**environment(bucket), "AWS_XRAY_DAEMON_ADDRESS": daemon.address},
        )
        lambdas = Interface()
        with lambdas.serving(function):
            traces = {"a": header(), "b": None, "c": header(other)}
            for key, trace in traces.items():
                answer = lambdas.invoke(batch(*notices(bucket, f"{key}.jpg")), trace)
                assert failed(answer) == []

        first, last = daemon.received(2)
        assert daemon.nothing_more()
    assert (first["trace_id"], first["parent_id"], first["annotations"]) == (
        ROOT,
        PARENT,
        {"key": "a.jpg", "action": "made", "format": "jpeg", "pipeline": "pixmill", "cold_start": True},
    )
    assert (last["trace_id"], last["annotations"]["key"]) == (other, "c.jpg")


def test_without_a_trace_header_the_emulated_function_sends_nothing(start: Start, bucket: Bucket) -> None:
    with Daemon() as daemon:
        told = {**environment(bucket), "AWS_XRAY_DAEMON_ADDRESS": daemon.address}
        function = start("pixmill.aws.worker.handler", environment=told, timeout=60)

        function.invoke(batch(*notices(bucket, "gone.jpg")))

        assert daemon.nothing_more()
    assert "not traced" not in function.log
