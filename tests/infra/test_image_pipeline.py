"""The component as a program uses it."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions
from tests.infra.deployed import bundle, deploy, later, run, with_bundle

from pixmill.infra import ImagePipeline, ImagePipelineArgs
from pixmill.infra.storage import Storage

QUEUE, FUNCTION, ALARM = (
    "aws:sqs/queue:Queue",
    "aws:lambda/function:Function",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
)
PHYSICAL_NAMES = {"name", "bucket", "namePrefix", "bucketPrefix"}


def test_nothing_need_be_said() -> None:
    pulumi_free = run(lambda: ImagePipeline("photos", {"bundle": str(bundle())}))

    assert pulumi_free.one(FUNCTION)["memorySize"] == 1769


def test_the_outputs_tell_all_that_one_needs() -> None:
    outputs = deploy().outputs

    assert outputs.keys() == ImagePipeline.__annotations__.keys() - {"event_bridge_command"}
    assert outputs["upload"] == "aws s3 cp photo.jpg s3://photos-source-1a2b3c4/uploads/"
    assert outputs["results"] == "aws s3 ls --recursive s3://photos-destination-1a2b3c4/"
    assert outputs["queue_url"].endswith("/photos-jobs-1a2b3c4")
    assert all(outputs.values())


def test_event_bridge_is_turned_on_beside_what_is_there() -> None:
    """S3 replaces the whole document, so the command reads it first."""
    places: Any = {"existing_bucket": "one"}, {"existing_bucket": "two"}
    command = deploy({"source": places[0], "destination": places[1]}).outputs["event_bridge_command"]

    first, second = command.splitlines()
    assert first.startswith("aws s3api get-bucket-notification-configuration --bucket one | jq ")
    assert "put-bucket-notification-configuration --bucket two" in second
    assert "+ {EventBridgeConfiguration: {}}" in first


def test_several_pipelines_live_in_one_program() -> None:
    def program() -> None:
        ImagePipeline("photos", with_bundle({}))
        ImagePipeline("scans", with_bundle({"memory_mb": 2048}))

    both = run(program)

    assert len({each.urn for each in both.resources}) == len(both.resources)
    assert {each["memorySize"] for each in both.all(FUNCTION)} == {1769, 2048}
    pipelines = {each["environment"]["variables"]["PIXMILL_PIPELINE"] for each in both.all(FUNCTION)}
    assert pipelines == {"shop-test-photos", "shop-test-scans"}


def test_pulumi_gives_all_names() -> None:
    for each in deploy().made:
        named = PHYSICAL_NAMES & each.inputs.keys()
        # What belongs to a bucket names that bucket.
        assert not named or "-1a2b3c4" in each[named.pop()]


def test_everything_belongs_to_the_pipeline() -> None:
    deployed = deploy()
    parents = {each.urn: each.parent for each in deployed.resources}
    (pipeline,) = deployed.all("pixmill:index:ImagePipeline")

    for each in deployed.made:
        assert parents[each.parent] == pipeline.urn


def test_the_components_provider_is_that_of_all_its_parts() -> None:
    def program() -> None:
        elsewhere = aws.Provider("elsewhere", region="eu-central-1")
        ImagePipeline("photos", with_bundle({}), ResourceOptions(provider=elsewhere))

    deployed = run(program)

    (provider,) = deployed.all("pulumi:providers:aws")
    assert {each.provider.partition("::elsewhere")[0] + "::elsewhere" for each in deployed.made} == {
        provider.urn
    }
    assert {asked.partition("::elsewhere")[1] for asked in deployed.asked} == {"::elsewhere"}


def test_a_transform_changes_any_part() -> None:
    def transform(
        kind: str, name: str, args: dict[str, Any], opts: ResourceOptions
    ) -> tuple[dict[str, Any], ResourceOptions] | None:
        seen.append(name)
        if kind == FUNCTION:
            return {**args, "reserved_concurrent_executions": 7}, opts
        if name == "photos-jobs":
            return args, ResourceOptions.merge(opts, ResourceOptions(retain_on_delete=True))
        return None

    seen: list[str] = []
    deployed = deploy(transform=transform)

    assert deployed.one(FUNCTION)["reservedConcurrentExecutions"] == 7
    assert deployed.one(QUEUE, "-jobs").retained
    assert not deployed.one(QUEUE, "-dead-letters").retained
    assert sorted(seen) == sorted(each.name for each in deployed.made)


def test_a_transform_says_the_arguments_as_python_does() -> None:
    def transform(kind: str, _: str, args: dict[str, Any], __: ResourceOptions) -> None:
        if kind == FUNCTION:
            told.update(args)

    told: dict[str, Any] = {}
    deploy(transform=transform)

    assert told["memory_size"] == 1769


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_other_resources_tell_names_and_arns(kind: str) -> None:
    say: Any = later if kind == "outputs" else lambda value: value  # pyright: ignore[reportUnknownLambdaType]

    def program() -> None:
        args: Any = {
            "source": {"existing_bucket": say("originals")},
            "tags": say({"team": "web"}),
            "alarm_topic_arn": say("arn:aws:sns:eu-west-1:123456789012:ops"),
        }
        ImagePipeline("photos", with_bundle(args))

    deployed = run(program)

    assert deployed.one(FUNCTION)["environment"]["variables"]["PIXMILL_SOURCE"] == "s3://originals"
    assert deployed.one(FUNCTION)["tags"] == {"team": "web"}
    assert deployed.one(ALARM, "-delay")["alarmActions"] == ["arn:aws:sns:eu-west-1:123456789012:ops"]


CHANGES: dict[str, Any] = {
    "recipe": {"rendition": [{"name": "a", "width": 10}]},
    "source": {"prefix": "in"},
    "destination": {"prefix": "out"},
    "memory_mb": 2048,
    "timeout_seconds": 30,
    "architecture": "x86_64",
    "python": "3.14",
    "batch_size": 5,
    "batch_window_seconds": 5,
    "maximum_concurrency": 2,
    "visibility_timeout_seconds": 1000,
    "max_receive_count": 3,
    "log_retention_days": 7,
    "log_level": "DEBUG",
    "tracing": False,
    "kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
    "alarm_topic_arn": "arn:aws:sns:eu-west-1:123456789012:ops",
    "alarm_email": "ops@example.com",
    "permissions_boundary_arn": "arn:aws:iam::123456789012:policy/boundary",
    "tags": {"team": "web"},
}


@pytest.mark.parametrize("name", ImagePipelineArgs.__annotations__)
def test_every_argument_changes_something(name: str) -> None:
    if name == "bundle":  # tests/infra/test_artifact.py
        return

    def said(args: dict[str, Any]) -> list[tuple[str, str]]:
        made = deploy(args).made
        # An archive, which has no value of its own, is what its file is.
        return sorted(
            (each.urn, json.dumps(dict(each.inputs), default=vars, sort_keys=True)) for each in made
        )

    assert said({name: CHANGES[name]}) != said({})


def test_parts_can_be_reached() -> None:
    def program() -> None:
        pipeline = ImagePipeline("photos", with_bundle({}))
        assert isinstance(pipeline.source, Storage)
        pulumi.export("cpu", pipeline.function.function.memory_size)

    assert run(program).made


@pytest.mark.parametrize("place", [{}, {"existing_bucket": "photos"}])
def test_a_preview_needs_no_answers(place: dict[str, str]) -> None:
    """Nothing is there yet, so no name and no ARN is known."""
    args = {"source": place, "alarm_email": "ops@example.com"}
    preview, real = deploy(args, preview=True), deploy(args)

    assert {each.urn for each in preview.resources} == {each.urn for each in real.resources}
