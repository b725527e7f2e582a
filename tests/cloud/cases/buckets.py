"""What S3 refuses."""

from tests.cloud.well import (
    BUCKET,
    BUCKET_POLICY,
    CORS,
    ENCRYPTION,
    EVERYONE,
    LIFECYCLE,
    NOTIFICATION,
    notice,
    policy,
    rule,
)

from .case import Case

CASES = {
    "a bucket's name in capitals": Case(BUCKET, {"bucket": "Bucket"}, "InvalidBucketName"),
    "a bucket's name that is too short": Case(BUCKET, {"bucket": "ab"}, "InvalidBucketName"),
    "a bucket's name that is an address": Case(BUCKET, {"bucket": "192.168.5.4"}, "InvalidBucketName"),
    "a bucket's name that AWS keeps": Case(BUCKET, {"bucket": "xn--bucket"}, "InvalidBucketName"),
    "a method that CORS has not": Case(
        CORS,
        {"corsRules": [{"allowedMethods": ["PATCH"], "allowedOrigins": ["*"]}]},
        "Unsupported method is PATCH",
    ),
    "two wildcards in an origin": Case(
        CORS,
        {"corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://*.*"]}]},
        "can not have more than one wildcard",
    ),
    "a rule that does nothing": Case(
        LIFECYCLE,
        {"rules": [{"id": "one", "status": "Enabled"}]},
        "At least one action needs to be specified",
    ),
    "two rules of one id": Case(LIFECYCLE, {"rules": rule() * 2}, "Rule ID must be unique"),
    "objects that expire at once": Case(
        LIFECYCLE, {"rules": rule(expiration={"days": 0})}, "positive integer"
    ),
    "markers with days": Case(
        LIFECYCLE,
        {"rules": rule(expiration={"days": 3, "expiredObjectDeleteMarker": True})},
        "ExpiredObjectDeleteMarker cannot be specified with Days",
    ),
    "a move that is too early": Case(
        LIFECYCLE,
        {"rules": rule(transitions=[{"days": 7, "storageClass": "STANDARD_IA"}])},
        "must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ),
    "a key without KMS": Case(
        ENCRYPTION,
        {
            "rules": [
                {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": "k"}}
            ]
        },
        "KMSMasterKeyID is not applicable",
    ),
    "a policy about another bucket": Case(
        BUCKET_POLICY,
        {"policy": policy(**EVERYONE, Action="s3:GetObject", Resource="arn:aws:s3:::other/*")},
        "MalformedPolicy: Policy has invalid resource",
    ),
    "a bucket's policy about a queue": Case(
        BUCKET_POLICY,
        {"policy": policy(**EVERYONE, Action="sqs:SendMessage", Resource="arn:aws:s3:::b")},
        "MalformedPolicy: Policy has invalid action",
    ),
    "a bucket's policy for nobody": Case(
        BUCKET_POLICY,
        {"policy": policy(Action="s3:GetObject", Resource="arn:aws:s3:::b/*")},
        "Missing required field Principal",
    ),
    "overlapping prefixes": Case(
        NOTIFICATION,
        {"queues": [notice(filterPrefix="a/"), notice(filterPrefix="a/b/")]},
        "Cannot have overlapping suffixes in two rules if the prefixes are overlapping",
    ),
    "overlapping events": Case(
        NOTIFICATION,
        {"queues": [notice(), notice(events=["s3:ObjectCreated:Put"], filterSuffix=".jpg")]},
        "Configuration is ambiguously defined",
    ),
}
