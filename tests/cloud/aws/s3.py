"""S3: buckets and their settings."""

from typing import Any, ClassVar

from tests.cloud.provider import Made, Refused
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, Setting, kind

_HERE = "us-east-1"  # has no location constraint


@kind("aws:s3/bucket:Bucket", replaces={"bucket"}, name=Name("bucket", 63, "bucketPrefix"))
class Bucket(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        name = inputs["bucket"]
        place = {} if aws.region == _HERE else {"LocationConstraint": aws.region}
        aws.call("s3", "CreateBucket", Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
        self._tag(aws, name, inputs)
        return Made(name, self.read(aws, name))

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        self._tag(aws, old.id, inputs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        if old.inputs.get("forceDestroy"):
            pages = aws.client("s3").get_paginator("list_object_versions").paginate(Bucket=old.id)
            for page in pages:
                for each in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                    which = {"Key": each["Key"], "VersionId": each["VersionId"]}
                    aws.call("s3", "DeleteObject", Bucket=old.id, **which)
        aws.call("s3", "DeleteBucket", Bucket=old.id)

    def read(self, aws: Calls, identity: str) -> Values:
        aws.call("s3", "HeadBucket", Bucket=identity)
        return {
            "bucket": identity,
            "arn": aws.arn("s3", identity, region=False, account=False),
            "bucketRegion": aws.region,
            "bucketDomainName": f"{identity}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{identity}.s3.{aws.region}.amazonaws.com",
        }

    def _tag(self, aws: Calls, name: str, inputs: Values) -> None:
        others = {*inputs} - {"bucket", "bucketPrefix", "forceDestroy", "region", "tags"}
        if others:
            raise Refused(f"{', '.join(sorted(others))}: belongs to a resource of its own since version 4")
        if inputs.get("tags"):
            aws.send("s3", "PutBucketTagging", {"bucket": name, "tagging": {"tagSet": inputs["tags"]}})
        else:
            aws.call("s3", "DeleteBucketTagging", Bucket=name)


class BucketSetting(Setting):
    """A setting of a bucket that one call writes and one clears.

    Attributes:
        writes: the operation that writes it.
        clears: the operation that clears it; "" if nothing does.
        within: the member of the request that holds it, if it is not the request itself.
        names: AWS's names for inputs that have others.
    """

    of = "bucket"
    writes: ClassVar[str]
    clears: ClassVar[str]
    within: ClassVar[str] = ""
    names: ClassVar[dict[str, str]] = {}

    def put(self, aws: Calls, inputs: Values) -> None:
        request = self.request(inputs)
        if self.within:
            bucket = request.pop("bucket")
            request = {"bucket": bucket, self.within: request}
        aws.send("s3", self.writes, request, self.names)

    def clear(self, aws: Calls, identity: str) -> None:
        if self.clears:
            aws.call("s3", self.clears, Bucket=identity)


@kind("aws:s3/bucketOwnershipControls:BucketOwnershipControls", replaces={"bucket"})
class BucketOwnershipControls(BucketSetting):
    writes, clears, within = (
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        "ownershipControls",
    )


@kind("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", replaces={"bucket"})
class BucketPublicAccessBlock(BucketSetting):
    apart = frozenset({"skipDestroy"})
    writes, clears = "PutPublicAccessBlock", "DeletePublicAccessBlock"
    within = "publicAccessBlockConfiguration"


@kind("aws:s3/bucketVersioning:BucketVersioning", replaces={"bucket"})
class BucketVersioning(BucketSetting):
    writes, clears = "PutBucketVersioning", ""

    def clear(self, aws: Calls, identity: str) -> None:
        """A bucket that had versions once can only stop making them."""
        aws.call(
            "s3", "PutBucketVersioning", Bucket=identity, VersioningConfiguration={"Status": "Suspended"}
        )


@kind(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    replaces={"bucket"},
)
class BucketServerSideEncryptionConfiguration(BucketSetting):
    writes, clears, within = (
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        "serverSideEncryptionConfiguration",
    )


@kind("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", replaces={"bucket"})
class BucketLifecycleConfiguration(BucketSetting):
    apart = frozenset({"transitionDefaultMinimumObjectSize"})
    writes, clears, within = (
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        "lifecycleConfiguration",
    )


@kind("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", replaces={"bucket"})
class BucketCorsConfiguration(BucketSetting):
    writes, clears, within = "PutBucketCors", "DeleteBucketCors", "corsConfiguration"


@kind("aws:s3/bucketPolicy:BucketPolicy", replaces={"bucket"})
class BucketPolicy(BucketSetting):
    writes, clears = "PutBucketPolicy", "DeleteBucketPolicy"


@kind("aws:s3/bucketNotification:BucketNotification", replaces={"bucket"})
class BucketNotification(Setting):
    """All notifications of a bucket: what is written takes the place of everything that was there."""

    of = "bucket"

    def put(self, aws: Calls, inputs: Values) -> None:
        aws.call(
            "s3",
            "PutBucketNotificationConfiguration",
            Bucket=inputs["bucket"],
            NotificationConfiguration=configuration(inputs),
        )

    def clear(self, aws: Calls, identity: str) -> None:
        aws.call("s3", "PutBucketNotificationConfiguration", Bucket=identity, NotificationConfiguration={})


TARGETS = (
    ("queues", "queueArn", "QueueArn", "QueueConfigurations"),
    ("topics", "topicArn", "TopicArn", "TopicConfigurations"),
    ("lambdaFunctions", "lambdaFunctionArn", "LambdaFunctionArn", "LambdaFunctionConfigurations"),
)
"""An input, what it names its target by, and AWS's names for both."""


def configuration(inputs: Values) -> dict[str, Any]:
    """A notification document as AWS has it."""
    found: dict[str, Any] = {}
    for key, ours, theirs, member in TARGETS:
        if inputs.get(key):
            found[member] = [_notification(each, ours, theirs) for each in inputs[key]]
    if inputs.get("eventbridge"):
        found["EventBridgeConfiguration"] = {}
    return found


def _notification(inputs: Values, ours: str, theirs: str) -> dict[str, Any]:
    found: dict[str, Any] = {theirs: inputs[ours], "Events": inputs["events"]}
    if inputs.get("id"):
        found["Id"] = inputs["id"]
    names = (("prefix", "filterPrefix"), ("suffix", "filterSuffix"))
    if rules := [{"Name": name, "Value": inputs[key]} for name, key in names if inputs.get(key)]:
        found["Filter"] = {"Key": {"FilterRules": rules}}
    return found
