"""Nothing is lost between the source and the worker."""

import json
import re

from tests.infra.deployed import Deployed, deploy

from pixmill.events import messages

QUEUE, FUNCTION = "aws:sqs/queue:Queue", "aws:lambda/function:Function"
NOTIFICATION, RULE, TARGET = (
    "aws:s3/bucketNotification:BucketNotification",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
)
POLICY, TOPIC_POLICY = "aws:sqs/queuePolicy:QueuePolicy", "aws:sns/topicPolicy:TopicPolicy"
EXISTING = {"source": {"existing_bucket": "originals", "prefix": "in"}}


def ancestors(deployed: Deployed, urn: str) -> set[str]:
    return {after for each in deployed.resources if each.urn == urn for after in each.after}


def test_what_fails_too_often_is_kept_longer_than_it_could_have_waited() -> None:
    deployed = deploy({"max_receive_count": 7})
    jobs, dead = deployed.one(QUEUE, "-jobs"), deployed.one(QUEUE, "-dead-letters")

    redrive = json.loads(jobs["redrivePolicy"])
    assert redrive == {
        "deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:photos-dead-letters-1a2b3c4",
        "maxReceiveCount": 7,
    }
    assert dead["messageRetentionSeconds"] == 14 * 86400 > jobs["messageRetentionSeconds"]
    assert jobs["sqsManagedSseEnabled"] is dead["sqsManagedSseEnabled"] is True


def test_the_dead_letter_queue_takes_from_its_queue_alone() -> None:
    allow = deploy().one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")

    assert json.loads(allow["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": ["arn:aws:sqs:eu-west-1:123456789012:photos-jobs-1a2b3c4"],
    }


def test_a_message_stays_hidden_for_six_time_outs_and_the_window() -> None:
    deployed = deploy({"timeout_seconds": 100, "batch_window_seconds": 7})

    assert deployed.one(QUEUE, "-jobs")["visibilityTimeoutSeconds"] == 607


def test_our_bucket_tells_of_all_changes_in_its_folder() -> None:
    deployed = deploy()
    (queue,) = deployed.one(NOTIFICATION, "-source")["queues"]

    assert queue["events"] == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"]
    assert queue["filterPrefix"] == "uploads/"
    assert deployed.all(RULE) == []


def test_a_bucket_notifies_only_who_already_lets_it() -> None:
    """S3 tries with a test event, and refuses the notification if that fails."""
    deployed = deploy()

    for side, kind, name in (("-source", POLICY, "-jobs"), ("-destination", TOPIC_POLICY, "-done")):
        notification = deployed.one(NOTIFICATION, side)
        assert deployed.one(kind, name).urn in notification.after


def test_event_bridge_tells_of_a_bucket_that_exists() -> None:
    deployed = deploy(EXISTING)
    rule, target = deployed.one(RULE), deployed.one(TARGET)

    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        "detail": {"bucket": {"name": ["originals"]}, "object": {"key": [{"prefix": "in/"}]}},
    }
    assert target["arn"] == "arn:aws:sqs:eu-west-1:123456789012:photos-jobs-1a2b3c4"
    assert target["deadLetterConfig"]["arn"].endswith("photos-dead-letters-1a2b3c4")
    assert {deployed.one(POLICY, name).urn for name in ("-jobs", "-dead-letters")} <= target.after
    assert [each.name for each in deployed.all(NOTIFICATION)] == ["photos-destination"]


def test_without_a_folder_event_bridge_tells_of_all_objects() -> None:
    pattern = json.loads(deploy({"source": {"existing_bucket": "originals"}}).one(RULE)["eventPattern"])

    assert "object" not in pattern["detail"]


def test_both_queues_let_the_rule_send() -> None:
    deployed = deploy(EXISTING)

    for name in ("-jobs", "-dead-letters"):
        send, _ = deployed.one(POLICY, name).policy["Statement"]
        assert re.search(r":rule/photos-source", send["Condition"]["ArnEquals"]["aws:SourceArn"])


def test_the_worker_understands_every_event_that_is_asked_for() -> None:
    """An event of an unknown kind would be tried again and again, and alarm somebody."""
    for kind in json.loads(deploy(EXISTING).one(RULE)["eventPattern"])["detail-type"]:
        detail = {"bucket": {"name": "originals"}, "object": {"key": "in/cat.jpg"}}
        event = {"source": "aws.s3", "detail-type": kind, "detail": detail}
        (message,) = messages(event)
        assert message.error is None
        assert [change.key for change in message.changes] == ["in/cat.jpg"]


def test_the_topic_hears_of_manifests_alone() -> None:
    own = deploy({"destination": {"prefix": "out"}})
    (topic,) = own.one(NOTIFICATION, "-destination")["topics"]
    existing = deploy({"destination": {"existing_bucket": "renditions", "prefix": "out"}})

    assert topic["events"] == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
    assert topic["filterPrefix"] == "out/manifests/"
    pattern = json.loads(existing.one(RULE)["eventPattern"])
    assert pattern["detail"]["object"] == {"key": [{"prefix": "out/manifests/"}]}
    assert existing.one(TARGET)["arn"].endswith(":photos-done-1a2b3c4")
    assert [each.name for each in existing.all(NOTIFICATION)] == ["photos-source"]
