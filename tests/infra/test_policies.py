"""Policies are exact: what is in them is used, nothing else is granted, and no partition is built in."""

import json
from typing import Any

import parliament
import pytest
from tests.infra.deployed import deploy
from tests.infra.test_requests import KEY, VARIANTS

from pixmill.infra import policies
from pixmill.infra.policies import Place

SOURCE, DESTINATION = Place("arn:aws:s3:::originals", "in/"), Place("arn:aws:s3:::renditions", "")
QUEUE, TOPIC = "arn:aws:sqs:eu-west-1:123456789012:jobs", "arn:aws:sns:eu-west-1:123456789012:done"
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:worker"


def rights(**change: Any) -> dict[str, Any]:  # noqa: ANN401 - arguments of any type
    usual: dict[str, Any] = {
        "source": SOURCE,
        "destination": DESTINATION,
        "queue": QUEUE,
        "log_group": LOGS,
        "key": None,
        "tracing": False,
    }
    return policies.worker_rights(**{**usual, **change})


def granted(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Every action on every resource that a policy allows."""
    found = set[tuple[str, str]]()
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert "Condition" not in statement
        resources = statement["Resource"]
        for resource in [resources] if isinstance(resources, str) else resources:
            found |= {(action, resource) for action in statement["Action"]}
    return found


def test_the_worker_may_do_what_it_does_and_nothing_else() -> None:
    assert granted(rights()) == {
        ("s3:GetObject", "arn:aws:s3:::originals/in/*"),
        ("s3:DeleteObject", "arn:aws:s3:::renditions/*"),
        ("s3:GetObject", "arn:aws:s3:::renditions/*"),
        ("s3:PutObject", "arn:aws:s3:::renditions/*"),
        ("s3:ListBucket", "arn:aws:s3:::originals"),
        ("s3:ListBucket", "arn:aws:s3:::renditions"),
        ("sqs:DeleteMessage", QUEUE),
        ("sqs:GetQueueAttributes", QUEUE),
        ("sqs:ReceiveMessage", QUEUE),
        ("logs:CreateLogStream", f"{LOGS}:*"),
        ("logs:PutLogEvents", f"{LOGS}:*"),
    }


def test_a_key_and_tracing_add_what_they_need() -> None:
    more = granted(rights(key=KEY, tracing=True)) - granted(rights())

    assert more == {
        ("kms:Decrypt", KEY),
        ("kms:GenerateDataKey", KEY),
        ("xray:PutTelemetryRecords", "*"),
        ("xray:PutTraceSegments", "*"),
    }


def test_one_bucket_for_both_is_named_once() -> None:
    (find,) = [
        each for each in rights(destination=Place(SOURCE.arn, "out/"))["Statement"] if "List" in str(each)
    ]

    assert find["Resource"] == [SOURCE.arn]


def test_a_queue_takes_from_its_bucket_in_its_account() -> None:
    send, tls = policies.queue_policy(QUEUE, "123456789012", bucket=SOURCE.arn)["Statement"]

    assert send["Principal"] == {"Service": "s3.amazonaws.com"}
    assert (send["Action"], send["Resource"]) == ("sqs:SendMessage", QUEUE)
    assert send["Condition"] == {
        "ArnEquals": {"aws:SourceArn": SOURCE.arn},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }
    assert refuses_without_tls(tls)


def test_a_queue_takes_from_its_rule() -> None:
    rule = "arn:aws:events:eu-west-1:123456789012:rule/photos"
    send, tls = policies.queue_policy(QUEUE, "123456789012", rules=[rule])["Statement"]

    assert send["Principal"] == {"Service": "events.amazonaws.com"}
    assert send["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}
    assert refuses_without_tls(tls)


def test_nobody_sends_to_a_queue_that_nobody_was_named_for() -> None:
    (tls,) = policies.queue_policy(QUEUE, "123456789012")["Statement"]

    assert refuses_without_tls(tls)


def test_the_topic_takes_from_its_bucket_in_its_account() -> None:
    publish, tls = policies.done_topic_policy(TOPIC, "123456789012", bucket=DESTINATION.arn)["Statement"]

    assert publish["Condition"] == {
        "ArnEquals": {"aws:SourceArn": DESTINATION.arn},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }
    assert refuses_without_tls(tls)


def test_event_bridge_publishes_without_a_condition() -> None:
    """It gives SNS nothing to judge by; with a condition, no message would arrive."""
    publish, _ = policies.done_topic_policy(TOPIC, "123456789012")["Statement"]

    assert publish["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in publish


def test_alarms_alone_publish_to_their_topic() -> None:
    publish, tls = policies.alarm_topic_policy(TOPIC, ["b", "a"])["Statement"]

    assert publish["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert publish["Condition"] == {"ArnEquals": {"aws:SourceArn": ["a", "b"]}}
    assert refuses_without_tls(tls)


def test_a_bucket_is_closed_without_tls() -> None:
    (tls,) = policies.bucket_policy(SOURCE.arn)["Statement"]

    assert refuses_without_tls(tls)
    assert tls["Resource"] == [SOURCE.arn, f"{SOURCE.arn}/*"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_parliament_finds_nothing(variant: str) -> None:
    written = {
        (each.name, each.kind): each["policy"]
        for each in deploy(VARIANTS[variant]).made
        if "policy" in each.inputs
    }

    found = {name: parliament.analyze_policy_string(text).findings for name, text in written.items()}

    assert {name: findings for name, findings in found.items() if findings} == {}
    assert len(written) >= 4


def test_parliament_would_find_something() -> None:
    policy = policies.document({"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"})

    assert parliament.analyze_policy_string(json.dumps(policy)).findings


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_action_and_no_resource_is_a_wildcard(variant: str) -> None:
    """But for X-Ray, which has no resources; and what is denied is denied in full."""
    for each in deploy(VARIANTS[variant]).made:
        for statement in each.policy["Statement"] if "policy" in each.inputs else []:
            if statement["Effect"] == "Deny":
                continue
            assert "*" not in str(statement["Action"])
            assert statement["Resource"] != "*" or statement["Sid"] == "Trace"
            assert "Principal" not in statement or "*" not in str(statement["Principal"])


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_no_partition_is_built_in(variant: str, partition: str) -> None:
    args = json.loads(json.dumps(VARIANTS[variant]).replace("arn:aws:", f"arn:{partition}:"))

    for each in deploy(args, partition=partition).made:
        assert "arn:aws:" not in json.dumps(dict(each.inputs), default=str)


def refuses_without_tls(statement: dict[str, Any]) -> bool:
    who, where = statement["Principal"], statement["Condition"]
    return (statement["Effect"], who, where) == ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}})
