"""Every policy, from ARNs to documents: who may do what with what a pipeline is made of, and nothing else.

Plain functions of plain text, with no outputs of Pulumi inside; so they are tested without it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Statement = dict[str, Any]
Document = dict[str, Any]

TLS_ONLY = "TlsOnly"
"""The name of the statement that refuses requests without encryption on their way."""


class Place(NamedTuple):
    """A folder of a bucket.

    Attributes:
        arn: the bucket's.
        prefix: empty or ending in a slash.
    """

    arn: str
    prefix: str

    @property
    def objects(self) -> str:
        """Every object in it, as a resource."""
        return f"{self.arn}/{self.prefix}*"


def document(*statements: Statement) -> Document:
    """A policy of some statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def worker_trust() -> Document:
    """Who may take the worker's role: Lambda."""
    principal = {"Service": "lambda.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def worker_rights(  # noqa: PLR0913 - all that a worker has to do with
    *, source: Place, destination: Place, queue: str, log_group: str, key: str | None, tracing: bool
) -> Document:
    """What a worker may do: what it does.

    Without ListBucket, S3 says of an object that is not there that it is forbidden ("GetObject" in the S3 API
    reference), and every new original would fail. A condition on `s3:prefix` would undo it: a request for one
    object has no prefix, and a condition on what a request does not have does not hold ("Condition operators"
    in the IAM User Guide).

    X-Ray has no resources to name ("Actions, resources, and condition keys for AWS X-Ray").

    Args:
        source: where originals are.
        destination: where renditions and manifests go.
        queue: the queue's ARN.
        log_group: the log group's ARN.
        key: ARN of the KMS key of the objects in both buckets, if it is not S3's own.
        tracing: whether X-Ray traces the function.
    """
    optional: list[Statement] = []
    if key is not None:
        # S3 asks in the worker's name: for a key to write with, and to read what was written with it.
        optional.append(_allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key))
    if tracing:
        actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        optional.append(_allow("Trace", actions, "*"))
    buckets = [source.arn] if source.arn == destination.arn else [source.arn, destination.arn]
    return document(
        _allow("ReadOriginals", ["s3:GetObject"], source.objects),
        _allow("KeepRenditions", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], destination.objects),
        _allow("TellMissingFromForbidden", ["s3:ListBucket"], buckets),
        _allow("TakeMessages", ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], queue),
        _allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{log_group}:*"),
        *optional,
    )


def bucket_policy(bucket: str) -> Document:
    """A bucket's own policy: nothing without TLS ("Amazon S3 security best practices")."""
    return document(_tls_only("s3:*", [bucket, f"{bucket}/*"]))


def queue_policy(
    queue: str, account: str, *, bucket: str | None = None, rules: Sequence[str] = ()
) -> Document:
    """A queue's own policy: who may send to it.

    Buckets have no account in their ARN, and names that were given up can be taken by others: hence the
    account ("Granting permissions to publish event notification messages to a destination" in the S3 User
    Guide). Rules have it in theirs ("Amazon SQS permissions" in the EventBridge User Guide).

    Args:
        queue: the queue's ARN.
        account: that of the bucket.
        bucket: ARN of a bucket that notifies the queue.
        rules: ARNs of EventBridge's rules that send to the queue.
    """
    senders: list[Statement] = []
    if bucket is not None:
        senders.append(_from_bucket("sqs:SendMessage", queue, bucket, account))
    if rules:
        condition = {"ArnEquals": {"aws:SourceArn": _one_or_more(rules)}}
        senders.append(_let("events", "SendEvents", "sqs:SendMessage", queue, condition))
    return document(*senders, _tls_only("sqs:*", queue))


def done_topic_policy(topic: str, account: str, *, bucket: str | None = None) -> Document:
    """The policy of the topic that tells what is done: who may publish there.

    For EventBridge there is no condition: it gives SNS nothing to judge by, and every condition would refuse
    it ("Amazon SNS permissions" in the EventBridge User Guide).

    Args:
        topic: the topic's ARN.
        account: that of the bucket.
        bucket: ARN of the bucket that notifies the topic; None if EventBridge does.
    """
    if bucket is None:
        publisher = _let("events", "PublishEvents", "sns:Publish", topic, None)
    else:
        publisher = _from_bucket("sns:Publish", topic, bucket, account)
    return document(publisher, _tls_only("sns:Publish", topic))


def alarm_topic_policy(topic: str, alarms: Sequence[str]) -> Document:
    """The policy of the topic that alarms go to: these alarms alone may publish there.

    Args:
        topic: the topic's ARN.
        alarms: their ARNs.
    """
    condition = {"ArnEquals": {"aws:SourceArn": sorted(alarms)}}
    publisher = _let("cloudwatch", "PublishAlarms", "sns:Publish", topic, condition)
    return document(publisher, _tls_only("sns:Publish", topic))


def _allow(name: str, actions: list[str], resources: str | list[str]) -> Statement:
    return {"Sid": name, "Effect": "Allow", "Action": actions, "Resource": resources}


def _let(service: str, name: str, action: str, resource: str, condition: dict[str, Any] | None) -> Statement:
    statement: Statement = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    return statement if condition is None else {**statement, "Condition": condition}


def _from_bucket(action: str, resource: str, bucket: str, account: str) -> Statement:
    condition = {"ArnEquals": {"aws:SourceArn": bucket}, "StringEquals": {"aws:SourceAccount": account}}
    return _let("s3", "SendNotifications", action, resource, condition)


def _tls_only(action: str, resources: str | list[str]) -> Statement:
    return {
        "Sid": TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _one_or_more(values: Iterable[str]) -> str | list[str]:
    listed = sorted(values)
    return listed[0] if len(listed) == 1 else listed
