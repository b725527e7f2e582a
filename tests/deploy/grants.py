"""What a stack's policies say, one by one: each action on each resource, to be taken away and given back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cloud.engine import Stack
from tests.cloud.state import Resource
from tests.pipeline.cloud import Cloud

Document = dict[str, Any]

_KINDS = {
    "aws:iam/role:Role": "trust",
    "aws:iam/rolePolicy:RolePolicy": "role",
    "aws:sqs/queuePolicy:QueuePolicy": "queue",
    "aws:sns/topicPolicy:TopicPolicy": "topic",
    "aws:s3/bucketPolicy:BucketPolicy": "bucket",
}


@dataclass(frozen=True)
class Policy:
    """One policy, as it stands.

    Attributes:
        kind: "trust", "role", "queue", "topic" or "bucket": of what.
        name: the resource's in the program, without the pipeline's.
        resource: as the stack knows it.
    """

    kind: str
    name: str
    resource: Resource

    @classmethod
    def of(cls, stack: Stack, pipeline: str) -> Iterator["Policy"]:
        """All policies of a pipeline."""
        for each in stack.resources():
            if each.type in _KINDS and each.name.startswith(f"{pipeline}-"):
                yield cls(_KINDS[each.type], each.name.removeprefix(f"{pipeline}-"), each)

    @property
    def document(self) -> Document:
        """What it says."""
        return json.loads(self.resource.inputs["assumeRolePolicy" if self.kind == "trust" else "policy"])

    @property
    def grants(self) -> list["Grant"]:
        """What it says, one by one."""
        return [
            Grant(self, statement, action, resource)
            for statement in self.document["Statement"]
            for action in _listed(statement["Action"])
            for resource in _listed(statement.get("Resource", ""))
        ]

    def put(self, cloud: Cloud, grants: list["Grant"]) -> None:
        """Have it say these and nothing else."""
        text = json.dumps({**self.document, "Statement": [each.alone for each in grants]})
        inputs = self.resource.inputs
        match self.kind:
            case "trust":
                role = self.resource.outputs["name"]
                cloud.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=text)
            case "role":
                name = self.resource.outputs["name"]
                cloud.client("iam").put_role_policy(
                    RoleName=inputs["role"], PolicyName=name, PolicyDocument=text
                )
            case "queue":
                attributes = {"Policy": text if grants else ""}
                cloud.client("sqs").set_queue_attributes(QueueUrl=inputs["queueUrl"], Attributes=attributes)
            case "topic":
                cloud.client("sns").set_topic_attributes(
                    TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=text
                )
            case _:
                cloud.client("s3").put_bucket_policy(Bucket=inputs["bucket"], Policy=text)


@dataclass(frozen=True)
class Grant:
    """One action on one resource, allowed or denied.

    Attributes:
        policy: that says so.
        statement: of it.
        action: such as "s3:GetObject".
        resource: an ARN; empty in a trust policy.
    """

    policy: Policy
    statement: Mapping[str, Any]
    action: str
    resource: str

    @property
    def name(self) -> str:
        """The statement's; a trust policy's has none."""
        return self.statement.get("Sid", "Trust")

    @property
    def alone(self) -> Document:
        """The statement with nothing else in it."""
        narrow = {"Action": self.action, **({"Resource": self.resource} if self.resource else {})}
        return {**self.statement, **narrow}

    @property
    def others(self) -> list["Grant"]:
        """All that the policy says besides."""
        return [each for each in self.policy.grants if each != self]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
