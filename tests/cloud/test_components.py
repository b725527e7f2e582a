"""Components: names within names, several of one type, transforms, aliases."""

import pytest

from .conftest import Write
from .engine import Stack
from .steps import DeploymentError, Op

QUEUE = "aws:sqs/queue:Queue"

GROUP = """
class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None, part="part"):
        super().__init__("test:index:Group", name, {}, opts)
        dead = aws.sqs.Queue(f"{name}-dead", opts=ResourceOptions(parent=self))
        self.queue = aws.sqs.Queue(f"{name}-work", delay_seconds=1, opts=ResourceOptions(parent=self),
            redrive_policy=Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 3}))
        self.register_outputs({"url": self.queue.url})
"""


def program(body: str) -> str:
    return GROUP + "\n" + body


def test_two_components_of_one_type_stand_beside_each_other(stack: Stack, write: Write) -> None:
    write(program('[Group(name) for name in ("cats", "dogs")]'))

    up = stack.up()

    assert sorted(up.named(Op.CREATE)) == ["cats-dead", "cats-work", "dogs-dead", "dogs-work"]
    urns = {each.urn.split("::", 2)[2] for each in stack.resources() if each.type == QUEUE}
    assert f"test:index:Group${QUEUE}::cats-dead" in urns
    assert stack.up().changes == []


def test_a_component_that_is_taken_out_takes_its_own_along(stack: Stack, write: Write) -> None:
    write(program('[Group(name) for name in ("cats", "dogs")]'))
    stack.up()
    write(program('Group("dogs")'))

    up = stack.up()

    assert up.named(Op.DELETE) == ["cats-work", "cats-dead"]
    assert [step.name for step in up.steps if step.op is Op.DELETE][-1] == "cats"


@pytest.mark.parametrize(
    "where",
    [
        'pulumi.runtime.register_resource_transform(slow); Group("one")',
        'pulumi.runtime.register_stack_transform(slow); Group("one")',
        'Group("one", opts=ResourceOptions(transforms=[slow]))',
    ],
)
def test_a_transform_changes_what_is_asked_for(stack: Stack, write: Write, where: str) -> None:
    write(
        program(
            f"""
def slow(args):
    if args.type_ == "{QUEUE}" and args.name.endswith("-work"):
        return pulumi.ResourceTransformResult({{**args.props, "delaySeconds": 9}}, args.opts)
{where}
"""
        )
    )

    stack.up()

    delays = {each.name: each.inputs.get("delaySeconds") for each in stack.resources() if each.type == QUEUE}
    assert delays == {"one-dead": None, "one-work": 9}
    assert stack.up().changes == []


def test_a_transform_changes_options(stack: Stack, write: Write) -> None:
    write(
        program(
            f"""
def keep(args):
    if args.type_ == "{QUEUE}":
        return pulumi.ResourceTransformResult(
            args.props, ResourceOptions.merge(args.opts, ResourceOptions(protect=True)))
Group("one", opts=ResourceOptions(transforms=[keep]))
"""
        )
    )

    stack.up()

    assert {each.name for each in stack.resources() if each.protect} == {"one-dead", "one-work"}


def test_a_transform_that_fails_ends_the_deployment(stack: Stack, write: Write) -> None:
    write(
        program(
            """
def fail(args):
    raise LookupError("no such thing")
Group("one", opts=ResourceOptions(transforms=[fail]))
"""
        )
    )

    with pytest.raises(DeploymentError, match="no such thing"):
        stack.preview()


@pytest.mark.parametrize("alias", ['name="old"', 'parent=pulumi.ROOT_STACK_RESOURCE, name="old"'])
def test_what_was_renamed_stays_what_it_was(stack: Stack, write: Write, alias: str) -> None:
    write('aws.sqs.Queue("old")')
    url = stack.up() and stack.resource(QUEUE).id
    write(f'aws.sqs.Queue("new", opts=ResourceOptions(aliases=[pulumi.Alias({alias})]))')

    up = stack.up()

    assert up.changes == []
    assert (stack.resource(QUEUE).name, stack.resource(QUEUE).id) == ("new", url)
