"""What SNS refuses of topics and subscriptions."""

import json
import re
from collections.abc import Iterator

from tests.cloud.values import Values

from .rules import foreseen

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PROTOCOLS = {"application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"}
_ENDPOINTS = {
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Email address"),
    "email-json": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Email address"),
    "https": (r"https://\S+", "Endpoint must match the specified protocol"),
    "lambda": (r"arn:[\w-]+:lambda:.+", "Lambda endpoint ARN"),
    "sqs": (r"arn:[\w-]+:sqs:[\w-]+:\d{12}:.+", "SQS endpoint ARN"),
}


@foreseen("aws:sns/topic:Topic")
def bad_topic(inputs: Values) -> Iterator[str]:
    name = inputs.get("name", "topic")
    if not _NAME.fullmatch(name.removesuffix(".fifo")) or name.endswith(".fifo") != bool(
        inputs.get("fifoTopic")
    ):
        yield f"InvalidParameter: Invalid parameter: Topic Name: {name!r}"


@foreseen("aws:sns/topicSubscription:TopicSubscription")
def bad_subscription(inputs: Values) -> Iterator[str]:
    protocol, endpoint = inputs.get("protocol"), inputs.get("endpoint")
    if protocol is not None and protocol not in _PROTOCOLS:
        told = f"Amazon SNS does not support this protocol string: {protocol}"
        yield f"InvalidParameter: Invalid parameter: {told}"
    pattern, said = _ENDPOINTS.get(protocol or "", (".*", ""))
    if endpoint is not None and not re.fullmatch(pattern, endpoint):
        yield f"InvalidParameter: Invalid parameter: {said}: {endpoint!r}"
    if "filterPolicy" in inputs:
        try:
            json.loads(inputs["filterPolicy"])
        except json.JSONDecodeError:
            yield "InvalidParameter: Invalid parameter: FilterPolicy: failed to parse JSON."
