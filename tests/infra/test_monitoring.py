"""Alarms reach somebody and say what to do; dashboards show metrics that there are."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from tests.infra.deployed import Deployed, deploy

import pixmill
from pixmill.infra.alarms import NAMESPACE, alarms
from pixmill.infra.blueprint import Blueprint

ALARM, TOPIC = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:sns/topic:Topic"
OURS = "arn:aws:sns:eu-west-1:123456789012:ops"


@pytest.fixture(scope="module")
def usual() -> Deployed:
    return deploy()


def test_every_alarm_reaches_somebody_and_says_when_it_is_over(usual: Deployed) -> None:
    made = usual.all(ALARM)

    assert len(made) == 6
    for alarm in made:
        assert alarm["alarmActions"] == alarm["okActions"] == [usual.outputs["alarm_topic_arn"]]


def test_every_alarm_says_what_to_do(usual: Deployed) -> None:
    for alarm in usual.all(ALARM):
        sentences = alarm["alarmDescription"].split(". ")
        assert len(sentences) >= 2
        assert len(alarm["alarmDescription"]) <= 1024


def test_a_topic_that_is_given_is_used_and_left_alone() -> None:
    deployed = deploy({"alarm_topic_arn": OURS})

    assert deployed.one(ALARM, "-delay")["alarmActions"] == [OURS]
    assert [each.name for each in deployed.all(TOPIC)] == ["photos-done"]
    assert [each.name for each in deployed.all("aws:sns/topicPolicy:TopicPolicy")] == ["photos-done"]


def test_an_address_is_written_to() -> None:
    (mail,) = deploy({"alarm_email": "ops@example.com"}).all("aws:sns/topicSubscription:TopicSubscription")

    assert (mail["protocol"], mail["endpoint"]) == ("email", "ops@example.com")
    assert mail["topic"].endswith(":photos-alarms-1a2b3c4")


def test_all_alarms_and_no_others_may_publish(usual: Deployed) -> None:
    publish, _ = usual.one("aws:sns/topicPolicy:TopicPolicy", "-alarms").policy["Statement"]

    assert len(publish["Condition"]["ArnEquals"]["aws:SourceArn"]) == len(usual.all(ALARM))


def test_one_dead_letter_is_enough(usual: Deployed) -> None:
    alarm = usual.one(ALARM, "-dead-letters")

    assert alarm["dimensions"] == {"QueueName": "photos-dead-letters-1a2b3c4"}
    assert (alarm["threshold"], alarm["evaluationPeriods"], alarm["period"]) == (0, 1, 60)


def test_a_second_try_is_no_delay() -> None:
    assert deploy({"timeout_seconds": 900}).one(ALARM, "-delay")["threshold"] == 2 * 6 * 900


def test_the_slowest_in_a_hundred_counts(usual: Deployed) -> None:
    alarm = usual.one(ALARM, "-duration")

    assert alarm["extendedStatistic"] == "p99"
    assert "statistic" not in alarm.inputs
    assert alarm["threshold"] == 0.9 * 60_000


@pytest.mark.parametrize("name", ["-errors", "-rejected"])
def test_ratios_have_one_answer_and_no_division_by_nothing(usual: Deployed, name: str) -> None:
    ratio, *parts = usual.one(ALARM, name)["metricQueries"]

    assert ratio["returnData"] is True
    assert not any(part.get("returnData") for part in parts)
    assert ratio["expression"].startswith("IF(")
    for part in parts:
        assert part["id"] in ratio["expression"]


def test_our_metrics_are_those_that_the_worker_writes(usual: Deployed) -> None:
    """Namespace, names and dimension, read from the worker's own code."""
    root = Path(pixmill.__file__).parent
    calls = [
        node
        for path in (root / "aws" / "worker.py", root / "telemetry.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add"
    ]
    written = {arg.value for call in calls for arg in call.args[:1] if isinstance(arg, ast.Constant)}

    metrics = [metric for alarm in alarms(Blueprint(name="photos")) for metric in alarm.metrics.values()]
    alarmed = {metric.name for metric in metrics if metric.namespace == NAMESPACE}
    shown = {line[1] for line in lines(usual) if line[0] == NAMESPACE}
    assert alarmed | shown <= written
    assert {line[2] for line in lines(usual) if line[0] == NAMESPACE} == {"Pipeline"}
    assert f'_NAMESPACE = "{NAMESPACE}"' in (root / "telemetry.py").read_text("utf-8")


def test_the_dashboard_shows_this_pipeline(usual: Deployed) -> None:
    dashboard = usual.one("aws:cloudwatch/dashboard:Dashboard")
    body = json.loads(dashboard["dashboardBody"])

    assert dashboard["dashboardName"] == usual.outputs["function_name"]
    assert {each["properties"].get("region") for each in body["widgets"]} == {None, "eu-west-1"}
    states, *graphs = body["widgets"]
    assert len(states["properties"]["alarms"]) == len(usual.all(ALARM))
    places = {(each["x"], each["y"]) for each in graphs}
    assert len(places) == len(graphs)
    assert {line[3] for line in lines(usual)} == {
        "photos-jobs-1a2b3c4",
        "photos-dead-letters-1a2b3c4",
        "photos-worker-1a2b3c4",
        "shop-test-photos",
    }


def lines(deployed: Deployed) -> list[list[Any]]:
    body = json.loads(deployed.one("aws:cloudwatch/dashboard:Dashboard")["dashboardBody"])
    return [line for each in body["widgets"] for line in each["properties"].get("metrics", [])]
