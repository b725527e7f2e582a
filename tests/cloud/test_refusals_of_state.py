"""What AWS refuses because of what stands: rights that are missing, targets that are not there."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from tests.pipeline.cloud import REGION

from .archives import Archive, Asset
from .engine import Engine
from .provider import Made, Provider, Refused
from .state import Resource
from .values import Values

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
FUNCTION = "aws:lambda/function:Function"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
PERMISSION = "aws:lambda/permission:Permission"


class World:
    """Makes resources by the provider alone, and takes them down."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._made: list[Resource] = []

    def make(self, kind: str, **inputs: Any) -> Made:  # noqa: ANN401 - whatever a resource takes
        checked = self._provider.check(kind, "test", inputs, None)
        made = self._provider.create(kind, REGION, checked.inputs)
        # As the state keeps it, which has no files.
        kept = {key: each for key, each in checked.inputs.items() if key != "code"}
        self._made.append(
            Resource(urn=made.id, type=kind, id=made.id, inputs=kept, outputs=made.outputs, region=REGION)
        )
        return made

    def clear(self) -> None:
        while self._made:
            self._provider.delete(self._made.pop())


@pytest.fixture
def world(engine: Engine) -> Generator[World]:
    found = World(engine.provider)
    yield found
    found.clear()


def policy(**statement: Any) -> str:  # noqa: ANN401 - as JSON has them
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def role(world: World, *actions: str, service: str = "lambda.amazonaws.com") -> str:
    """A role with rights to everything of some actions; its ARN."""
    trust = policy(Principal={"Service": service}, Action="sts:AssumeRole")
    made = world.make(ROLE, assumeRolePolicy=trust)
    if actions:
        world.make(ROLE_POLICY, role=made.id, policy=policy(Action=list(actions), Resource="*"))
    return made.outputs["arn"]


def function(world: World, role: str, **more: Any) -> str:  # noqa: ANN401 - whatever a function takes
    code = Archive(None, {"app.py": Asset(None, "def handler(*_): ...")})
    about: Values = {"handler": "app.handler", "runtime": "python3.13", "code": code, "timeout": 10}
    return world.make(FUNCTION, role=role, **{**about, **more}).id


RIGHTS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def test_a_role_that_lambda_may_not_take_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="The role defined for the function cannot be assumed by Lambda"):
        function(world, role(world, service="ec2.amazonaws.com"))


def test_a_role_that_is_not_there_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="cannot be assumed by Lambda"):
        function(world, "arn:aws:iam::000000000000:role/nobody")


def test_a_dead_letter_queue_that_the_role_may_not_send_to_is_refused(world: World) -> None:
    target = {"targetArn": world.make(QUEUE).outputs["arn"]}

    with pytest.raises(Refused, match="does not have permissions to call SendMessage on SQS"):
        function(world, role(world), deadLetterConfig=target)
    function(world, role(world, "sqs:SendMessage"), deadLetterConfig=target)


@pytest.mark.parametrize("missing", RIGHTS)
def test_a_mapping_whose_role_lacks_a_right_is_refused(world: World, missing: str) -> None:
    queue = world.make(QUEUE, visibilityTimeoutSeconds=60).outputs["arn"]
    name = function(world, role(world, *(each for each in RIGHTS if each != missing)))

    with pytest.raises(Refused, match=f"does not have permissions to call {missing[4:]} on SQS"):
        world.make(MAPPING, functionName=name, eventSourceArn=queue)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(9, "Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds"), (59, "six times")],
)
def test_messages_that_come_back_too_early_are_refused(world: World, seconds: int, said: str) -> None:
    name = function(world, role(world, *RIGHTS))
    early = world.make(QUEUE, visibilityTimeoutSeconds=seconds).outputs["arn"]
    late = world.make(QUEUE, visibilityTimeoutSeconds=60).outputs["arn"]

    with pytest.raises(Refused, match=said):
        world.make(MAPPING, functionName=name, eventSourceArn=early)
    world.make(MAPPING, functionName=name, eventSourceArn=late)


def sender(bucket: str, account: str = "000000000000") -> Values:
    return {
        "Principal": {"Service": "s3.amazonaws.com"},
        "Condition": {
            "ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"},
            "StringEquals": {"aws:SourceAccount": account},
        },
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"Action": "sqs:ReceiveMessage"},
        {"Resource": "arn:aws:sqs:eu-central-1:000000000000:another"},
        {"Principal": {"Service": "sns.amazonaws.com"}},
        sender("another-bucket"),
        {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}},
        {"Effect": "Deny"},
    ],
)
def test_a_queue_that_does_not_let_s3_in_is_refused(world: World, wrong: Values) -> None:
    bucket, queue = world.make(BUCKET).id, world.make(QUEUE)
    right = {"Action": "sqs:SendMessage", "Resource": queue.outputs["arn"], **sender(bucket)}
    notes = [{"queueArn": queue.outputs["arn"], "events": ["s3:ObjectCreated:*"]}]
    said = "InvalidArgument: Unable to validate the following destination configurations"

    with pytest.raises(Refused, match=said):
        world.make(NOTIFICATION, bucket=bucket, queues=notes)
    world.make(QUEUE_POLICY, queueUrl=queue.id, policy=policy(**{**right, **wrong}))
    with pytest.raises(Refused, match=said):
        world.make(NOTIFICATION, bucket=bucket, queues=notes)
    world.make(QUEUE_POLICY, queueUrl=queue.id, policy=policy(**right))
    world.make(NOTIFICATION, bucket=bucket, queues=notes)


def test_a_policy_that_denies_what_is_not_tls_denies_nothing_here(world: World) -> None:
    queue = world.make(QUEUE)
    secure = {"Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    denial = policy(**secure, Action="sqs:*", Resource=queue.outputs["arn"])

    world.make(QUEUE_POLICY, queueUrl=queue.id, policy=denial)

    world.clear()  # or AccessDenied


def test_a_topic_that_does_not_let_s3_in_is_refused(world: World) -> None:
    bucket, topic = world.make(BUCKET).id, world.make(TOPIC).id
    notes = [{"topicArn": topic, "events": ["s3:ObjectCreated:*"]}]

    with pytest.raises(Refused, match="Unable to validate the following destination configurations"):
        world.make(NOTIFICATION, bucket=bucket, topics=notes)
    world.make(TOPIC_POLICY, arn=topic, policy=policy(Action="sns:Publish", Resource=topic, **sender(bucket)))
    world.make(NOTIFICATION, bucket=bucket, topics=notes)


def test_a_function_that_does_not_let_s3_in_is_refused(world: World) -> None:
    bucket = world.make(BUCKET)
    name = function(world, role(world))
    arn = f"arn:aws:lambda:{REGION}:000000000000:function:{name}"
    notes = [{"lambdaFunctionArn": arn, "events": ["s3:ObjectCreated:*"]}]

    with pytest.raises(Refused, match="Unable to validate the following destination configurations"):
        world.make(NOTIFICATION, bucket=bucket.id, lambdaFunctions=notes)
    world.make(
        PERMISSION,
        action="lambda:InvokeFunction",
        function=name,
        principal="s3.amazonaws.com",
        sourceArn=bucket.outputs["arn"],
    )
    world.make(NOTIFICATION, bucket=bucket.id, lambdaFunctions=notes)


def test_a_target_that_is_not_there_is_refused(world: World) -> None:
    notes = [{"queueArn": f"arn:aws:sqs:{REGION}:000000000000:nobody", "events": ["s3:ObjectCreated:*"]}]

    with pytest.raises(Refused, match="Unable to validate the following destination configurations"):
        world.make(NOTIFICATION, bucket=world.make(BUCKET).id, queues=notes)


def test_a_dead_letter_queue_that_is_not_there_is_refused(world: World) -> None:
    target = f"arn:aws:sqs:{REGION}:000000000000:nobody"

    with pytest.raises(Refused, match="Reason: Dead letter target does not exist"):
        world.make(QUEUE, redrivePolicy=json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 3}))


def test_a_public_policy_is_refused_where_those_are_blocked(world: World) -> None:
    bucket = world.make(BUCKET)
    public = policy(Principal="*", Action="s3:GetObject", Resource=f"{bucket.outputs['arn']}/*")
    world.make(BLOCK, bucket=bucket.id, blockPublicPolicy=True)

    with pytest.raises(Refused, match="public policies are prevented by the BlockPublicPolicy setting"):
        world.make(BUCKET_POLICY, bucket=bucket.id, policy=public)


def test_a_bucket_with_objects_stays_unless_it_may_be_forced(engine: Engine, world: World) -> None:
    for force in (False, True):
        bucket = world.make(BUCKET, forceDestroy=force)
        kept = world._made.pop()
        client = engine.provider._in(REGION).client("s3")  # type: ignore[attr-defined]
        client.put_object(Bucket=bucket.id, Key="object", Body=b"")
        if not force:
            with pytest.raises(Refused, match="BucketNotEmpty"):
                engine.provider.delete(kept)
            client.delete_object(Bucket=bucket.id, Key="object")
        engine.provider.delete(kept)
