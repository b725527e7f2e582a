"""What gives rights comes as late as it may, so that a dependency nobody declared is found."""

import pytest

from .conftest import Write
from .engine import Stack
from .steps import DeploymentError

PROGRAM = """
    bucket = aws.s3.Bucket("bucket")
    queue = aws.sqs.Queue("queue")
    beside = aws.sqs.Queue("beside", tags={{"of": queue.arn}})
    policy = aws.sqs.QueuePolicy("policy", queue_url=queue.url, policy=Output.json_dumps(
        {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sqs:SendMessage",
            "Resource": queue.arn, "Principal": {{"Service": "s3.amazonaws.com"}}}}]}}))
    aws.s3.BucketNotification("notes", bucket=bucket.bucket, opts=ResourceOptions(depends_on={needs}),
        queues=[{{"queue_arn": queue.arn, "events": ["s3:ObjectCreated:*"]}}])
"""


def test_a_forgotten_dependency_on_a_right_is_found(stack: Stack, write: Write) -> None:
    """What needs the right is asked for last: with luck, the right would be there."""
    write(PROGRAM.format(needs="[beside]"))

    with pytest.raises(DeploymentError, match="Unable to validate the following destination configurations"):
        stack.up()


def test_a_declared_dependency_on_a_right_is_kept(stack: Stack, write: Write) -> None:
    write(PROGRAM.format(needs="[policy]"))

    stack.up()
