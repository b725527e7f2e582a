"""The bundle on Lambda's runtime keeps whatever a decoder does to one original."""

import json
from pathlib import Path

import pytest
from tests.aws.world import batch, failed
from tests.confinement.evil import SABOTAGE, evil
from tests.confinement.memory import holds
from tests.confinement.test_batch import ALL, FATES, GOOD
from tests.local.waiting import until
from tests.storage.bucket import Bucket
from tests.sync.pictures import photo

from .conftest import FUNCTIONS, Start
from .test_worker import environment, notices

SECRET = "planted-" + 4 * "secret-"


def codes(bucket: Bucket) -> dict[str, str]:
    """What the manifests say: the code of what was rejected, or the status."""
    found: dict[str, str] = {}
    for key in bucket.keys():  # noqa: SIM118 - a method of ours
        if key.startswith("site/manifests/"):
            body = bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read()
            manifest = json.loads(body)
            found[manifest["source"]["key"]] = manifest.get("reason", {}).get("code") or manifest["status"]
    return found


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for each in found for child in each.read_text("ascii").split()]


# To stand still takes half a minute here.
@pytest.mark.parametrize("name", sorted(FATES.keys() - {"sleep"}))
def test_one_is_rejected_and_the_others_are_complete(start: Start, bucket: Bucket, name: str) -> None:
    for number, key in enumerate(GOOD):
        bucket.put(f"uploads/{key}", photo(seed=number))
    bucket.put("uploads/evil.jpg", evil(name))
    function = start(
        "sabotaged.handler",
        environment={**environment(bucket), "PIXMILL_RENDER_SECONDS": "1"},
        timeout=60,
        memory=512,
        beside=[FUNCTIONS, SABOTAGE],
    )

    answer = function.invoke(batch(*notices(bucket, *ALL))).value

    assert failed(answer) == []
    assert codes(bucket) == {**dict.fromkeys(GOOD, "complete"), "evil.jpg": FATES[name]}
    bucket.put("uploads/next.jpg", photo())
    assert failed(function.invoke(batch(*notices(bucket, "next.jpg"))).value) == []
    assert codes(bucket)["next.jpg"] == "complete"
    assert len(function.cold_starts) == 1


def test_what_stands_still_until_the_functions_time_is_over_comes_again(start: Start, bucket: Bucket) -> None:
    bucket.put("uploads/evil.jpg", evil("sleep"))
    function = start(
        "sabotaged.handler",
        environment={**environment(bucket), "PIXMILL_RESERVE_SECONDS": "3"},
        timeout=6,
        beside=[FUNCTIONS, SABOTAGE],
    )

    answer = function.invoke(batch(*notices(bucket, "evil.jpg"))).value

    assert failed(answer) == ["m0"]
    assert codes(bucket) == {}
    bucket.put("uploads/next.jpg", photo())
    assert failed(function.invoke(batch(*notices(bucket, "next.jpg"))).value) == []
    assert len(function.cold_starts) == 1


def test_the_engine_is_a_fork_that_knows_no_credentials(start: Start, bucket: Bucket) -> None:
    bucket.put("uploads/a.jpg", photo())
    secret = {"AWS_SESSION_TOKEN": SECRET}
    function = start("pixmill.aws.worker.handler", environment={**environment(bucket), **secret}, timeout=60)
    assert failed(function.invoke(batch(*notices(bucket, "a.jpg"))).value) == []
    runtime = function._runtime()
    (process,) = children(runtime)

    command = Path(f"/proc/{process}/cmdline").read_bytes()

    assert b"awslambdaric" in command
    assert holds(runtime, SECRET.encode()), "the test does not find what is there"
    assert not holds(process, SECRET.encode())
    function.__exit__(None, None, None)
    assert until(lambda: not Path(f"/proc/{process}").exists())
