"""What keeps a resource standing: protection, retention, and what it belongs to."""

from dataclasses import replace

import pytest
from tests.pipeline.cloud import Cloud

from .conftest import Write
from .deployment import Deployment
from .engine import Engine, Stack
from .goals import Goal, Namespace
from .inventory import inventory
from .state import State
from .steps import DeploymentError, Op

QUEUE_TYPE = "aws:sqs/queue:Queue"
QUEUE = 'aws.sqs.Queue("kept", name={name!r}, opts=ResourceOptions({option}=True))'


def test_what_is_protected_is_neither_deleted_nor_replaced(stack: Stack, write: Write) -> None:
    write(QUEUE.format(name="protected-queue", option="protect"))
    stack.up()

    with pytest.raises(DeploymentError, match="kept' cannot be deleted, because it is protected"):
        stack.destroy()
    write(QUEUE.format(name="another-queue", option="protect"))
    with pytest.raises(DeploymentError, match="because it is protected"):
        stack.preview()
    write("")
    with pytest.raises(DeploymentError, match="because it is protected") as failure:
        stack.up()

    assert failure.value.result.changes == []
    assert [each.name for each in stack.resources() if each.type == "aws:sqs/queue:Queue"] == ["kept"]


def test_what_is_unprotected_can_go(stack: Stack, write: Write, cloud: Cloud) -> None:
    before = inventory(cloud)
    write(QUEUE.format(name="protected-queue", option="protect"))
    stack.up()
    write('aws.sqs.Queue("kept", name="protected-queue")')

    assert stack.up().changes == []

    stack.destroy()
    assert inventory(cloud) == before


def test_what_is_retained_is_forgotten_and_stands(stack: Stack, write: Write, cloud: Cloud) -> None:
    before = inventory(cloud)
    write(QUEUE.format(name="retained-queue", option="retain_on_delete"))
    stack.up()

    result = stack.destroy()

    assert result.named(Op.RETAIN) == ["kept"]
    assert stack.resources() == []
    (left,) = inventory(cloud) - before
    cloud.client("sqs").delete_queue(QueueUrl=left.removeprefix("sqs:"))


def test_children_are_kept_as_their_component_is(engine: Engine) -> None:
    """The engine sees to it, whatever the SDK of a language has done before."""
    deployment = Deployment(engine.provider, State(), dry_run=True)
    names = Namespace("project", "stack")
    group = Goal(
        urn=names.urn("test:index:Group", "group"),
        type="test:index:Group",
        name="group",
        custom=False,
        protect=True,
        retain=True,
    )
    asked = Goal(urn="", type=QUEUE_TYPE, name="", custom=True, parent=group.urn)
    deployment.register(group)

    child = deployment.register(replace(asked, urn=names.urn(QUEUE_TYPE, "child", group.urn), name="child"))
    free = replace(asked, urn=names.urn(QUEUE_TYPE, "free", group.urn), name="free", protect=False)

    assert child.urn.endswith("::test:index:Group$aws:sqs/queue:Queue::child")
    assert (child.protect, child.retain) == (True, True)
    assert not deployment.register(free).protect


def test_what_is_deleted_with_another_needs_no_call_of_its_own(stack: Stack, write: Write) -> None:
    """The policy of a queue goes with the queue, which a provider that may not see it relies on."""
    write(
        """
        queue = aws.sqs.Queue("queue")
        aws.sqs.RedriveAllowPolicy("part", queue_url=queue.url, opts=ResourceOptions(deleted_with=queue),
            redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}))
        """
    )
    stack.up()

    result = stack.destroy(fail_at="aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")

    assert result.named(Op.DELETE) == ["part", "queue"]
