"""A whole pipeline, with every type of resource that this engine knows."""

import pytest
from tests.pipeline.cloud import Cloud

from .aws.kinds import KINDS
from .conftest import PROGRAMS, Deploy
from .engine import Stack
from .inventory import inventory
from .steps import DeploymentError


@pytest.fixture
def pipeline(deploy: Deploy) -> Stack:
    return deploy(PROGRAMS / "pipeline")


def test_a_pipeline_comes_changes_and_goes(pipeline: Stack, cloud: Cloud) -> None:
    before = inventory(cloud)

    preview = pipeline.preview()
    assert {step.type for step in preview.steps if step.made} == KINDS.keys()
    assert inventory(cloud) == before
    first = pipeline.up()
    assert first.ops() == preview.ops()
    assert pipeline.preview().changes == pipeline.up().changes == []

    pipeline.config |= {"memory": 1024, "batch": 5}
    changed = {
        "update aws:lambda/function:Function worker [memorySize]",
        "update aws:lambda/eventSourceMapping:EventSourceMapping work [batchSize]",
    }
    assert {*pipeline.preview().changes} == {*pipeline.up().changes} == changed

    pipeline.destroy()
    assert pipeline.resources() == []
    assert inventory(cloud) == before


def test_the_function_is_what_was_asked_for(pipeline: Stack, cloud: Cloud) -> None:
    pipeline.up()

    found = cloud.client("lambda").get_function_configuration(
        FunctionName=pipeline.resource("aws:lambda/function:Function").id
    )

    assert (found["MemorySize"], found["Timeout"], found["Architectures"]) == (512, 60, ["arm64"])
    assert found["LoggingConfig"]["LogGroup"].startswith("worker-")
    assert found["Environment"]["Variables"].keys() == {"DESTINATION"}


def test_it_can_be_resumed_after_one_failure_and_another(pipeline: Stack, cloud: Cloud) -> None:
    """Each time in what the last failure left; each of these needs the one before it."""
    before = inventory(cloud)
    for name in ("role:Role", "function:Function", "eventSourceMapping:EventSourceMapping"):
        (token,) = (each for each in KINDS if each.endswith(f"/{name}"))
        with pytest.raises(DeploymentError, match=f"failed on request at {token}"):
            pipeline.up(fail_at=token)

    pipeline.up()

    assert {each.type for each in pipeline.resources()} >= KINDS.keys()
    assert pipeline.up().changes == []
    pipeline.destroy()
    assert inventory(cloud) == before
