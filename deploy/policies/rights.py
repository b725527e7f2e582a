"""Rules of policies: nothing for everybody or without TLS, no wildcards, no service for strangers."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from buckets import BUCKET
from pulumi_policy import Policy, PolicyResource
from rule import UNKNOWN, Inputs, Stack, of_each, of_stack

_QUEUE, _TOPIC = "aws:sqs/queue:Queue", "aws:sns/topic:Topic"
_RESOURCE_POLICIES = {
    BUCKET: ("aws:s3/bucketPolicy:BucketPolicy", "bucket"),
    _QUEUE: ("aws:sqs/queuePolicy:QueuePolicy", "queueUrl"),
    _TOPIC: ("aws:sns/topicPolicy:TopicPolicy", "arn"),
}
_OF_RESOURCES = tuple(kind for kind, _ in _RESOURCE_POLICIES.values())
_OF_ROLES = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
_PERMISSION = "aws:lambda/permission:Permission"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_ANY_RESOURCE = {
    # "Actions, resources, and condition keys for AWS X-Ray": these have no resources to name.
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}
_NO_SOURCE = {
    # "Amazon SNS permissions" in the EventBridge User Guide: it tells SNS neither its source nor its account.
    ("events.amazonaws.com", "sns:Publish"),
}
_SOURCES = {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid"}
_PARTS = 5  # of an ARN, before the resource


def _statements(inputs: Inputs) -> list[dict[str, Any]]:
    """Those that allow something."""
    document = inputs.document("policy")
    if document is None or document is UNKNOWN:
        return []
    return [each for each in _listed(document["Statement"]) if each["Effect"] == "Allow"]


def _wildcards(inputs: Inputs) -> Iterator[str]:
    for statement in _statements(inputs):
        actions = _listed(statement.get("Action", "*"))
        yield from (f"allows {action}" for action in actions if "*" in action)
        if "NotAction" in statement or "NotResource" in statement:
            yield "allows all but something"
        wide = [each for each in _listed(statement.get("Resource", "*")) if _is_wide(each)]
        if wide and not set(actions) <= _ANY_RESOURCE:
            yield f"allows {', '.join(actions)} on {', '.join(wide)}"


def _is_wide(resource: str) -> bool:
    """Whether it names all of a service. A folder, or a log group's streams, is no such thing."""
    parts = resource.split(":", _PARTS)
    return len(parts) <= _PARTS or not parts[_PARTS].strip("*:/") or "*" in "".join(parts[:_PARTS])


def _everybody(inputs: Inputs) -> Iterator[str]:
    for statement in _statements(inputs):
        if "NotPrincipal" in statement or "*" in _listed(_principal(statement).get("AWS", [])):
            yield f"lets everybody do {', '.join(_listed(statement['Action']))}"


def _strangers(inputs: Inputs) -> Iterator[str]:
    """A service acts for whoever asks it: "The confused deputy problem" in the IAM User Guide."""
    for statement in _statements(inputs):
        services = _listed(_principal(statement).get("Service", []))
        conditions = statement.get("Condition", {}).values()
        if _SOURCES & {key.lower() for condition in conditions for key in condition}:
            continue
        for service in services:
            needing = [each for each in _listed(statement["Action"]) if (service, each) not in _NO_SOURCE]
            if needing:
                yield f"lets {service} do {', '.join(needing)} for anybody's sake"


def _unnamed(inputs: Inputs) -> Iterator[str]:
    """Buckets have no account in their ARN, and a name that was given up can be taken by somebody else."""
    principal = inputs.get("principal")
    if principal == "*":
        yield "lets everybody in"
    if principal == "s3.amazonaws.com" and not inputs.is_set("sourceAccount"):
        yield "does not say whose bucket it is for"
    if str(principal).endswith(".amazonaws.com") and not inputs.is_set("sourceArn"):
        yield f"lets {principal} call for anybody's sake"


def _attached(inputs: Inputs) -> Iterator[str]:
    if ":aws:policy/" in str(inputs.get("policyArn")):
        yield "takes rights that AWS wrote for everybody"


def _without_tls(stack: Stack) -> Iterator[tuple[PolicyResource, str]]:
    for kind, (policies, key) in _RESOURCE_POLICIES.items():
        for resource in stack.all(kind):
            documents = [each.document("policy") for each in stack.about(resource, policies, key)]
            if UNKNOWN not in documents and not any(map(_refuses_plain, documents)):
                yield resource, "answers without TLS"


def _refuses_plain(document: dict[str, Any]) -> bool:
    wanted = {"Bool": {"aws:SecureTransport": "false"}}
    return any(
        (each["Effect"], each.get("Principal"), each.get("Condition")) == ("Deny", "*", wanted)
        for each in _listed(document["Statement"])
    )


def _principal(statement: dict[str, Any]) -> dict[str, Any]:
    found = statement.get("Principal", {})
    return {"AWS": "*"} if found == "*" else found


def _listed(value: Any) -> Sequence[Any]:  # noqa: ANN401 - as JSON has it
    return cast("list[Any]", value) if isinstance(value, list) else [value]


RIGHTS: list[Policy] = [
    of_each("no-wildcards", "Policies name actions and resources.", _OF_ROLES + _OF_RESOURCES, _wildcards),
    of_each("no-foreign-rights", "Roles have rights of our own writing.", [_ATTACHMENT], _attached),
    of_each("not-public", "Nothing is allowed to everybody.", _OF_RESOURCES, _everybody),
    of_each("no-confused-deputy", "A service acts for a named source.", _OF_RESOURCES, _strangers),
    of_each("permission-for-one", "A function is called for a named source.", [_PERMISSION], _unnamed),
    of_stack("tls-only", "Buckets, queues and topics refuse requests without TLS.", _without_tls),
]
