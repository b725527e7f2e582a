"""Inputs that AWS takes, one set for each type, for tests to spoil."""

import json
from typing import Any

from .archives import Archive, Asset

BUCKET = "aws:s3/bucket:Bucket"
CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
ALLOWANCE = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
FUNCTION = "aws:lambda/function:Function"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
RULE = "aws:cloudwatch/eventRule:EventRule"

TOPIC_ARN = "arn:aws:sns:eu-central-1:000000000000:topic"
QUEUE_ARN = "arn:aws:sqs:eu-central-1:000000000000:queue"


def policy(**statement: Any) -> str:  # noqa: ANN401 - as JSON has them
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def zipped(**files: str) -> Archive:
    return Archive(None, {name: Asset(None, text) for name, text in files.items()})


def rule(**more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as JSON has them
    return [{"id": "one", "status": "Enabled", "expiration": {"days": 30}, **more}]


def notice(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has them
    return {"queueArn": QUEUE_ARN, "events": ["s3:ObjectCreated:*"], **more}


EVERYONE = {"Principal": "*"}
LAMBDA = {"Service": "lambda.amazonaws.com"}

WELL: dict[str, dict[str, Any]] = {
    BUCKET: {"bucket": "a-bucket"},
    CORS: {
        "bucket": "b",
        "corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://*.example.com"]}],
    },
    LIFECYCLE: {"bucket": "b", "rules": rule()},
    ENCRYPTION: {
        "bucket": "b",
        "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
    },
    BUCKET_POLICY: {
        "bucket": "b",
        "policy": policy(**EVERYONE, Action="s3:GetObject", Resource=["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
    },
    NOTIFICATION: {"bucket": "b", "queues": [notice(filterPrefix="a/"), notice(filterPrefix="b/")]},
    QUEUE: {"name": "queue", "visibilityTimeoutSeconds": 43200},
    QUEUE_POLICY: {
        "queueUrl": "u",
        "policy": policy(**EVERYONE, Action="sqs:SendMessage", Resource=QUEUE_ARN),
    },
    ALLOWANCE: {
        "queueUrl": "u",
        "redriveAllowPolicy": '{"redrivePermission": "byQueue", "sourceQueueArns": ["arn"]}',
    },
    REDRIVE: {
        "queueUrl": "u",
        "redrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE_ARN, "maxReceiveCount": "1000"}),
    },
    TOPIC: {"name": "topic"},
    TOPIC_POLICY: {"arn": TOPIC_ARN, "policy": policy(**EVERYONE, Action="SNS:Publish", Resource=TOPIC_ARN)},
    SUBSCRIPTION: {"topic": TOPIC_ARN, "protocol": "email", "endpoint": "ops@example.com"},
    ROLE: {"name": "role", "assumeRolePolicy": policy(Principal=LAMBDA, Action="sts:AssumeRole")},
    ROLE_POLICY: {
        "role": "role",
        "policy": policy(Sid="Read1", Action="s3:GetObject", Resource="arn:aws:s3:::b/*"),
    },
    FUNCTION: {
        "role": "arn:aws:iam::000000000000:role/r",
        "handler": "app.handler",
        "runtime": "python3.13",
        "code": zipped(app="def handler(): ..."),
        "environment": {"variables": {"A": "x" * 4000}},
    },
    MAPPING: {"functionName": "f", "eventSourceArn": QUEUE_ARN, "batchSize": 10},
    LOGS: {"name": "logs", "retentionInDays": 30},
    ALARM: {
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 3,
        "namespace": "AWS/SQS",
        "metricName": "ApproximateAgeOfOldestMessage",
        "statistic": "Maximum",
        "period": 60,
        "alarmActions": [TOPIC_ARN],
    },
    DASHBOARD: {
        "dashboardName": "d",
        "dashboardBody": '{"widgets": [{"type": "metric", "properties": {"region": "eu-central-1"}}]}',
    },
    RULE: {"eventPattern": '{"source": ["aws.s3"], "detail": {"bucket": {"name": ["b"]}}}'},
}
"""Inputs that AWS takes."""
