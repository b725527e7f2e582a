"""What there is on the emulator, in whatever way it came there."""

from typing import Any

from tests.pipeline.cloud import Cloud

_LISTS = (
    ("s3", "list_buckets", "Buckets", "Name"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("events", "list_rules", "Rules", "Name"),
)


def inventory(cloud: Cloud) -> set[str]:
    """Everything of the types that pipelines are made of: the service, a colon, the name."""
    return {
        f"{service}:{_name(each, key)}"
        for service, method, member, key in _LISTS
        for each in getattr(cloud.client(service), method)().get(member, ())
    }


def _name(found: Any, key: str) -> str:  # noqa: ANN401 - boto3's
    return str(found[key] if key else found)
