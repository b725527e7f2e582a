"""Rules of buckets: private, versioned, encrypted, and owned by the account alone."""

from collections.abc import Iterator
from functools import partial

from pulumi_policy import Policy, PolicyResource
from rule import UNKNOWN, Inputs, Stack, of_each, of_stack

BUCKET = "aws:s3/bucket:Bucket"
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
_ACCESS_LISTS = (BUCKET, "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketObject:BucketObject")

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _beside(kind: str, wrong: str, stack: Stack) -> Iterator[tuple[PolicyResource, str]]:
    for bucket in stack.all(BUCKET):
        if not stack.about(bucket, kind, "bucket"):
            yield bucket, wrong


def _blocks(inputs: Inputs) -> Iterator[str]:
    missing = [each for each in _BLOCKS if not inputs.is_set(each)]
    if missing:
        yield f"leaves open: {', '.join(missing)}"


def _ownership(inputs: Inputs) -> Iterator[str]:
    if inputs.get("rule", "objectOwnership") not in ("BucketOwnerEnforced", UNKNOWN):
        yield "lets others own objects"


def _versioning(inputs: Inputs) -> Iterator[str]:
    if inputs.get("versioningConfiguration", "status") not in ("Enabled", UNKNOWN):
        yield "does not keep what is overwritten"


def _encryption(inputs: Inputs) -> Iterator[str]:
    algorithm = inputs.get("rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm")
    if algorithm not in ("AES256", "aws:kms", "aws:kms:dsse", UNKNOWN):
        yield f"has no algorithm, but {algorithm}"


def _aborts(inputs: Inputs) -> Iterator[str]:
    rules = inputs.get("rules") or ()
    if rules is not UNKNOWN and not any(each.get("abortIncompleteMultipartUpload") for each in rules):
        yield "keeps, and pays for, the parts of uploads that never end"


def _origins(inputs: Inputs) -> Iterator[str]:
    rules = inputs.get("corsRules") or ()
    if rules is not UNKNOWN and any("*" in each.get("allowedOrigins", ()) for each in rules):
        yield "lets the pages of every site in"


def _access_list(inputs: Inputs) -> Iterator[str]:
    if inputs.is_set("acl") or inputs.is_set("grants"):
        yield "has an access list"


BUCKETS: list[Policy] = [
    of_stack(
        "bucket-public-access",
        "A bucket blocks public access.",
        partial(_beside, _BLOCK, "has no BucketPublicAccessBlock"),
    ),
    of_each("bucket-public-access-whole", "All public access is blocked.", [_BLOCK], _blocks),
    of_stack(
        "bucket-ownership",
        "A bucket says who owns its objects.",
        partial(_beside, _OWNERSHIP, "has no BucketOwnershipControls"),
    ),
    of_each("bucket-owner-enforced", "Objects belong to the bucket's owner.", [_OWNERSHIP], _ownership),
    of_each("no-access-lists", "Access is by policies, not by lists.", _ACCESS_LISTS, _access_list),
    of_stack(
        "bucket-versioning",
        "A bucket has versions.",
        partial(_beside, _VERSIONING, "has no BucketVersioning"),
    ),
    of_each("bucket-versions-kept", "Versions are kept.", [_VERSIONING], _versioning),
    of_stack(
        "bucket-encryption",
        "A bucket says how it encrypts.",
        partial(_beside, _ENCRYPTION, "has no BucketServerSideEncryptionConfiguration"),
    ),
    of_each("bucket-encrypted", "A bucket encrypts.", [_ENCRYPTION], _encryption),
    of_stack(
        "bucket-lifecycle",
        "A bucket says what becomes of old things.",
        partial(_beside, _LIFECYCLE, "has no BucketLifecycleConfiguration"),
    ),
    of_each("bucket-aborts-uploads", "Incomplete uploads are aborted.", [_LIFECYCLE], _aborts),
    of_each("bucket-sites-named", "Sites that may use a bucket are named.", [_CORS], _origins),
]
