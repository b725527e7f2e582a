"""What S3 refuses of buckets and their settings; policies and notifications have files of their own."""

import ipaddress
import re
from collections.abc import Iterator

from tests.cloud.values import Values

from .rules import foreseen

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]")
_BEGINNINGS = ("xn--", "sthree-", "amzn-s3-demo-")
_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_METHODS = {"GET", "PUT", "POST", "DELETE", "HEAD"}
_LEAST_DAYS = {"STANDARD_IA": 30, "ONEZONE_IA": 30}


@foreseen("aws:s3/bucket:Bucket")
def bad_name(inputs: Values) -> Iterator[str]:
    name = inputs.get("bucket")
    if name is None:
        return
    well = _NAME.fullmatch(name) and ".." not in name and not _is_address(name)
    if not well or name.startswith(_BEGINNINGS) or name.endswith(_ENDS):
        yield f"InvalidBucketName: The specified bucket is not valid: {name!r}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


@foreseen("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration")
def bad_cors(inputs: Values) -> Iterator[str]:
    for rule in inputs.get("corsRules", ()):
        for method in rule["allowedMethods"]:
            if method not in _METHODS:
                yield (
                    "InvalidRequest: Found unsupported HTTP method in CORS config. "
                    f"Unsupported method is {method}"
                )
        for key, said in (("allowedOrigins", "AllowedOrigin"), ("allowedHeaders", "AllowedHeader")):
            for each in rule.get(key, ()):
                if each.count("*") > 1:
                    yield f'InvalidRequest: {said} "{each}" can not have more than one wildcard.'


@foreseen("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
def bad_lifecycle(inputs: Values) -> Iterator[str]:
    rules = inputs.get("rules", ())
    ids = [rule["id"] for rule in rules]
    if len({*ids}) < len(ids):
        yield "InvalidArgument: Rule ID must be unique. Found same ID for more than one rule"
    for rule in rules:
        yield from _bad_rule(rule)


def _bad_rule(rule: Values) -> Iterator[str]:
    actions = ("abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration")
    if not any(rule.get(key) for key in (*actions, "noncurrentVersionTransitions", "transitions")):
        yield "InvalidRequest: At least one action needs to be specified in a rule"
    expiration = rule.get("expiration", {})
    if expiration.get("expiredObjectDeleteMarker") and {"days", "date"} & {*expiration}:
        yield "MalformedXML: ExpiredObjectDeleteMarker cannot be specified with Days or Date"
    for where in (expiration, rule.get("abortIncompleteMultipartUpload", {})):
        for key in ("days", "daysAfterInitiation"):
            if where.get(key, 1) < 1:
                yield f"InvalidArgument: '{key}' in a rule must be a positive integer"
    for transition in rule.get("transitions", ()):
        storage, days = transition["storageClass"], transition.get("days", 0)
        if days < _LEAST_DAYS.get(storage, 0):
            yield (
                "InvalidArgument: 'Days' in Transition action must be greater than or equal to "
                f"{_LEAST_DAYS[storage]} for storageClass '{storage}'"
            )


@foreseen("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
def key_without_kms(inputs: Values) -> Iterator[str]:
    for rule in inputs.get("rules", ()):
        chosen = rule.get("applyServerSideEncryptionByDefault", {})
        if chosen.get("kmsMasterKeyId") and chosen["sseAlgorithm"] == "AES256":
            yield "InvalidArgument: a KMSMasterKeyID is not applicable if user is not using aws:kms"
