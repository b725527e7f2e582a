"""Of the first sketch's faults 1 to 29, those that only show when something is deployed and runs.

All of them, by what is registered: tests/infra/test_sketch_faults.py. 1 to 3, 8, 26 and 27 are what the other
tests here are about.
"""

import base64
import hashlib
from pathlib import Path

import pytest
from tests.cloud.steps import DeploymentError
from tests.pipeline.cloud import Cloud
from tests.pipeline.waiting import until
from tests.sync.pictures import photo

from pixmill.recipe import Recipe
from pixmill.settings import Settings

from .conftest import DEPLOY, Deploy
from .site import Site
from .test_pipelines import OURS

HASTY = Path(__file__).parent / "programs" / "hasty"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"


def test_4_22_23_what_cannot_be_done_ends_in_the_dead_letter_queue(home: Site) -> None:
    """After five times that count as errors, and not before; which takes half an hour, if nobody hurries."""
    home.hurry()
    home.queue.send('{"not": "an event"}')

    assert home.wait_for_dead() == ['{"not": "an event"}']
    assert len([line for line in home.log() if '"code":"unknown-event"' in line]) == 5
    assert home.queue.is_empty


def test_5_6_14_the_code_is_the_bundle_and_nothing_else(home: Site, cloud: Cloud) -> None:
    found = home.configuration()
    bundle = cloud.bundle.read_bytes()

    assert found["CodeSha256"] == base64.b64encode(hashlib.sha256(bundle).digest()).decode()
    assert found["CodeSize"] == len(bundle)
    assert not found.get("Layers")


def test_7_the_worker_reads_its_settings(home: Site) -> None:
    settings = Settings.from_env(home.configuration()["Environment"]["Variables"])

    assert settings.source == f"s3://{home.source.name}/uploads"
    assert settings.destination == f"s3://{home.destination.name}"
    assert settings.recipe == Recipe.load(DEPLOY / "pixmill.toml")


def test_10_a_notification_that_did_not_wait_would_be_refused(deploy: Deploy, cloud: Cloud) -> None:
    """Nothing else tells that ours waits: rights come last in this engine, as they may in Pulumi's."""
    args = {
        "bundle": str(cloud.bundle),
        "architecture": cloud.target.architecture,
        "python": cloud.target.python,
        **OURS,
    }
    stack = deploy(HASTY, "hasty", args=args)

    with pytest.raises(DeploymentError, match="Unable to validate the following destination configurations"):
        stack.up()


def test_11_the_function_logs_to_our_group_alone(home: Site, cloud: Cloud) -> None:
    home.manifest("logged.jpg", home.upload("logged.jpg", photo()))

    pages = cloud.client("logs").get_paginator("describe_log_groups").paginate()
    groups = [each["logGroupName"] for page in pages for each in page["logGroups"]]
    assert [name for name in groups if home.function in name] == []
    assert home.configuration()["LoggingConfig"]["LogGroup"] in groups
    # Lambda writes them when the function has answered.
    until(lambda: home.lines("logged.jpg"), 10, "its log", home.story)


def test_15_the_processor_and_the_python_are_those_that_the_bundle_is_built_for(home: Site) -> None:
    found = home.configuration()

    assert (found["Architectures"], found["Runtime"]) == (["arm64"], "python3.13")
