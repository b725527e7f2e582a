"""What a deployment does: nothing in a preview, and no more than the program's changes ask for."""

import pytest
from tests.pipeline.cloud import Cloud

from .conftest import Write
from .engine import Stack
from .inventory import inventory
from .steps import DeploymentError, Op
from .values import UNKNOWN

QUEUE = "aws:sqs/queue:Queue"
TWO = """
    first = aws.sqs.Queue("first", name=config.get("name"), delay_seconds=config.get_int("delay"))
    second = aws.sqs.Queue("second", tags={"of": first.arn})
    policy = aws.sqs.QueuePolicy("policy", queue_url=first.url, policy=first.arn.apply(lambda arn: json.dumps(
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]})))
    pulumi.export("url", first.url)
    pulumi.export("seen", first.name.apply(len))
"""


def test_a_preview_creates_nothing_and_knows_what_it_cannot_know(
    stack: Stack, write: Write, cloud: Cloud
) -> None:
    write(TWO)
    before = inventory(cloud)

    preview = stack.preview()

    assert sorted(preview.named(Op.CREATE)) == ["first", "policy", "second"]
    assert preview.outputs["url"] == UNKNOWN
    assert preview.outputs["seen"] == len("first-1234567")  # a name is made up before
    assert inventory(cloud) == before
    assert stack.resources() == []


def test_up_makes_what_the_preview_announced_and_then_all_is_the_same(
    stack: Stack, write: Write, cloud: Cloud
) -> None:
    write(TWO)
    preview = stack.preview()
    before = inventory(cloud)

    first, second = stack.up(), stack.up()

    assert first.ops() == preview.ops()
    assert f"sqs:{first.outputs['url']}" in inventory(cloud) - before
    assert set(second.ops(components=True).values()) == {Op.SAME}
    assert second.changes == stack.preview().changes == []
    assert second.outputs == first.outputs


def test_a_change_that_can_be_made_in_place_is(stack: Stack, write: Write, cloud: Cloud) -> None:
    write(TWO)
    url = stack.up().outputs["url"]
    stack.config["delay"] = 7

    preview, up = stack.preview(), stack.up()

    assert up.changes == preview.changes == [f"update {QUEUE} first [delaySeconds]"]
    assert up.outputs["url"] == url
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["DelaySeconds"] == "7"


def test_an_input_that_is_taken_away_is_taken_back(stack: Stack, write: Write, cloud: Cloud) -> None:
    program = """
        dead = aws.sqs.Queue("dead")
        queue = aws.sqs.Queue("queue"{more})
        pulumi.export("url", queue.url)
    """
    redrive = 'Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 3})'
    write(program.format(more=f", delay_seconds=7, redrive_policy={redrive}"))
    url = stack.up().outputs["url"]
    write(program.format(more=""))

    stack.up()

    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["DelaySeconds"] == "0"
    assert not found.get("RedrivePolicy")


def test_a_replacement_is_made_before_the_old_one_goes_and_dependents_follow(
    stack: Stack, write: Write, cloud: Cloud
) -> None:
    write(TWO)
    old = stack.up().outputs["url"]
    stack.config["name"] = "another-name"

    up = stack.up()

    assert up.outputs["url"].endswith("/another-name")
    assert up.ops() == {
        "first:Queue": Op.REPLACE,
        "second:Queue": Op.UPDATE,
        "policy:QueuePolicy": Op.REPLACE,
    }
    order = [(step.op, step.name) for step in up.steps]
    assert order.index((Op.REPLACE, "first")) < order.index((Op.REPLACE, "policy"))
    assert order.index((Op.REPLACE, "policy")) < order.index((Op.DELETE_REPLACED, "policy"))
    assert order.index((Op.DELETE_REPLACED, "policy")) < order.index((Op.DELETE_REPLACED, "first"))
    assert f"sqs:{old}" not in inventory(cloud)
    assert stack.up().changes == []


def test_a_preview_of_a_replacement_announces_what_follows(stack: Stack, write: Write) -> None:
    write(TWO)
    stack.up()
    stack.config["name"] = "another-name"

    preview = stack.preview()

    assert preview.named(Op.REPLACE) == ["first", "policy"]
    assert preview.named(Op.UPDATE) == ["second"]
    assert stack.up().ops() == preview.ops()


def test_what_keeps_its_name_goes_before_its_replacement_comes(stack: Stack, write: Write) -> None:
    """Two of one name cannot stand beside each other; what needs the old one goes first of all."""
    program = """
        def policy(**statement):
            return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})

        role = aws.iam.Role("role", name="a-name-of-its-own", path=config.require("path"),
            assume_role_policy=policy(Action="sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"}))
        aws.iam.RolePolicy("rights", role=role.name, policy=policy(Action="s3:GetObject", Resource="*"))
    """
    write(program)
    stack.config["path"] = "/one/"
    stack.up()
    stack.config["path"] = "/two/"

    preview, up = stack.preview(), stack.up()

    wanted = [
        (Op.DELETE_REPLACED, "rights"),
        (Op.DELETE_REPLACED, "role"),
        (Op.REPLACE, "role"),
        (Op.REPLACE, "rights"),
    ]
    assert [(step.op, step.name) for step in up.steps if step.op is not Op.SAME] == wanted
    assert up.changes == preview.changes
    assert stack.up().changes == []


@pytest.mark.parametrize("first", [True, False])
def test_the_program_may_say_what_goes_first(stack: Stack, write: Write, first: bool) -> None:  # noqa: FBT001 - both
    program = """
        aws.sqs.Queue("queue", name=config.get("name"), opts=ResourceOptions(delete_before_replace={first}))
    """
    write(program.format(first=first))
    stack.up()
    stack.config["name"] = "a-new-name"

    steps = [step.op for step in stack.up().steps if step.op is not Op.SAME]

    assert steps == [Op.DELETE_REPLACED, Op.REPLACE][:: 1 if first else -1]


def test_what_the_program_does_not_name_any_more_goes_after_what_needs_it(
    stack: Stack, write: Write, cloud: Cloud
) -> None:
    before = inventory(cloud)
    write(TWO)
    stack.up()
    write('pulumi.export("nothing", 0)')

    preview, up = stack.preview(), stack.up()

    assert up.named(Op.DELETE)[-1] == "first"
    assert sorted(up.named(Op.DELETE)) == sorted(preview.named(Op.DELETE)) == ["first", "policy", "second"]
    assert inventory(cloud) == before


def test_changes_that_are_to_be_ignored_are(stack: Stack, write: Write) -> None:
    program = """
        aws.sqs.Queue("queue", delay_seconds={delay}, tags={{"owner": "{owner}", "team": "{team}"}},
            opts=ResourceOptions(ignore_changes=["delaySeconds", "tags.owner"]))
    """
    write(program.format(delay=1, owner="me", team="red"))
    stack.up()
    write(program.format(delay=2, owner="you", team="blue"))

    assert stack.up().changes == [f"update {QUEUE} queue [tags]"]

    assert stack.resource(QUEUE).inputs["tags"] == {"owner": "me", "team": "blue"}
    assert stack.resource(QUEUE).inputs["delaySeconds"] == 1


def test_changes_that_are_to_replace_do(stack: Stack, write: Write) -> None:
    program = """
        aws.sqs.Queue("queue", delay_seconds={delay},
            opts=ResourceOptions(replace_on_changes=["delaySeconds"]))
    """
    write(program.format(delay=1))
    stack.up()
    write(program.format(delay=2))

    assert stack.up().named(Op.REPLACE, Op.DELETE_REPLACED) == ["queue", "queue"]


def test_a_resource_may_stand_in_another_region(stack: Stack, write: Write) -> None:
    write(
        """
        aws.sqs.Queue("named", region="eu-west-1")
        other = aws.Provider("other", region="us-east-1")
        aws.sqs.Queue("provided", opts=ResourceOptions(provider=other))
        aws.sqs.Queue("default")
        """
    )

    stack.up()

    arns = {each.name: each.outputs["arn"].split(":")[3] for each in stack.resources() if each.type == QUEUE}
    assert arns == {"named": "eu-west-1", "provided": "us-east-1", "default": "eu-central-1"}
    assert stack.up().changes == []


def test_two_resources_of_one_name_are_refused(stack: Stack, write: Write) -> None:
    write('aws.sqs.Queue("one"); aws.sqs.Queue("one")')

    with pytest.raises(DeploymentError, match="Duplicate resource URN"):
        stack.preview()


def test_a_resource_that_something_else_made_can_be_read(stack: Stack, write: Write, cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(
        Bucket="made-before", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    write('pulumi.export("arn", aws.s3.Bucket.get("found", "made-before").arn)')

    up = stack.up()

    assert up.outputs["arn"] == "arn:aws:s3:::made-before"
    assert up.named(Op.READ) == ["found"]
    cloud.client("s3").delete_bucket(Bucket="made-before")
