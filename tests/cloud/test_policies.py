"""What a resource's own policy lets a service of AWS do."""

from typing import Any

import pytest

from .aws.policies import grants
from .provider import Refused

QUEUE = "arn:aws:sqs:eu-central-1:000000000000:queue"
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
}
CONTEXT = {"aws:sourcearn": "arn:aws:s3:::cats", "aws:sourceaccount": "000000000000"}


def may(*statements: dict[str, Any]) -> bool:
    document = {"Version": "2012-10-17", "Statement": [{**STATEMENT, **each} for each in statements]}
    asked = {"service": "s3.amazonaws.com", "action": "sqs:SendMessage", "resource": QUEUE}
    return grants(document, **asked, context=CONTEXT)


def when(operator: str, **keys: object) -> dict[str, Any]:
    return {"Condition": {operator: {f"aws:{key}": value for key, value in keys.items()}}}


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}},
        {"Action": ["sqs:Send*", "sqs:ReceiveMessage"]},
        {"Action": "SQS:sendmessage"},
        {"Resource": "arn:aws:sqs:*:000000000000:q*"},
        when("ArnEquals", SourceArn="arn:aws:s3:::cats"),
        when("ArnLike", SourceArn=["arn:aws:s3:::dogs", "arn:aws:s3:::c*"]),
        when("StringEquals", SourceAccount="000000000000"),
        when("StringEqualsIfExists", SourceOrgID="o"),
        when("StringNotEquals", SourceAccount="111111111111"),
    ],
)
def test_what_is_allowed_may_be_done(statement: dict[str, Any]) -> None:
    assert may(statement)


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"AWS": "*"}},
        {"Action": "sqs:ReceiveMessage"},
        {"Resource": "arn:aws:sqs:eu-central-1:000000000000:queue2"},
        when("ArnEquals", SourceArn="arn:aws:s3:::dogs"),
        when("StringEquals", SourceAccount="111111111111"),
        when("StringEquals", SourceOrgID="o"),
        when("StringNotEquals", SourceAccount="000000000000"),
        when("ArnNotLike", SourceArn="arn:aws:s3:::*"),
    ],
)
def test_what_is_not_allowed_may_not_be_done(statement: dict[str, Any]) -> None:
    assert not may(statement)


def test_a_denial_is_stronger() -> None:
    assert not may({}, {"Effect": "Deny", "Principal": "*"})
    assert may({}, {"Effect": "Deny", **when("Bool", SecureTransport="false")})


def test_a_condition_that_is_not_known_is_not_passed_over() -> None:
    with pytest.raises(Refused, match="NumericLessThan"):
        may(when("NumericLessThan", SourceAccount=3))
