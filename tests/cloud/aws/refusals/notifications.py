"""What S3 refuses of a bucket's notifications."""

import json
from collections.abc import Iterator
from itertools import combinations

from tests.cloud.aws.calls import Calls
from tests.cloud.aws.policies import grants
from tests.cloud.provider import Refused
from tests.cloud.values import Values

from .rules import asked, foreseen

_NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
_TARGETS = (("queues", "queueArn"), ("topics", "topicArn"), ("lambdaFunctions", "lambdaFunctionArn"))


@foreseen(_NOTIFICATION)
def overlapping_filters(inputs: Values) -> Iterator[str]:
    rules = [each for key, _ in _TARGETS for each in inputs.get(key, ())]
    for one, other in combinations(rules, 2):
        both = (
            any(_same_event(a, b) for a in one["events"] for b in other["events"])
            and _overlap(one.get("filterPrefix", ""), other.get("filterPrefix", ""))
            and _overlap(one.get("filterSuffix", "")[::-1], other.get("filterSuffix", "")[::-1])
        )
        if both:
            yield (
                "InvalidArgument: Configuration is ambiguously defined. Cannot have overlapping suffixes in "
                "two rules if the prefixes are overlapping for the same event type."
            )


def _same_event(one: str, other: str) -> bool:
    return (
        _overlap(one.removesuffix("*"), other)
        if one.endswith("*")
        else _overlap(other.removesuffix("*"), one)
    )


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


@asked(_NOTIFICATION)
def unwilling_targets(aws: Calls, inputs: Values) -> Iterator[str]:
    """A target's own policy must let S3 in before the bucket may name it."""
    bucket = aws.arn("s3", inputs["bucket"], region=False, account=False)
    context = {"aws:sourcearn": bucket, "aws:sourceaccount": aws.account, "aws:securetransport": "true"}
    for key, name in _TARGETS:
        for each in inputs.get(key, ()):
            policy, action = _policy(aws, each[name])
            may = grants(
                json.loads(policy or "{}"),
                service="s3.amazonaws.com",
                action=action,
                resource=each[name],
                context=context,
            )
            if not may:
                told = "Unable to validate the following destination configurations"
                yield f"InvalidArgument: {told}: {each[name]}"


def _policy(aws: Calls, arn: str) -> tuple[str, str]:
    """A target's policy, empty if it has none, and what S3 would do to it."""
    service, name = arn.split(":")[2], arn.rsplit(":", maxsplit=1)[-1]
    try:
        if service == "sqs":
            url = aws.call("sqs", "GetQueueUrl", QueueName=name)["QueueUrl"]
            found = aws.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["Policy"])
            return found.get("Attributes", {}).get("Policy", ""), "sqs:SendMessage"
        if service == "sns":
            found = aws.call("sns", "GetTopicAttributes", TopicArn=arn)
            return found["Attributes"].get("Policy", ""), "sns:Publish"
        return aws.call("lambda", "GetPolicy", FunctionName=arn)["Policy"], "lambda:InvokeFunction"
    except Refused:
        return "", ""  # it is not there, or has no policy
