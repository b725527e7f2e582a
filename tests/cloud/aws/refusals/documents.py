"""What IAM, S3, SQS and SNS refuse of policy documents."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.cloud.aws.calls import Calls
from tests.cloud.aws.policies import Document, arns, document, statements, text, values
from tests.cloud.provider import Refused
from tests.cloud.values import Values

from .rules import asked, foreseen

_MALFORMED = "MalformedPolicyDocument"
_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+", re.DOTALL)
_PARTITIONS = {"aws", "aws-cn", "aws-us-gov", "*"}
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_INLINE = 10240  # characters of all inline policies of a role, without white space
_BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"


@foreseen("aws:iam/rolePolicy:RolePolicy")
def bad_identity_policy(inputs: Values) -> Iterator[str]:
    if "policy" not in inputs:
        return
    found = document(inputs["policy"], _MALFORMED)
    yield from _bad_statements(found)
    for each in statements(found):
        if "Principal" in each:
            yield f"{_MALFORMED}: Policy document should not specify a principal."
        if not {"Resource", "NotResource"} & {*each}:
            yield f"{_MALFORMED}: Policy statement must contain resources."
    for arn in arns(found):
        if arn != "*" and not _ARN.fullmatch(arn):
            yield f'{_MALFORMED}: Resource {arn} must be in ARN format or "*".'
        if arn != "*" and arn.split(":")[1] not in _PARTITIONS:
            yield f'{_MALFORMED}: Partition "{arn.split(":")[1]}" is not valid for resource "{arn}".'
    if _length(found) > _INLINE:
        yield f"LimitExceeded: Maximum policy size of {_INLINE} bytes exceeded for role {inputs.get('role')}"


@foreseen("aws:iam/role:Role")
def bad_trust(inputs: Values) -> Iterator[str]:
    if "assumeRolePolicy" not in inputs:
        return
    found = document(inputs["assumeRolePolicy"], _MALFORMED)
    yield from _bad_statements(found)
    for each in statements(found):
        if "Resource" in each:
            yield f"{_MALFORMED}: Has prohibited field Resource"
        if not all(action.startswith("sts:") for action in values(each, "Action")):
            yield f"{_MALFORMED}: AssumeRole policy may only specify STS AssumeRole actions."
        for service in _services(each):
            if not _SERVICE.fullmatch(service):
                yield f'{_MALFORMED}: Invalid principal in policy: "SERVICE":"{service}"'


@foreseen(_BUCKET_POLICY)
def bad_bucket_policy(inputs: Values) -> Iterator[str]:
    if not {"bucket", "policy"} <= inputs.keys():
        return
    found = document(inputs["policy"], "MalformedPolicy")
    for each in statements(found):
        if "Principal" not in each and "NotPrincipal" not in each:
            yield "MalformedPolicy: Missing required field Principal"
        if not all(action == "*" or action.startswith("s3:") for action in values(each, "Action")):
            yield "MalformedPolicy: Policy has invalid action"
    for arn in arns(found):
        service, _, resource = arn.partition(":::")
        if not service.endswith(":s3") or resource.partition("/")[0] != inputs["bucket"]:
            yield f"MalformedPolicy: Policy has invalid resource: {arn}"


@asked(_BUCKET_POLICY)
def public_policy(aws: Calls, inputs: Values) -> Iterator[str]:
    try:
        found = aws.call("s3", "GetPublicAccessBlock", Bucket=inputs["bucket"])
    except Refused:
        return  # nothing is blocked
    public = any(
        each["Effect"] == "Allow" and each.get("Principal") in ("*", {"AWS": "*"}) and "Condition" not in each
        for each in statements(document(inputs["policy"], "MalformedPolicy"))
    )
    if public and found["PublicAccessBlockConfiguration"].get("BlockPublicPolicy"):
        yield (
            "AccessDenied: not authorized to perform: s3:PutBucketPolicy, because public policies are "
            "prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        )


@foreseen("aws:sqs/queuePolicy:QueuePolicy", "aws:sqs/queue:Queue")
def bad_queue_policy(inputs: Values) -> Iterator[str]:
    if "policy" in inputs:
        told = "InvalidAttributeValue: Invalid value for the parameter Policy."
        yield from _out_of_service(inputs["policy"], "sqs", told, told)


@foreseen("aws:sns/topicPolicy:TopicPolicy", "aws:sns/topic:Topic")
def bad_topic_policy(inputs: Values) -> Iterator[str]:
    if "policy" in inputs:
        scope = "InvalidParameter: Invalid parameter: Policy statement action out of service scope!"
        told = "InvalidParameter: Invalid parameter: Policy Error: null"
        yield from _out_of_service(inputs["policy"], "sns", scope, told)


def _out_of_service(policy: Any, service: str, scope: str, told: str) -> Iterator[str]:  # noqa: ANN401 - or text
    found = document(policy, told)
    for each in statements(found):
        actions = [action.lower() for action in values(each, "Action")]
        if not all(action == "*" or action.startswith(f"{service}:") for action in actions):
            yield scope
        if "Principal" not in each:
            yield told
    for arn in arns(found):
        if arn != "*" and not (_ARN.fullmatch(arn) and arn.split(":")[2] == service):
            yield f"{told} Resource: {arn}"


def _bad_statements(found: Document) -> Iterator[str]:
    sids = [each["Sid"] for each in statements(found) if "Sid" in each]
    if len({*sids}) < len(sids):
        yield f"{_MALFORMED}: Statement IDs (SID) in a single policy must be unique."
    for sid in sids:
        if not re.fullmatch("[A-Za-z0-9]*", sid):
            yield (
                f"{_MALFORMED}: Statement IDs (SID) must be alpha-numeric. Check that your input satisfies "
                "the regular expression [0-9A-Za-z]*"
            )
    if not statements(found):
        yield f"{_MALFORMED}: Syntax errors in policy."
    for each in statements(found):
        if not {"Action", "NotAction"} & {*each}:
            yield f"{_MALFORMED}: Policy statement must contain actions."
        for action in values(each, "Action"):
            if action != "*" and ":" not in action:
                told = "must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                yield f"{_MALFORMED}: Actions/Conditions {told}"


def _services(statement: Document) -> list[str]:
    principal = statement.get("Principal")
    found = principal.get("Service", []) if isinstance(principal, dict) else []
    return [found] if isinstance(found, str) else list(found)


def _length(found: Document) -> int:
    return len(re.sub(r"\s", "", text(json.dumps(found))))
