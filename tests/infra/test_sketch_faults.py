"""The first sketch's faults in deployment and infrastructure, 1 to 29: each would be found here.

Its numbers are those of the list that the product was begun with; 30 to 45, of the handler, are tested where
the handler's parts are.
"""

import json
import re
import warnings
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.infra.deployed import Deployed, deploy, run, with_bundle
from tests.infra.test_requests import KEY, VARIANTS

from pixmill.infra import ImagePipeline, artifact
from pixmill.infra.bundle.packages import BUILD_LOCK, LOCK
from pixmill.settings import Settings

QUEUE, FUNCTION = "aws:sqs/queue:Queue", "aws:lambda/function:Function"
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
ALARM, RIGHTS = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture(scope="module")
def usual() -> Deployed:
    return deploy()


def values(deployed: Deployed) -> list[str]:
    """Every text that is passed to AWS."""
    return re.findall(
        r'"((?:[^"\\]|\\.)*)"', json.dumps([dict(each.inputs) for each in deployed.made], default=vars)
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_1_2_3_no_output_is_taken_for_a_text(variant: str) -> None:
    """The SDK answers str(output) with a warning's text, which then stands in a policy or a name."""
    for text in values(deploy(VARIANTS[variant])):
        assert "Output" not in text
        assert "__str__" not in text


def test_1_every_document_is_json(usual: Deployed) -> None:
    for each in usual.made:
        for value in each.inputs.values():
            if isinstance(value, str) and value.startswith(("{", "[")):
                json.loads(value)


def test_4_the_dead_letter_queue_has_an_arn(usual: Deployed) -> None:
    target = json.loads(usual.one(QUEUE, "-jobs")["redrivePolicy"])["deadLetterTargetArn"]

    assert target.startswith("arn:")


def test_5_6_the_code_needs_no_step_by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    build = Mock()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(artifact, "build", build)

    path = deploy({"bundle": None}).one(FUNCTION)["code"].path

    assert [str(call.args[0]) for call in build.call_args_list] == [path]


def test_7_the_worker_reads_the_environment_that_is_written(usual: Deployed) -> None:
    assert Settings.from_env(usual.one(FUNCTION)["environment"]["variables"]).recipe.renditions


def test_8_no_bucket_has_a_name_of_ours(usual: Deployed) -> None:
    for bucket in usual.all(BUCKET):
        assert not {"bucket", "bucketPrefix"} & bucket.inputs.keys()


def test_9_no_concurrency_is_reserved(usual: Deployed) -> None:
    assert "reservedConcurrentExecutions" not in usual.one(FUNCTION).inputs


def test_10_the_notification_waits_for_its_permission(usual: Deployed) -> None:
    notification = usual.one("aws:s3/bucketNotification:BucketNotification", "-source")

    assert usual.one("aws:sqs/queuePolicy:QueuePolicy", "-jobs").urn in notification.after


def test_11_the_function_logs_to_our_group_and_cannot_make_another(usual: Deployed) -> None:
    group = usual.one("aws:cloudwatch/logGroup:LogGroup")

    assert usual.one(FUNCTION)["loggingConfig"]["logGroup"] == f"{group.name}-1a2b3c4"
    assert "logs:CreateLogGroup" not in str(usual.one(RIGHTS).policy)


@pytest.mark.parametrize("variant", VARIANTS)
def test_12_nothing_is_deprecated(variant: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        deployed = deploy(VARIANTS[variant])

    assert all(each.inputs.keys() <= {"tags", "forceDestroy"} for each in deployed.all(BUCKET))


def test_13_ownership_is_enforced_and_there_are_no_access_lists(usual: Deployed) -> None:
    controls = usual.all("aws:s3/bucketOwnershipControls:BucketOwnershipControls")

    assert [each["rule"]["objectOwnership"] for each in controls] == 2 * ["BucketOwnerEnforced"]
    assert not any("acl" in each.inputs for each in usual.made)


def test_14_the_code_is_shipped_once(usual: Deployed) -> None:
    """That boto3 is not in it, tests/bundle says."""
    assert "layers" not in usual.one(FUNCTION).inputs


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_15_the_processor_is_said_and_the_bundle_is_for_it(
    architecture: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    build = Mock()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(artifact, "build", build)

    function = deploy({"bundle": None, "architecture": architecture}).one(FUNCTION)

    assert function["architectures"] == [build.call_args.args[1].architecture] == [architecture]


def test_16_other_partitions_have_other_arns() -> None:
    assert not [text for text in values(deploy(partition="aws-cn")) if "arn:aws:" in text]


def test_17_nobody_elses_bucket_can_send(usual: Deployed) -> None:
    for kind, name in (
        ("aws:sqs/queuePolicy:QueuePolicy", "-jobs"),
        ("aws:sns/topicPolicy:TopicPolicy", "-done"),
    ):
        send, _ = usual.one(kind, name).policy["Statement"]
        assert send["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_18_rights_are_neither_too_wide_nor_useless(usual: Deployed) -> None:
    """All of them, one by one: tests/infra/test_policies.py."""
    text = json.dumps(usual.one(RIGHTS).policy)

    assert "Acl" not in text
    assert "logs:*" not in text
    assert '"logs:PutLogEvents"], "Resource": "*"' not in text


@pytest.mark.parametrize("tracing", [True, False])
def test_19_who_traces_may_send_traces(*, tracing: bool) -> None:
    deployed = deploy({"tracing": tracing})

    assert (deployed.one(FUNCTION)["tracingConfig"]["mode"] == "Active") is tracing
    assert ("xray:PutTraceSegments" in str(deployed.one(RIGHTS).policy)) is tracing


def test_20_buckets_are_shut_tight() -> None:
    deployed = deploy({"kms_key_arn": KEY})

    assert all("aws:SecureTransport" in each["policy"] for each in deployed.all(POLICY))
    assert len(deployed.all(POLICY)) == 2
    lifecycles = deployed.all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    assert all("abortIncompleteMultipartUpload" in str(each["rules"]) for each in lifecycles)
    encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    assert all(KEY in str(each["rules"]) for each in deployed.all(encryption))
    assert deployed.all("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration") == []


def test_21_renditions_live_as_long_as_their_originals(usual: Deployed) -> None:
    for each in usual.all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"):
        assert not any("days" in rule.get("expiration", {}) for rule in each["rules"])


def test_22_there_are_queues_a_topic_and_actions(usual: Deployed) -> None:
    assert len(usual.all(QUEUE)) == 2
    assert usual.one("aws:sns/topic:Topic", "-done")
    assert all(each["alarmActions"] for each in usual.all(ALARM))


def test_23_an_error_is_one(usual: Deployed) -> None:
    """Lambda counts what the handler raises, and takes back what it gives back."""
    mapping = usual.one("aws:lambda/eventSourceMapping:EventSourceMapping")

    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "Errors" in str(usual.one(ALARM, "-errors")["metricQueries"])


def test_24_the_slow_are_not_hidden_by_the_average(usual: Deployed) -> None:
    assert usual.one(ALARM, "-duration")["extendedStatistic"] == "p99"
    assert not any(each.inputs.get("statistic") == "Average" for each in usual.all(ALARM))


def test_25_every_argument_has_a_use() -> None:
    """Each of them changes what is deployed: tests/infra/test_image_pipeline.py has one case for each."""
    from tests.infra.test_image_pipeline import CHANGES  # noqa: PLC0415 - only for its table

    from pixmill.infra import ImagePipelineArgs  # noqa: PLC0415 - as above

    assert CHANGES.keys() | {"bundle"} == ImagePipelineArgs.__annotations__.keys()


def test_26_a_program_may_have_two() -> None:
    both = run(lambda: [ImagePipeline(name, with_bundle({})) for name in ("one", "two")])

    assert len(both.all(FUNCTION)) == 2


def test_27_notifications_that_a_bucket_has_stay() -> None:
    deployed = deploy({"source": {"existing_bucket": "one"}, "destination": {"existing_bucket": "two"}})

    assert deployed.all("aws:s3/bucketNotification:BucketNotification") == []


def test_28_29_what_runs_on_lambda_is_pinned_by_hash() -> None:
    """Weaknesses become known later; whoever scans for them needs exact versions, and a recent decoder."""
    for path in (LOCK, BUILD_LOCK):
        text = path.read_text("utf-8")
        assert len(re.findall("^[a-z0-9-]+==", text, re.MULTILINE)) <= text.count("--hash=sha256:")
    pillow = re.search(r"^pillow==(\d+)", LOCK.read_text("utf-8"), re.MULTILINE)
    assert pillow
    assert int(pillow[1]) >= 13
