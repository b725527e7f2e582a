"""What the provider would ask of AWS for a resource, as requests in the words of botocore's service models.

The models are AWS's own. They know which arguments there are, of which types, and mostly their patterns,
enumerations and limits: `complaints` tells what of a request they do not allow.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import Shape
from botocore.validate import ParamValidator
from tests.infra.deployed import Resource

Request = tuple[str, str, dict[str, Any]]
"""Service, operation and arguments."""

NAME = "photos-1a2b3c4"
"""What Pulumi would call a resource that has been given no name."""

_CLASSES = {"\\p{L}": "a-zA-Z", "\\p{Z}": " ", "\\p{N}": "0-9", "\\p{M}": ""}
_QUEUE = {
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "redrivePolicy": "RedrivePolicy",
}


def requests(resource: Resource) -> list[Request]:
    """The requests that make a resource."""
    given = dict(resource.inputs)
    tags = given.pop("tags", {})
    made = [_REQUESTS[resource.kind](given)]
    if tags:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        made.append(("s3", "PutBucketTagging", {"Bucket": NAME, "Tagging": {"TagSet": listed}}))
    return made


def complaints(request: Request) -> list[str]:
    """What AWS's model does not allow."""
    service, operation, arguments = request
    shape = _model(service).operation_model(operation).input_shape
    assert shape is not None
    report = ParamValidator().validate(arguments, shape).generate_report()
    return [*report.splitlines(), *_beyond(shape, arguments, operation)]


@cache
def _model(service: str) -> Any:  # noqa: ANN401 - botocore has no types
    return botocore.session.get_session().get_service_model(service)


def _beyond(shape: Shape, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - of any shape
    """Patterns, enumerations and limits, which botocore leaves to the service."""
    inner: Any = shape
    parts: list[tuple[Any, Any, str]] = []
    match shape.type_name:
        case "structure":
            parts = [
                (inner.members[name], value[name], f"{path}.{name}")
                for name in value.keys() & inner.members.keys()
            ]
        case "list":
            yield from _within(inner, len(value), path)
            parts = [(inner.member, each, f"{path}[{index}]") for index, each in enumerate(value)]
        case "map":
            parts = [(inner.key, key, f"{path} key {key}") for key in value]
            parts += [(inner.value, each, f"{path}.{key}") for key, each in value.items()]
        case "string":
            yield from _text_beyond(inner, value, path)
        case "integer" | "long" | "double" | "float":
            yield from _within(inner, value, path)
        case _:
            pass
    for part in parts:
        yield from _beyond(*part)


def _text_beyond(shape: Any, value: str, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore has no types
    yield from _within(shape, len(value), path)
    if shape.enum and value not in shape.enum:
        yield f"{path}: {value} is none of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(_python(pattern), value, re.DOTALL):
        yield f"{path}: {value} does not match {pattern}"


def _within(shape: Any, value: float, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore has no types
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield f"{path}: {value} is below {low}"
    if high is not None and value > high:
        yield f"{path}: {value} is above {high}"


def _python(pattern: str) -> str:
    for theirs, ours in _CLASSES.items():
        pattern = pattern.replace(theirs, ours)
    return pattern


def _cased(value: Any, special: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - any JSON
    """A value with the provider's names turned into AWS's, and whole numbers into integers."""
    names = special or {}
    if isinstance(value, Mapping):
        return {
            names.get(key, key[:1].upper() + key[1:]): _cased(each, special) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_cased(each, special) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) else str(value)


def _bucket(operation: str, field: str, wrap: Callable[[dict[str, Any]], Any]) -> Callable[[Any], Request]:
    def make(given: dict[str, Any]) -> Request:
        rest = {key: value for key, value in given.items() if key != "bucket"}
        return "s3", operation, {"Bucket": given["bucket"], field: wrap(rest)}

    return make


def _notification(given: dict[str, Any]) -> dict[str, Any]:
    def one(entry: dict[str, Any], target: str) -> dict[str, Any]:
        left = entry.keys() - {"events", "filterPrefix", "queueArn", "topicArn"}
        assert not left, left
        rules = [{"Name": "prefix", "Value": entry["filterPrefix"]}]
        arn = entry[target[0].lower() + target[1:]]
        return {target: arn, "Events": entry["events"], "Filter": {"Key": {"FilterRules": rules}}}

    assert given.keys() <= {"queues", "topics"}
    return {
        "QueueConfigurations": [one(each, "QueueArn") for each in given.get("queues", [])],
        "TopicConfigurations": [one(each, "TopicArn") for each in given.get("topics", [])],
    }


def _lambda(given: dict[str, Any]) -> Request:
    code = given.pop("code")
    variables = given.pop("environment")
    arguments = {**_cased(given), "Environment": {"Variables": variables["variables"]}}
    assert code.path.endswith(".zip")
    return "lambda", "CreateFunction", {"FunctionName": NAME, "Code": {"ZipFile": b""}, **arguments}


def _alarm(given: dict[str, Any]) -> Request:
    queries = given.pop("metricQueries", None)
    dimensions = given.pop("dimensions", None)
    arguments = _cased(given, {"okActions": "OKActions"})
    if dimensions:
        arguments["Dimensions"] = _named(dimensions)
    if queries:
        arguments["Metrics"] = [_query(each) for each in queries]
    return "cloudwatch", "PutMetricAlarm", {"AlarmName": NAME, **arguments}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    metric = query.pop("metric", None)
    if metric is None:
        return _cased(query)
    about = {"Namespace": metric["namespace"], "MetricName": metric["metricName"]}
    stat = {
        "Metric": {**about, "Dimensions": _named(metric["dimensions"])},
        "Period": int(metric["period"]),
        "Stat": metric["stat"],
    }
    return {**_cased(query), "MetricStat": stat, "ReturnData": False}


def _named(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _target(given: dict[str, Any]) -> Request:
    target = {"Id": "1", "Arn": given.pop("arn"), **_cased({**given, "rule": None})}
    target.pop("Rule")
    return "events", "PutTargets", {"Rule": given["rule"], "Targets": [target]}


_S3_NAMES = {
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "id": "ID",
    "corsRules": "CORSRules",
}

_REQUESTS: dict[str, Callable[[dict[str, Any]], Request]] = {
    "aws:s3/bucket:Bucket": lambda given: (
        "s3",
        "CreateBucket",
        {"Bucket": NAME, **_cased({key: value for key, value in given.items() if key != "forceDestroy"})},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _bucket(
        "PutBucketOwnershipControls",
        "OwnershipControls",
        lambda rest: {"Rules": [_cased(rest.pop("rule"))], **rest},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _bucket(
        "PutPublicAccessBlock", "PublicAccessBlockConfiguration", _cased
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _bucket(
        "PutBucketVersioning",
        "VersioningConfiguration",
        lambda rest: {**_cased(rest.pop("versioningConfiguration")), **rest},
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _bucket(
        "PutBucketEncryption", "ServerSideEncryptionConfiguration", lambda rest: _cased(rest, _S3_NAMES)
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _bucket(
        "PutBucketLifecycleConfiguration", "LifecycleConfiguration", lambda rest: _cased(rest, _S3_NAMES)
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _bucket(
        "PutBucketCors", "CORSConfiguration", lambda rest: _cased(rest, _S3_NAMES)
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _bucket("PutBucketPolicy", "Policy", lambda rest: rest["policy"]),
    "aws:s3/bucketNotification:BucketNotification": _bucket(
        "PutBucketNotificationConfiguration", "NotificationConfiguration", _notification
    ),
    "aws:sqs/queue:Queue": lambda given: (
        "sqs",
        "CreateQueue",
        {"QueueName": NAME, "Attributes": {_QUEUE[key]: _text(value) for key, value in given.items()}},
    ),
    "aws:sqs/queuePolicy:QueuePolicy": lambda given: (
        "sqs",
        "SetQueueAttributes",
        {"QueueUrl": given["queueUrl"], "Attributes": {"Policy": given["policy"]}},
    ),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": lambda given: (
        "sqs",
        "SetQueueAttributes",
        {"QueueUrl": given["queueUrl"], "Attributes": {"RedriveAllowPolicy": given["redriveAllowPolicy"]}},
    ),
    "aws:cloudwatch/logGroup:LogGroup": lambda given: (
        "logs",
        "PutRetentionPolicy",
        {"logGroupName": NAME, **_numbers(given)},
    ),
    "aws:iam/role:Role": lambda given: (
        "iam",
        "CreateRole",
        {"RoleName": NAME, **_cased(given, {"assumeRolePolicy": "AssumeRolePolicyDocument"})},
    ),
    "aws:iam/rolePolicy:RolePolicy": lambda given: (
        "iam",
        "PutRolePolicy",
        {"PolicyName": NAME, **_cased(given, {"role": "RoleName", "policy": "PolicyDocument"})},
    ),
    "aws:lambda/function:Function": _lambda,
    "aws:lambda/eventSourceMapping:EventSourceMapping": lambda given: (
        "lambda",
        "CreateEventSourceMapping",
        _cased(given),
    ),
    "aws:sns/topic:Topic": lambda given: ("sns", "CreateTopic", {"Name": NAME, **_cased(given)}),
    "aws:sns/topicPolicy:TopicPolicy": lambda given: (
        "sns",
        "SetTopicAttributes",
        {"TopicArn": given["arn"], "AttributeName": "Policy", "AttributeValue": given["policy"]},
    ),
    "aws:sns/topicSubscription:TopicSubscription": lambda given: (
        "sns",
        "Subscribe",
        _cased(given, {"topic": "TopicArn"}),
    ),
    "aws:cloudwatch/eventRule:EventRule": lambda given: (
        "events",
        "PutRule",
        {"Name": NAME, **_cased(given)},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": _target,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:cloudwatch/dashboard:Dashboard": lambda given: ("cloudwatch", "PutDashboard", _cased(given)),
}


def _numbers(given: dict[str, Any]) -> dict[str, Any]:
    return {key: int(value) if isinstance(value, float) else value for key, value in given.items()}


def documents(resource: Resource) -> Iterator[dict[str, Any]]:
    """All documents among a resource's arguments that are JSON."""
    for value in resource.inputs.values():
        if isinstance(value, str) and value.startswith("{"):
            yield json.loads(value)
