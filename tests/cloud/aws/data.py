"""Data sources: what a program asks of AWS without making anything."""

import json
from collections.abc import Callable
from typing import Any

from tests.cloud.provider import Refused
from tests.cloud.values import Values

from .calls import Calls
from .kinds import KINDS


def ask(token: str, aws: Calls, arguments: Values) -> Values:
    """The answer of a data source.

    Raises:
        Refused: what it asks for is not there, or it is not known here.
    """
    if token not in _SOURCES:
        raise Refused(f"this engine does not know {token}")
    return _SOURCES[token](aws, arguments)


def _caller(aws: Calls, arguments: Values) -> Values:  # noqa: ARG001 - as all are called
    found = aws.call("sts", "GetCallerIdentity")
    return {
        "accountId": found["Account"],
        "arn": found["Arn"],
        "userId": found["UserId"],
        "id": found["Account"],
    }


def _partition(aws: Calls, arguments: Values) -> Values:  # noqa: ARG001 - as all are called
    suffix = "amazonaws.com.cn" if aws.partition == "aws-cn" else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    return {"partition": aws.partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse, "id": aws.partition}


def _region(aws: Calls, arguments: Values) -> Values:
    region = arguments.get("region") or arguments.get("name") or aws.region
    names = {"region": region, "name": region, "id": region, "description": region}
    return {**names, "endpoint": f"ec2.{region}.amazonaws.com"}


def _bucket(aws: Calls, arguments: Values) -> Values:
    found = KINDS["aws:s3/bucket:Bucket"].read(aws, arguments["bucket"])
    return {**found, "id": found["bucket"], "region": aws.region}


def _queue(aws: Calls, arguments: Values) -> Values:
    url = aws.call("sqs", "GetQueueUrl", QueueName=arguments["name"])["QueueUrl"]
    found = KINDS["aws:sqs/queue:Queue"].read(aws, url)
    return {"arn": found["arn"], "url": url, "name": found["name"], "id": url}


def _topic(aws: Calls, arguments: Values) -> Values:
    found = KINDS["aws:sns/topic:Topic"].read(aws, aws.arn("sns", arguments["name"]))
    return {**found, "id": found["arn"]}


def _document(aws: Calls, arguments: Values) -> Values:  # noqa: ARG001 - as all are called
    statements = [_statement(each) for each in arguments.get("statements", [])]
    version = arguments.get("version", "2012-10-17")
    text = json.dumps({"Version": version, "Statement": statements}, indent=2)
    return {
        "json": text,
        "minifiedJson": json.dumps(json.loads(text), separators=(",", ":")),
        "id": "document",
    }


def _statement(inputs: Values) -> dict[str, Any]:
    names = {"sid": "Sid", "actions": "Action", "notActions": "NotAction"}
    names |= {"resources": "Resource", "notResources": "NotResource"}
    found: dict[str, Any] = {"Effect": inputs.get("effect", "Allow")}
    found |= {name: inputs[key] for key, name in names.items() if inputs.get(key)}
    principals: dict[str, list[str]] = {}
    for each in inputs.get("principals", []):
        principals.setdefault(each["type"], []).extend(each["identifiers"])
    if principals:
        found["Principal"] = "*" if principals == {"*": ["*"]} else principals
    conditions: dict[str, dict[str, Any]] = {}
    for each in inputs.get("conditions", []):
        conditions.setdefault(each["test"], {})[each["variable"]] = each["values"]
    return found | ({"Condition": conditions} if conditions else {})


_SOURCES: dict[str, Callable[[Calls, Values], Values]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:s3/getBucket:getBucket": _bucket,
    "aws:sqs/getQueue:getQueue": _queue,
    "aws:sns/getTopic:getTopic": _topic,
    "aws:iam/getPolicyDocument:getPolicyDocument": _document,
}
