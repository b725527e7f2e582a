"""What CloudWatch and EventBridge refuse of log groups, alarms, dashboards and rules."""

import json
from collections.abc import Iterator
from typing import Any

from tests.cloud.values import Values

from .rules import foreseen

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_RETENTIONS = {
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
}
_SHORT_PERIODS = {10, 20, 30}
_HOUR, _DAY, _WEEK = 3600, 86400, 604800


@foreseen("aws:cloudwatch/logGroup:LogGroup")
def bad_retention(inputs: Values) -> Iterator[str]:
    days = inputs.get("retentionInDays", 0)
    if days not in _RETENTIONS:
        allowed = ", ".join(map(str, sorted(_RETENTIONS - {0})))
        yield (
            f"InvalidParameterException: 1 validation error detected: Value '{days}' at 'retentionInDays' "
            f"failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"
        )


@foreseen(_ALARM)
def bad_alarm(inputs: Values) -> Iterator[str]:
    evaluations = inputs.get("evaluationPeriods", 1)
    if inputs.get("datapointsToAlarm", 1) > evaluations:
        yield "ValidationError: DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    if inputs.get("statistic") and inputs.get("extendedStatistic"):
        yield "ValidationError: Statistic and ExtendedStatistic cannot both be specified"
    if queries := inputs.get("metricQueries"):
        if sum(bool(each.get("returnData")) for each in queries) != 1:
            yield "ValidationError: Exactly one element of the metrics list should return data."
        if inputs.get("metricName"):
            yield "ValidationError: MetricName and Metrics cannot both be specified"
    elif "metricName" in inputs:
        if not inputs.get("statistic") and not inputs.get("extendedStatistic"):
            yield "ValidationError: Either Statistic or ExtendedStatistic must be specified"
        yield from _bad_period(inputs.get("period"), evaluations)


def _bad_period(period: int | None, evaluations: int) -> Iterator[str]:
    if period is None or (period not in _SHORT_PERIODS and (period <= 0 or period % 60)):
        yield f"ValidationError: Period must be 10, 20, 30 or a multiple of 60: {period}"
        return
    most, said = (_WEEK, "seven days") if period >= _HOUR else (_DAY, "a day")
    if period * evaluations > most:
        yield (
            f"ValidationError: Metrics cannot be checked across more than {said} "
            f"(EvaluationPeriods * Period must be <= {most})."
        )


@foreseen(_ALARM)
def bad_action(inputs: Values) -> Iterator[str]:
    for key in ("alarmActions", "okActions", "insufficientDataActions"):
        for each in inputs.get(key, ()):
            if not each.startswith("arn:"):
                yield f"ValidationError: Invalid ARN for an alarm action: {each!r}"


@foreseen("aws:cloudwatch/dashboard:Dashboard")
def bad_dashboard(inputs: Values) -> Iterator[str]:
    if "dashboardBody" not in inputs:
        return
    told = "InvalidParameterInput: The dashboard body is invalid"
    try:
        body = json.loads(inputs["dashboardBody"])
    except json.JSONDecodeError as error:
        yield f"{told}, not valid JSON: {error}"
        return
    for number, widget in enumerate(body.get("widgets", [])):
        if "type" not in widget or "properties" not in widget:
            yield f"{told}: /widgets/{number}: Should have required properties 'type' and 'properties'"
        elif widget["type"] == "metric" and "region" not in widget["properties"]:
            yield f"{told}: /widgets/{number}/properties: Should have required property 'region'"


@foreseen("aws:cloudwatch/eventRule:EventRule")
def bad_rule(inputs: Values) -> Iterator[str]:
    if "eventPattern" in inputs:
        told = "InvalidEventPatternException: Event pattern is not valid. Reason:"
        try:
            pattern = json.loads(inputs["eventPattern"])
        except json.JSONDecodeError as error:
            yield f"{told} {error}"
            return
        for path in _no_lists(pattern, ""):
            yield f"{told} '{path}' must be an object or an array"


def _no_lists(pattern: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - as JSON has them
    if isinstance(pattern, dict):
        for key, each in pattern.items():
            yield from _no_lists(each, f"{path}.{key}" if path else key)
    elif not isinstance(pattern, list):
        yield path
