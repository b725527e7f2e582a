"""The policy pack: our own pipelines pass every rule, and each rule has a program that breaks it."""

import json
from collections.abc import Callable, Generator
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE
from tests.infra.deployed import Deployed, deploy, run
from tests.infra.test_requests import VARIANTS

from .analyzer import Analyzer, Subject
from .conftest import DEPLOY
from .site import Site

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
S3 = {"Service": "s3.amazonaws.com"}


@pytest.fixture(scope="module")
def analyzer() -> Generator[Analyzer]:
    with Analyzer(DEPLOY / "policies") as running:
        yield running


def policy(**statement: Any) -> str:  # noqa: ANN401 - as JSON has them
    usual = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:1:q"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**usual, **statement}]})


def role_policy(**statement: Any) -> object:  # noqa: ANN401 - as JSON has them
    return aws.iam.RolePolicy("bare", role="r", policy=policy(**statement))


def queue_policy(**statement: Any) -> object:  # noqa: ANN401 - as JSON has them
    return aws.sqs.QueuePolicy("bare", queue_url="u", policy=policy(**statement))


def permission(principal: str, source_arn: str | None = None) -> object:
    return aws.lambda_.Permission(
        "bare", action="f", function="f", principal=principal, source_arn=source_arn
    )


def bucket() -> object:
    return aws.s3.Bucket("bare")


def queue() -> object:
    return aws.sqs.Queue("bare")


def function() -> object:
    return aws.lambda_.Function("bare", role="r", code=None, runtime="python3.13", handler="h")


def block() -> object:
    return aws.s3.BucketPublicAccessBlock(
        "bare", bucket="b", block_public_acls=True, ignore_public_acls=True, restrict_public_buckets=True
    )


def lifecycle() -> object:
    rules: Any = [{"id": "old", "status": "Enabled", "expiration": {"days": 90}}]
    return aws.s3.BucketLifecycleConfiguration("bare", bucket="b", rules=rules)


def cors() -> object:
    rules: Any = [{"allowed_methods": ["GET"], "allowed_origins": ["*"]}]
    return aws.s3.BucketCorsConfiguration("bare", bucket="b", cors_rules=rules)


def encryption() -> object:
    return aws.s3.BucketServerSideEncryptionConfiguration(
        "bare", bucket="b", rules=[{"blocked_encryption_types": ["SSE-C"]}]
    )


def ownership() -> object:
    return aws.s3.BucketOwnershipControls("bare", bucket="b", rule={"object_ownership": "ObjectWriter"})


def versioning() -> object:
    status: Any = {"status": "Suspended"}
    return aws.s3.BucketVersioning("bare", bucket="b", versioning_configuration=status)


def alarm(**more: Any) -> object:  # noqa: ANN401 - arguments of any type
    return aws.cloudwatch.MetricAlarm(
        "bare", comparison_operator="GreaterThanThreshold", evaluation_periods=1, **more
    )


BREAKING: list[tuple[str, Callable[[], object]]] = [
    ("bucket-public-access", bucket),
    ("bucket-public-access-whole", block),
    ("bucket-ownership", bucket),
    ("bucket-owner-enforced", ownership),
    ("no-access-lists", lambda: aws.s3.BucketAcl("bare", bucket="b", acl="private")),
    ("bucket-versioning", bucket),
    ("bucket-versions-kept", versioning),
    ("bucket-encryption", bucket),
    ("bucket-encrypted", encryption),
    ("bucket-lifecycle", bucket),
    ("bucket-aborts-uploads", lifecycle),
    ("bucket-sites-named", cors),
    ("no-wildcards", lambda: role_policy(Action="sqs:*")),
    ("no-wildcards", lambda: role_policy(Action=["s3:GetObject"], Resource="*")),
    ("no-wildcards", lambda: role_policy(Action="s3:GetObject", Resource="arn:aws:s3:::*")),
    ("no-wildcards", lambda: role_policy(Resource="arn:aws:logs:*:*:log-group:/aws/lambda/f:*")),
    ("no-wildcards", lambda: role_policy(Action=["xray:PutTraceSegments", "s3:GetObject"], Resource="*")),
    ("no-wildcards", lambda: role_policy(NotAction="iam:*")),
    ("no-foreign-rights", lambda: aws.iam.RolePolicyAttachment("bare", role="r", policy_arn=BASIC)),
    ("not-public", lambda: queue_policy(Principal="*")),
    ("not-public", lambda: queue_policy(Principal={"AWS": ["*"]})),
    ("no-confused-deputy", lambda: queue_policy(Principal=S3)),
    ("permission-for-one", lambda: permission("s3.amazonaws.com", "arn:aws:s3:::b")),
    ("permission-for-one", lambda: permission("events.amazonaws.com")),
    ("permission-for-one", lambda: permission("*")),
    ("tls-only", bucket),
    ("tls-only", queue),
    ("tls-only", lambda: aws.sns.Topic("bare")),
    ("queue-encrypted", lambda: aws.sqs.Queue("bare", sqs_managed_sse_enabled=False)),
    ("dead-letters", queue),
    ("partial-batches", lambda: aws.lambda_.EventSourceMapping("bare", function_name="f")),
    ("own-log", function),
    ("processor", function),
    ("log-retention", lambda: aws.cloudwatch.LogGroup("bare")),
    ("alarm-actions", alarm),
    ("alarm-actions", lambda: alarm(alarm_actions=["arn:aws:sns:eu-west-1:1:t"], actions_enabled=False)),
]


def subjects(deployed: Deployed) -> list[Subject]:
    return [
        Subject(each.kind, each.name, each.urn, each.inputs, sorted(each.after))
        for each in deployed.resources
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_pipeline_passes(analyzer: Analyzer, variant: str) -> None:
    assert analyzer.complaints(subjects(deploy(VARIANTS[variant]))) == set()


def test_what_deploy_makes_passes(analyzer: Analyzer, home: Site) -> None:
    standing = [
        Subject(each.type, each.name, each.urn, each.inputs, each.dependencies, each.property_dependencies)
        for each in home.stack.resources()
    ]

    assert len(standing) > 30
    assert analyzer.complaints(standing) == set()


def test_a_preview_passes_in_which_nothing_is_known(analyzer: Analyzer) -> None:
    unknown = [
        Subject(
            each.kind,
            each.name,
            each.urn,
            dict.fromkeys(each.inputs, UNKNOWN_STRING_VALUE),
            each.dependencies,
        )
        for each in subjects(deploy())
    ]

    assert analyzer.complaints(unknown) == set()


@pytest.mark.parametrize(("rule", "program"), BREAKING)
def test_a_rule_finds_what_breaks_it(analyzer: Analyzer, rule: str, program: Callable[[], object]) -> None:
    found = analyzer.complaints(subjects(run(program)))

    assert any(each.rule == rule and "\nbare " in each.message for each in found)


def test_a_broken_part_is_found_in_a_whole_pipeline(analyzer: Analyzer) -> None:
    """And nothing else is: the rules do not take one bucket's settings for another's."""
    block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    kept = [each for each in subjects(deploy()) if (each.kind, each.name) != (block, "photos-destination")]

    (complaint,) = analyzer.complaints(kept)

    assert complaint.rule == "bucket-public-access"
    assert "photos-destination has no BucketPublicAccessBlock" in complaint.message


def test_every_rule_is_broken_by_something(analyzer: Analyzer) -> None:
    assert analyzer.rules() == {rule for rule, _ in BREAKING}
