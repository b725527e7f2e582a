"""CloudWatch: log groups, alarms and dashboards."""

from typing import Any

from tests.cloud.provider import Made
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, kind


@kind(
    "aws:cloudwatch/logGroup:LogGroup", replaces={"name", "namePrefix", "logGroupClass"}, name=Name(most=512)
)
class LogGroup(Kind):
    apart = frozenset({"retentionInDays", "skipDestroy"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        aws.send("logs", "CreateLogGroup", self.request(inputs), {"name": "logGroupName"})
        self._retain(aws, inputs)
        return Made(inputs["name"], {"arn": aws.arn("logs", f"log-group:{inputs['name']}")})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        self._retain(aws, inputs)
        arn = old.outputs["arn"]
        former, tags = old.inputs.get("tags", {}), inputs.get("tags", {})
        if gone := sorted(former.keys() - tags.keys()):
            aws.call("logs", "UntagResource", resourceArn=arn, tagKeys=gone)
        if tags:
            aws.call("logs", "TagResource", resourceArn=arn, tags=tags)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        if not old.inputs.get("skipDestroy"):
            aws.call("logs", "DeleteLogGroup", logGroupName=old.id)

    def _retain(self, aws: Calls, inputs: Values) -> None:
        name, days = inputs["name"], inputs.get("retentionInDays", 0)
        if days:  # none means for ever
            aws.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)
        else:
            aws.call("logs", "DeleteRetentionPolicy", logGroupName=name)


@kind("aws:cloudwatch/metricAlarm:MetricAlarm", replaces={"name"}, name=Name(most=255))
class MetricAlarm(Kind):
    apart = frozenset({"metricQueries"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        self._put(aws, inputs)
        return Made(inputs["name"], {"arn": aws.arn("cloudwatch", f"alarm:{inputs['name']}")})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:  # noqa: ARG002 - as declared
        self._put(aws, inputs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("cloudwatch", "DeleteAlarms", AlarmNames=[old.id])

    def _put(self, aws: Calls, inputs: Values) -> None:
        queries = [_query(each) for each in inputs.get("metricQueries", [])]
        asked = self.request(inputs) | ({"metrics": queries} if queries else {})
        aws.send("cloudwatch", "PutMetricAlarm", asked, {"name": "AlarmName"})


@kind("aws:cloudwatch/dashboard:Dashboard", replaces={"dashboardName"})
class Dashboard(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        self._put(aws, inputs)
        name = inputs["dashboardName"]
        return Made(name, {"dashboardArn": aws.arn("cloudwatch", f"dashboard/{name}", region=False)})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:  # noqa: ARG002 - as declared
        self._put(aws, inputs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("cloudwatch", "DeleteDashboards", DashboardNames=[old.id])

    def _put(self, aws: Calls, inputs: Values) -> None:
        aws.send("cloudwatch", "PutDashboard", self.request(inputs))


def _query(inputs: Values) -> dict[str, Any]:
    """A query, in which AWS has the metric apart from how it is counted."""
    query = {key: each for key, each in inputs.items() if key != "metric"}
    if metric := inputs.get("metric"):
        which = ("namespace", "metricName", "dimensions")
        counted = {key: each for key, each in metric.items() if key not in which}
        query["metricStat"] = {"metric": {key: metric[key] for key in which if key in metric}, **counted}
    return query
