"""SQS: queues and their attributes."""

import json
from typing import ClassVar

from tests.cloud.provider import Made
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, Setting, kind

ATTRIBUTES = {
    "contentBasedDeduplication": ("ContentBasedDeduplication", None),
    "deduplicationScope": ("DeduplicationScope", None),
    "delaySeconds": ("DelaySeconds", 0),
    "fifoQueue": ("FifoQueue", None),
    "fifoThroughputLimit": ("FifoThroughputLimit", None),
    "kmsDataKeyReusePeriodSeconds": ("KmsDataKeyReusePeriodSeconds", None),
    "kmsMasterKeyId": ("KmsMasterKeyId", None),
    "maxMessageSize": ("MaximumMessageSize", 262144),
    "messageRetentionSeconds": ("MessageRetentionPeriod", 345600),
    "policy": ("Policy", None),
    "receiveWaitTimeSeconds": ("ReceiveMessageWaitTimeSeconds", 0),
    "redriveAllowPolicy": ("RedriveAllowPolicy", None),
    "redrivePolicy": ("RedrivePolicy", None),
    "sqsManagedSseEnabled": ("SqsManagedSseEnabled", None),
    "visibilityTimeoutSeconds": ("VisibilityTimeout", 30),
}
"""AWS's names for inputs, and what an attribute is if the input is not given; None: whatever AWS makes it."""


@kind("aws:sqs/queue:Queue", replaces={"name", "namePrefix", "fifoQueue"}, name=Name(most=80))
class Queue(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
        attributes = _attributes(inputs)
        made = aws.call("sqs", "CreateQueue", QueueName=inputs["name"], Attributes=attributes, **tags)
        return Made(made["QueueUrl"], self.read(aws, made["QueueUrl"]))

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        # What is not asked for any more is taken back.
        gone = [key for key in ATTRIBUTES if key in old.inputs and key not in inputs]
        attributes = {ATTRIBUTES[key][0]: "" for key in gone} | _attributes(inputs)
        attributes.pop("FifoQueue", None)
        aws.call("sqs", "SetQueueAttributes", QueueUrl=old.id, Attributes=attributes)
        former, tags = old.inputs.get("tags", {}), inputs.get("tags", {})
        if former.keys() - tags.keys():
            aws.call("sqs", "UntagQueue", QueueUrl=old.id, TagKeys=sorted(former.keys() - tags.keys()))
        if tags:
            aws.call("sqs", "TagQueue", QueueUrl=old.id, Tags=tags)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("sqs", "DeleteQueue", QueueUrl=old.id)

    def read(self, aws: Calls, identity: str) -> Values:
        found = aws.call("sqs", "GetQueueAttributes", QueueUrl=identity, AttributeNames=["All"])["Attributes"]
        defaults = {key: default for key, (_, default) in ATTRIBUTES.items() if default is not None}
        told = {key: int(found[ATTRIBUTES[key][0]]) for key in defaults if ATTRIBUTES[key][0] in found}
        return {"url": identity, "arn": found["QueueArn"], "name": found["QueueArn"].split(":")[5], **told}


class Attribute(Setting):
    """An attribute of a queue as a resource of its own.

    Attributes:
        key: the input that holds it.
    """

    of = "queueUrl"
    key: ClassVar[str]

    def put(self, aws: Calls, inputs: Values) -> None:
        attributes = _attributes({self.key: inputs[self.key]}, defaults=False)
        aws.call("sqs", "SetQueueAttributes", QueueUrl=inputs["queueUrl"], Attributes=attributes)

    def clear(self, aws: Calls, identity: str) -> None:
        attributes = {ATTRIBUTES[self.key][0]: ""}
        aws.call("sqs", "SetQueueAttributes", QueueUrl=identity, Attributes=attributes)


@kind("aws:sqs/queuePolicy:QueuePolicy", replaces={"queueUrl"})
class QueuePolicy(Attribute):
    key = "policy"


@kind("aws:sqs/redrivePolicy:RedrivePolicy", replaces={"queueUrl"})
class RedrivePolicy(Attribute):
    key = "redrivePolicy"


@kind("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", replaces={"queueUrl"})
class RedriveAllowPolicy(Attribute):
    key = "redriveAllowPolicy"


def _attributes(inputs: Values, *, defaults: bool = True) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, (name, default) in ATTRIBUTES.items():
        value = inputs.get(key, default if defaults else None)
        if value is not None:
            found[name] = value if isinstance(value, str) else json.dumps(value)
    return found
