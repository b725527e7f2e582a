"""Alarms that reach somebody, and a dashboard."""

import json
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from pixmill.infra import policies
from pixmill.infra.alarms import Alarm, Metric, alarms
from pixmill.infra.dashboard import DIMENSIONS, dashboard
from pixmill.infra.environment import pipeline_name

if TYPE_CHECKING:
    from pixmill.infra.blueprint import Blueprint
    from pixmill.infra.function import Function
    from pixmill.infra.queue import Queue
    from pixmill.infra.surroundings import Surroundings

_PERCENTILE = "p"


class Monitoring(pulumi.ComponentResource):
    """Alarms and a dashboard.

    Attributes:
        topic_arn: ARN of the topic that alarms go to, the caller's or ours.
        alarms: the alarms.
        dashboard: the dashboard.
    """

    def __init__(
        self,
        blueprint: "Blueprint",
        function: "Function",
        queue: "Queue",
        here: "Output[Surroundings]",
        opts: ResourceOptions,
    ) -> None:
        super().__init__("pixmill:index:Monitoring", f"{blueprint.name}-monitoring", None, opts)
        self._blueprint = blueprint
        self._opts = ResourceOptions(parent=self)
        self._names = {
            "queue": queue.queue.name,
            "dead": queue.dead_letters.name,
            "function": function.function.name,
            "pipeline": Output.from_input(pipeline_name(blueprint.name)),
        }
        topic = None
        if blueprint.alarm_topic_arn is None:
            topic = self._make_topic()
            self.topic_arn = topic.arn
        else:
            self.topic_arn = Output.from_input(blueprint.alarm_topic_arn)
        self.alarms = [self._alarm(each) for each in alarms(blueprint)]
        arns = Output.all(*(alarm.arn for alarm in self.alarms))
        if topic is not None:
            aws.sns.TopicPolicy(
                f"{blueprint.name}-alarms",
                arn=topic.arn,
                policy=Output.all(topic.arn, arns).apply(
                    lambda told: json.dumps(policies.alarm_topic_policy(told[0], told[1]))
                ),
                opts=self._opts,
            )
        # A dashboard has no name of its own making, but must not meet another one: the function's is unique.
        self.dashboard = aws.cloudwatch.Dashboard(
            blueprint.name,
            dashboard_name=function.function.name,
            dashboard_body=Output.all(here, Output.all(**self._names), arns).apply(
                lambda told: dashboard(told[0].region, told[1], told[2])
            ),
            opts=self._opts,
        )
        self.register_outputs({"topic_arn": self.topic_arn})

    def _make_topic(self) -> aws.sns.Topic:
        name = f"{self._blueprint.name}-alarms"
        topic = aws.sns.Topic(name, tags=self._blueprint.tags, opts=self._opts)
        if self._blueprint.alarm_email is not None:
            aws.sns.TopicSubscription(
                name,
                topic=topic.arn,
                protocol="email",
                endpoint=self._blueprint.alarm_email,
                opts=self._opts,
            )
        return topic

    def _alarm(self, alarm: Alarm) -> aws.cloudwatch.MetricAlarm:
        actions = [self.topic_arn]
        single = None if alarm.expression else next(iter(alarm.metrics.values()))
        # CloudWatch has two arguments for what is one thing: PutMetricAlarm in its API reference.
        percentile = single is not None and single.statistic.startswith(_PERCENTILE)
        return aws.cloudwatch.MetricAlarm(
            f"{self._blueprint.name}-{alarm.name}",
            alarm_description=alarm.description,
            namespace=single and single.namespace,
            metric_name=single and single.name,
            dimensions=single and self._dimensions(single),
            statistic=None if percentile else single and single.statistic,
            extended_statistic=single.statistic if single and percentile else None,
            period=alarm.period if single else None,
            metric_queries=None if single else self._queries(alarm),
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.bad,
            comparison_operator="GreaterThanThreshold",
            threshold=alarm.threshold,
            # No metric means that nothing happened, which is no reason to wake anybody.
            treat_missing_data="notBreaching",
            alarm_actions=actions,
            ok_actions=actions,
            tags=self._blueprint.tags,
            opts=self._opts,
        )

    def _queries(self, alarm: Alarm) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
        """The expression, which is what the alarm is about, and the metrics in it."""
        ratio = aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="ratio", expression=alarm.expression, label=alarm.name, return_data=True
        )
        parts = (
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=name,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace=metric.namespace,
                    metric_name=metric.name,
                    dimensions=self._dimensions(metric),
                    stat=metric.statistic,
                    period=alarm.period,
                ),
            )
            for name, metric in alarm.metrics.items()
        )
        return [ratio, *parts]

    def _dimensions(self, metric: Metric) -> dict[str, Output[str]]:
        return {DIMENSIONS[metric.dimension]: self._names[metric.dimension]}
