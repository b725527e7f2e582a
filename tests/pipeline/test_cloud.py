"""The emulator keeps what the other tests rely on: alone, clean, strict, and gone when it should be."""

import os
import re
import signal
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from tests.sync.pictures import photo

from .cloud import REGION, Cloud
from .conftest import Deploy
from .pipeline import Pipeline
from .processes import addresses, environment, lives
from .waiting import until


def test_it_listens_on_loopback_alone(pipeline: Pipeline) -> None:
    pipeline.settle()

    assert addresses(pipeline.cloud.process) == {"0100007F"}


def test_functions_see_nothing_of_this_machine(pipeline: Pipeline) -> None:
    pipeline.upload("seen.jpg", photo())
    pipeline.settle()

    names = environment(pipeline.function.processes()[0]).keys()

    assert {"AWS_LAMBDA_RUNTIME_API", "AWS_SESSION_TOKEN", "PIXMILL_RECIPE", "LAMBDA_TASK_ROOT"} <= names
    others = {name for name in names if not re.match("AWS_|PIXMILL_|_HANDLER|LAMBDA_", name)}
    assert others == {"PATH", "LANG", "TZ", "PWD", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_a_stranger_is_refused(cloud: Cloud) -> None:
    stranger = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id="AKIAXXXXXXXXXXXXXXXX",
        aws_secret_access_key="guessed",  # noqa: S106 - means nothing
    )

    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        stranger.list_buckets()
    stranger.close()


def test_a_function_calls_where_it_is_told_to(deploy: Deploy) -> None:
    pipeline = deploy(endpoint="http://127.0.0.1:9", receives=1, timeout=2, visibility=2, reserve=0.5)
    pipeline.upload("a.jpg", photo())

    assert len(pipeline.wait_for_dead(1)) == 1


@pytest.mark.parametrize("wrong", [{"visibility": 5, "timeout": 6}, {"concurrency": 1}])
def test_what_aws_refuses_is_refused(cloud: Cloud, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="AWS refuses"):
        Pipeline(cloud=cloud, **wrong)  # pyright: ignore[reportArgumentType]


def test_nothing_is_left_when_it_ends(cloud: Cloud) -> None:
    with Cloud(target=cloud.target, here=cloud.here, bundle=cloud.bundle) as other:
        pipeline = Pipeline(cloud=other).__enter__()  # and nobody takes it down
        pipeline.upload("a.jpg", photo())
        pipeline.settle()
        processes = [other.process, *pipeline.function.processes()]
        folder = Path(f"/proc/{other.process}/cwd").resolve()
        os.kill(processes[1], signal.SIGSTOP)  # so that it cannot hear

    until(lambda: not any(map(lives, processes)), 20, "the end of all processes")
    assert not folder.exists()


def test_it_ends_when_its_starter_does(cloud: Cloud) -> None:
    with Cloud(target=cloud.target, here=cloud.here, bundle=cloud.bundle) as other:
        assert other._process.stdin
        other._process.stdin.close()

        until(lambda: other._process.poll() is not None, 20, "its end", lambda: other.log)
