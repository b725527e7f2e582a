"""What IAM, Lambda, CloudWatch and EventBridge refuse."""

from tests.cloud.well import (
    ALARM,
    DASHBOARD,
    EVERYONE,
    FUNCTION,
    LAMBDA,
    LOGS,
    MAPPING,
    ROLE,
    ROLE_POLICY,
    RULE,
    policy,
    zipped,
)

from .case import Case

QUERIES = [
    {"id": "a", "expression": "b", "returnData": True},
    {"id": "b", "expression": "1", "returnData": True},
]

CASES = {
    "a trust in a service that is none": Case(
        ROLE,
        {"assumeRolePolicy": policy(Principal={"Service": "lambda"}, Action="sts:AssumeRole")},
        'Invalid principal in policy: "SERVICE":"lambda"',
    ),
    "a trust with a resource": Case(
        ROLE,
        {"assumeRolePolicy": policy(Principal=LAMBDA, Action="sts:AssumeRole", Resource="*")},
        "Has prohibited field Resource",
    ),
    "a trust that allows more": Case(
        ROLE,
        {"assumeRolePolicy": policy(Principal=LAMBDA, Action="s3:GetObject")},
        "may only specify STS AssumeRole actions",
    ),
    "a resource that is no ARN": Case(
        ROLE_POLICY,
        {"policy": policy(Action="s3:GetObject", Resource="bucket/*")},
        'Resource bucket/\\* must be in ARN format or "\\*".',
    ),
    "a partition that is none": Case(
        ROLE_POLICY,
        {"policy": policy(Action="s3:GetObject", Resource="arn:awsome:s3:::b/*")},
        'Partition "awsome" is not valid for resource',
    ),
    "a policy without resources": Case(
        ROLE_POLICY, {"policy": policy(Action="s3:GetObject")}, "Policy statement must contain resources."
    ),
    "a policy without actions": Case(
        ROLE_POLICY, {"policy": policy(Resource="*")}, "Policy statement must contain actions."
    ),
    "an action of no service": Case(
        ROLE_POLICY, {"policy": policy(Action="GetObject", Resource="*")}, "must be prefaced by a vendor"
    ),
    "a role's policy with a principal": Case(
        ROLE_POLICY,
        {"policy": policy(**EVERYONE, Action="s3:GetObject", Resource="*")},
        "Policy document should not specify a principal.",
    ),
    "a statement's name with a space": Case(
        ROLE_POLICY,
        {"policy": policy(Sid="read it", Action="s3:GetObject", Resource="*")},
        "must be alpha-numeric",
    ),
    "a policy that is no JSON": Case(ROLE_POLICY, {"policy": "{"}, "MalformedPolicyDocument"),
    "a policy that is too long": Case(
        ROLE_POLICY,
        {"policy": policy(Action="s3:GetObject", Resource=["arn:aws:s3:::b/" + "x" * 500] * 20)},
        "Maximum policy size of 10240 bytes exceeded for role",
    ),
    "reserved variables": Case(
        FUNCTION,
        {"environment": {"variables": {"AWS_REGION": "eu-central-1"}}},
        "Reserved keys used in this request: AWS_REGION",
    ),
    "too many variables": Case(
        FUNCTION, {"environment": {"variables": {"A": "x" * 4096}}}, "exceeded the 4KB limit"
    ),
    "a runtime that is none": Case(
        FUNCTION, {"runtime": "python3.99"}, "Value python3.99 at 'runtime' failed"
    ),
    "a runtime that is no more": Case(
        FUNCTION, {"runtime": "python3.8"}, "Value python3.8 at 'runtime' failed"
    ),
    "too much memory": Case(FUNCTION, {"memorySize": 10241}, "less than or equal to 10240"),
    "too much time": Case(FUNCTION, {"timeout": 901}, "less than or equal to 900"),
    "code without a handler": Case(FUNCTION, {"handler": ""}, "Runtime and Handler are mandatory"),
    "no code": Case(FUNCTION, {"code": zipped()}, "Uploaded file must be a non-empty zip"),
    "levels of a log that is text": Case(
        FUNCTION,
        {"loggingConfig": {"logFormat": "Text", "applicationLogLevel": "INFO"}},
        "Log levels can only be set when LogFormat is JSON",
    ),
    "a large batch without a window": Case(
        MAPPING, {"batchSize": 11}, "Maximum batch window in seconds must be greater than 0"
    ),
    "a month of logs": Case(LOGS, {"retentionInDays": 31}, "Value '31' at 'retentionInDays'"),
    "more points than periods": Case(ALARM, {"datapointsToAlarm": 4}, "DatapointsToAlarm must be less"),
    "two statistics": Case(ALARM, {"extendedStatistic": "p99"}, "cannot both be specified"),
    "no statistic": Case(ALARM, {"statistic": ""}, "Either Statistic or ExtendedStatistic must be specified"),
    "a period of a minute and a half": Case(ALARM, {"period": 90}, "Period must be 10, 20, 30 or a multiple"),
    "an alarm over two days": Case(ALARM, {"evaluationPeriods": 2880}, "more than a day"),
    "an alarm that tells nobody": Case(ALARM, {"alarmActions": ["ops"]}, "Invalid ARN for an alarm action"),
    "two metrics that return data": Case(
        ALARM, {"metricName": "", "metricQueries": QUERIES}, "Exactly one element of the metrics list"
    ),
    "a metric and queries": Case(
        ALARM, {"metricQueries": QUERIES[:1]}, "MetricName and Metrics cannot both be specified"
    ),
    "a dashboard that is no JSON": Case(DASHBOARD, {"dashboardBody": "{"}, "not valid JSON"),
    "a widget without a region": Case(
        DASHBOARD,
        {"dashboardBody": '{"widgets": [{"type": "metric", "properties": {}}]}'},
        "Should have required property 'region'",
    ),
    "a pattern of text": Case(RULE, {"eventPattern": '{"source": "aws.s3"}'}, "'source' must be an object"),
    "a pattern that is no JSON": Case(RULE, {"eventPattern": "{"}, "InvalidEventPatternException"),
}
