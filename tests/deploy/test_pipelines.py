"""Pipelines that deploy/ does not have: renamed, several of them, with buckets that exist, elsewhere."""

import json
import secrets
from typing import Any

import pytest
from tests.cloud.engine import Stack
from tests.cloud.inventory import inventory
from tests.pipeline.cloud import REGION, Cloud
from tests.pipeline.queues import Queue
from tests.pipeline.waiting import until
from tests.sync.pictures import photo

from pixmill.recipe import Recipe

from .conftest import PROGRAM, Deploy
from .site import BUCKET, Site

OURS: dict[str, Any] = {
    "source": {"retain": False, "force_destroy": True},
    "destination": {"retain": False, "force_destroy": True},
}
ADDED = "Added"
RENDITIONS = {f"{each.name}/photo.jpg.jpg" for each in Recipe.default().renditions}
MADE = RENDITIONS | {"manifests/photo.jpg.json"}


@pytest.fixture
def stack(deploy: Deploy) -> Stack:
    """A stack of pipelines that are still to be configured, as `pipelines`."""
    return deploy(PROGRAM, f"stack-{secrets.token_hex(4)}")


@pytest.fixture
def bucket(cloud: Cloud) -> str:
    """A bucket of somebody who hears of everything that comes into it, and tells EventBridge as well."""
    s3, name = cloud.client("s3"), f"theirs-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    queue = Queue.made(cloud.client("sqs"), name, {})
    queue.permit(_from_bucket(queue.arn, name))
    configuration = {
        "QueueConfigurations": [
            {"Id": ADDED, "QueueArn": queue.arn, "Events": ["s3:ObjectCreated:Put"], "Filter": _under("in/")}
        ],
        "EventBridgeConfiguration": {},
    }
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)
    return name


def test_two_pipelines_keep_apart(stack: Stack, cloud: Cloud) -> None:
    recipe = {"rendition": [{"name": "tiny", "width": 10, "formats": ["png"]}]}
    stack.config["pipelines"] = {"photos": OURS, "icons": {**OURS, "recipe": recipe}}
    stack.up()
    photos, icons = (Site(cloud, stack, name) for name in ("photos", "icons"))

    photos.manifest("photo.jpg", photos.upload("photo.jpg", photo()))
    icons.manifest("icon.jpg", icons.upload("icon.jpg", photo()))

    assert photos.destination.objects().keys() == MADE
    assert icons.destination.objects().keys() == {"tiny/icon.jpg.png", "manifests/icon.jpg.json"}
    assert stack.up().changes == []


def test_a_pipeline_by_another_name_is_another_pipeline(stack: Stack, cloud: Cloud) -> None:
    """What it was made of goes, but for the buckets: those stay, and what is in them."""
    before = inventory(cloud)
    stack.config["pipelines"] = {"old": {}}
    stack.up()
    old = Site(cloud, stack, "old")
    old.manifest("photo.jpg", old.upload("photo.jpg", photo()))

    stack.config["pipelines"] = {"new": OURS}
    ops = stack.up().ops()
    new = Site(cloud, stack, "new")
    new.manifest("photo.jpg", new.upload("photo.jpg", photo()))

    fates: dict[str, set[str]] = {"old": set(), "new": set()}
    for name, op in ops.items():
        fates[name[:3]].add(op.value)
    assert fates == {"old": {"delete", "retain"}, "new": {"create"}}
    assert old.destination.objects().keys() == MADE
    stack.destroy()
    assert inventory(cloud) - before == {f"s3:{old.source.name}", f"s3:{old.destination.name}"}


def test_the_notifications_of_a_bucket_that_exists_stay(stack: Stack, cloud: Cloud, bucket: str) -> None:
    """Before, with and after the pipeline; meanwhile both hear of an upload."""
    s3 = cloud.client("s3")
    before = _notifications(s3, bucket)
    theirs = Queue(cloud.client("sqs"), cloud.client("sqs").get_queue_url(QueueName=bucket)["QueueUrl"])
    theirs.purge()
    stack.config["pipelines"] = {
        "photos": {
            "source": {"existing_bucket": bucket, "prefix": "in"},
            "destination": {"existing_bucket": bucket, "prefix": "out"},
        }
    }
    stack.up()
    site = Site(cloud, stack, "photos", originals="in/", results="out/", buckets=(bucket, bucket))
    listener = site.listener()

    assert _notifications(s3, bucket) == before
    site.manifest("photo.jpg", site.upload("photo.jpg", photo()))
    assert site.made("photo.jpg") == MADE
    until(lambda: any("in/photo.jpg" in body for body in theirs.bodies()), 10, "their message", site.story)
    until(
        lambda: any("out/manifests/photo.jpg.json" in body for body in listener.bodies()),
        10,
        "ours",
        site.story,
    )
    site.hurry(5)
    site.delete("photo.jpg")
    site.wait_until_gone("photo.jpg")
    site.wait_until_settled()
    assert not [each for each in stack.resources() if each.type == BUCKET]

    stack.destroy()
    assert _notifications(s3, bucket) == before
    assert site.destination.objects().keys() == set()


def test_a_pipeline_stands_where_it_is_configured(stack: Stack) -> None:
    stack.config |= {"pipelines": {"photos": OURS}, "aws:region": "us-east-1"}

    told = stack.up().outputs["photos"]

    arns = [value for name, value in told.items() if name.endswith("_arn") and "bucket" not in name]
    assert len(arns) == 6
    assert {arn.split(":")[3] for arn in arns} - {""} == {"us-east-1"}
    environment = stack.resource("aws:lambda/function:Function").inputs["environment"]
    assert REGION not in json.dumps(environment)
    assert {each.region for each in stack.resources() if each.custom} <= {"us-east-1", ""}


def test_china_is_a_place_like_others(stack: Stack) -> None:
    """Of the ARNs there: tests/infra, with every partition."""
    stack.config |= {"pipelines": {"photos": {}}, "aws:region": "cn-north-1"}

    assert {op.value for op in stack.preview().ops().values()} == {"create"}


def _notifications(s3: Any, bucket: str) -> dict[str, Any]:  # noqa: ANN401 - boto3 makes its classes as it goes
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    return {key: each for key, each in found.items() if key != "ResponseMetadata"}


def _under(prefix: str) -> dict[str, Any]:
    return {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}}


def _from_bucket(queue: str, bucket: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
