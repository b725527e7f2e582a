"""Buckets that are made are closed, versioned, encrypted and kept; those that exist are left alone."""

from typing import Any

import pytest
from tests.infra.deployed import Deployed, deploy
from tests.infra.test_requests import KEY

S3 = "aws:s3/"
ROLES = ("source", "destination")


@pytest.fixture(scope="module")
def usual() -> Deployed:
    return deploy()


def of(deployed: Deployed, kind: str, role: str) -> dict[str, Any]:
    found = deployed.one(f"{S3}{kind[0].lower()}{kind[1:]}:{kind}", role)
    return {name: value for name, value in found.inputs.items() if name != "bucket"}


@pytest.mark.parametrize("role", ROLES)
def test_a_new_bucket_is_closed(usual: Deployed, role: str) -> None:
    assert of(usual, "BucketOwnershipControls", role) == {"rule": {"objectOwnership": "BucketOwnerEnforced"}}
    assert set(of(usual, "BucketPublicAccessBlock", role).values()) == {True}
    assert len(of(usual, "BucketPublicAccessBlock", role)) == 4
    assert "aws:SecureTransport" in of(usual, "BucketPolicy", role)["policy"]


@pytest.mark.parametrize("role", ROLES)
def test_a_new_bucket_keeps_versions_for_a_time(usual: Deployed, role: str) -> None:
    abort, expire = of(usual, "BucketLifecycleConfiguration", role)["rules"]

    assert of(usual, "BucketVersioning", role) == {"versioningConfiguration": {"status": "Enabled"}}
    assert abort["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert expire["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_current_expires(usual: Deployed, role: str) -> None:
    rules = of(usual, "BucketLifecycleConfiguration", role)["rules"]

    assert [rule.get("expiration") for rule in rules] == [None, {"expiredObjectDeleteMarker": True}]
    assert not any("transitions" in rule for rule in rules)


@pytest.mark.parametrize("role", ROLES)
def test_it_is_encrypted_by_s3_or_by_the_key_that_is_given(usual: Deployed, role: str) -> None:
    kind = "BucketServerSideEncryptionConfiguration"
    (own,) = of(usual, kind, role)["rules"]
    (given,) = of(deploy({"kms_key_arn": KEY}), kind, role)["rules"]

    assert own["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert given == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
        "bucketKeyEnabled": True,
    }


@pytest.mark.parametrize("role", ROLES)
def test_what_protects_a_bucket_stays_with_it(usual: Deployed, role: str) -> None:
    parts = [each for each in usual.made if each.kind.startswith(S3) and each.name == f"photos-{role}"]

    gone = {each.kind.rpartition(":")[2] for each in parts if not each.retained}
    assert gone == {"BucketNotification"}
    assert len(parts) == 8


@pytest.mark.parametrize("role", ROLES)
def test_a_bucket_goes_only_if_one_says_so(role: str) -> None:
    deployed = deploy({role: {"retain": False, "force_destroy": True}})
    bucket = deployed.one("aws:s3/bucket:Bucket", role)

    assert bucket["forceDestroy"] is True
    assert not any(each.retained for each in deployed.made if each.name == bucket.name)
    (other,) = {"source", "destination"} - {role}
    assert deployed.one("aws:s3/bucket:Bucket", other).retained


def test_pages_of_other_sites_come_in_only_if_they_are_named(usual: Deployed) -> None:
    sites = ["https://a.example", "http://localhost:3000"]
    both = deploy({role: {"cors_origins": sites} for role in ROLES})

    assert usual.all("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration") == []
    methods = {
        role: of(both, "BucketCorsConfiguration", role)["corsRules"][0]["allowedMethods"] for role in ROLES
    }
    assert methods == {"source": ["PUT", "POST"], "destination": ["GET", "HEAD"]}
    assert of(both, "BucketCorsConfiguration", "source")["corsRules"][0]["allowedOrigins"] == sites


def test_nothing_of_a_bucket_that_exists_is_touched() -> None:
    """Above all its notifications: S3 keeps one document of them, which ours would replace."""
    deployed = deploy({"source": {"existing_bucket": "one"}, "destination": {"existing_bucket": "two"}})

    assert [each.kind for each in deployed.made if each.kind.startswith(S3)] == []


def test_the_worker_asks_for_the_key_where_the_bucket_may_not() -> None:
    def variables(args: dict[str, Any]) -> dict[str, str]:
        function = deploy({"kms_key_arn": KEY, **args}).one("aws:lambda/function:Function")
        return function["environment"]["variables"]

    there = variables({"destination": {"existing_bucket": "two", "prefix": "out"}})
    assert there["PIXMILL_DESTINATION"] == f"s3://two/out?kms={KEY}"
    assert "kms" not in variables({})["PIXMILL_DESTINATION"]


@pytest.mark.parametrize("prefix", ["in", "in/", "a.b/c_d-e"])
def test_a_folder_is_one_with_its_slash_or_without(prefix: str) -> None:
    deployed = deploy({"source": {"prefix": prefix}})

    told = deployed.one("aws:s3/bucketNotification:BucketNotification", "source")["queues"][0]["filterPrefix"]
    variables = deployed.one("aws:lambda/function:Function")["environment"]["variables"]
    assert told == prefix.removesuffix("/") + "/"
    assert variables["PIXMILL_SOURCE"] == f"s3://photos-source-1a2b3c4/{prefix.removesuffix('/')}"
