"""What SQS refuses of queues and their attributes."""

import json
import re
from collections.abc import Iterator

from tests.cloud.aws.calls import Calls
from tests.cloud.provider import Refused
from tests.cloud.values import Values

from .rules import asked, foreseen

_QUEUE = "aws:sqs/queue:Queue"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_RANGES = {
    "delaySeconds": ("DelaySeconds", 0, 900),
    "kmsDataKeyReusePeriodSeconds": ("KmsDataKeyReusePeriodSeconds", 60, 86400),
    "maxMessageSize": ("MaximumMessageSize", 1024, 1048576),
    "messageRetentionSeconds": ("MessageRetentionPeriod", 60, 1209600),
    "receiveWaitTimeSeconds": ("ReceiveMessageWaitTimeSeconds", 0, 20),
    "visibilityTimeoutSeconds": ("VisibilityTimeout", 0, 43200),
}
_MOST_RECEIVES = 1000
_MOST_SOURCES = 10


@foreseen(_QUEUE)
def bad_queue(inputs: Values) -> Iterator[str]:
    name = inputs.get("name", "queue")
    if not _NAME.fullmatch(name.removesuffix(".fifo")) or name.endswith(".fifo") != bool(
        inputs.get("fifoQueue")
    ):
        yield (
            "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. "
            f"1 to 80 in length; the name of a FIFO queue ends with .fifo: {name!r}"
        )
    for key, (attribute, least, most) in _RANGES.items():
        if not least <= inputs.get(key, least) <= most:
            yield f"InvalidAttributeValue: Invalid value for the parameter {attribute}."
    if inputs.get("sqsManagedSseEnabled") and inputs.get("kmsMasterKeyId"):
        yield (
            "InvalidAttributeValue: You can use one type of server-side encryption (SSE) at one time. "
            "You can either enable KMS SSE or SQS SSE."
        )


@foreseen(_QUEUE, "aws:sqs/redrivePolicy:RedrivePolicy")
def bad_redrive(inputs: Values) -> Iterator[str]:
    if "redrivePolicy" in inputs:
        policy = inputs["redrivePolicy"]
        found = _json(policy, "RedrivePolicy")
        receives = str(found.get("maxReceiveCount", ""))
        if not receives.isdigit() or not 1 <= int(receives) <= _MOST_RECEIVES:
            told = f"maxReceiveCount: {receives}, valid values are from 1 to {_MOST_RECEIVES} both inclusive."
            yield _invalid(policy, "RedrivePolicy", f"Invalid value for {told}")
        if not str(found.get("deadLetterTargetArn", "")).startswith("arn:"):
            yield _invalid(policy, "RedrivePolicy", "Invalid value for deadLetterTargetArn.")


@asked(_QUEUE, "aws:sqs/redrivePolicy:RedrivePolicy")
def missing_dead_letter_queue(aws: Calls, inputs: Values) -> Iterator[str]:
    if "redrivePolicy" in inputs:
        policy = inputs["redrivePolicy"]
        name = _json(policy, "RedrivePolicy")["deadLetterTargetArn"].rpartition(":")[2]
        try:
            aws.call("sqs", "GetQueueUrl", QueueName=name)
        except Refused:
            yield _invalid(policy, "RedrivePolicy", "Dead letter target does not exist.")


@foreseen(_QUEUE, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")
def bad_redrive_allowance(inputs: Values) -> Iterator[str]:
    if "redriveAllowPolicy" in inputs:
        policy = inputs["redriveAllowPolicy"]
        found = _json(policy, "RedriveAllowPolicy")
        permission, sources = found.get("redrivePermission"), found.get("sourceQueueArns")
        by_queue = permission == "byQueue" and 1 <= len(sources or ()) <= _MOST_SOURCES
        if not by_queue and (permission not in ("allowAll", "denyAll") or sources):
            yield f"InvalidAttributeValue: Invalid value for the parameter RedriveAllowPolicy: {policy}"


def _json(text: object, attribute: str) -> Values:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Refused(_invalid(text, attribute, "Not a JSON object."))
    return found


def _invalid(value: object, attribute: str, reason: str) -> str:
    return f"InvalidParameterValue: Value {value} for parameter {attribute} is invalid. Reason: {reason}"
