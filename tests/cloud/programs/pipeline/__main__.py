"""Every type of resource that an image pipeline is made of, well configured."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

config = pulumi.Config()
account = aws.get_caller_identity_output().account_id
partition = aws.get_partition_output().partition
region = aws.get_region_output().region
tags = {"app": "pipeline"}


def policy(*statements: dict[str, Any]) -> Output[str]:
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def allowed(service: str, action: str, resource: Output[str], source: Output[str]) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": account}},
    }


def private_bucket(name: str) -> aws.s3.Bucket:
    bucket = aws.s3.Bucket(name, tags=tags, force_destroy=True)
    aws.s3.BucketOwnershipControls(
        name, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}
    )
    block = aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketVersioning(name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
    )
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            {
                "id": "uploads",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            },
            {
                "id": "versions",
                "status": "Enabled",
                "filter": {"and_": {"prefix": "old/", "object_size_greater_than": 1024}},
                "noncurrent_version_expiration": {"noncurrent_days": 30},
                "expiration": {"expired_object_delete_marker": True},
            },
        ],
    )
    aws.s3.BucketPolicy(
        name,
        bucket=bucket.bucket,
        policy=policy(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket.arn, Output.concat(bucket.arn, "/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ),
        opts=ResourceOptions(depends_on=[block]),
    )
    return bucket


source, destination = private_bucket("source"), private_bucket("destination")
aws.s3.BucketCorsConfiguration(
    "destination",
    bucket=destination.bucket,
    cors_rules=[{"allowed_methods": ["GET"], "allowed_origins": ["https://example.com"]}],
)

key = aws.kms.Key("key", description="pipeline", enable_key_rotation=True, deletion_window_in_days=7)

dead = aws.sqs.Queue("dead", message_retention_seconds=1209600, sqs_managed_sse_enabled=True, tags=tags)
queue = aws.sqs.Queue("work", visibility_timeout_seconds=360, sqs_managed_sse_enabled=True, tags=tags)
aws.sqs.RedrivePolicy(
    "work",
    queue_url=queue.url,
    redrive_policy=Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 5}),
)
aws.sqs.RedriveAllowPolicy(
    "dead",
    queue_url=dead.url,
    redrive_allow_policy=Output.json_dumps({"redrivePermission": "byQueue", "sourceQueueArns": [queue.arn]}),
)
rule = aws.cloudwatch.EventRule(
    "changes",
    event_pattern=Output.json_dumps(
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [destination.bucket]}},
        }
    ),
    tags=tags,
)
delivery = aws.sqs.QueuePolicy(
    "work",
    queue_url=queue.url,
    policy=policy(
        allowed("s3", "sqs:SendMessage", queue.arn, source.arn),
        allowed("events", "sqs:SendMessage", queue.arn, rule.arn),
    ),
)
aws.cloudwatch.EventTarget(
    "changes",
    rule=rule.name,
    arn=queue.arn,
    dead_letter_config={"arn": dead.arn},
    retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 185},
)
aws.s3.BucketNotification(
    "source",
    bucket=source.bucket,
    queues=[{"queue_arn": queue.arn, "events": ["s3:ObjectCreated:*"], "filter_prefix": "uploads/"}],
    opts=ResourceOptions(depends_on=[delivery]),
)

topic = aws.sns.Topic("ready", tags=tags)
publishing = aws.sns.TopicPolicy(
    "ready", arn=topic.arn, policy=policy(allowed("s3", "sns:Publish", topic.arn, destination.arn))
)
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="ops@example.com")
aws.s3.BucketNotification(
    "destination",
    bucket=destination.bucket,
    eventbridge=True,
    topics=[{"topic_arn": topic.arn, "events": ["s3:ObjectCreated:*"], "filter_prefix": "manifests/"}],
    opts=ResourceOptions(depends_on=[publishing]),
)

logs = aws.cloudwatch.LogGroup("worker", retention_in_days=30, tags=tags)
role = aws.iam.Role(
    "worker",
    assume_role_policy=policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ),
    tags=tags,
)
rights = aws.iam.RolePolicy(
    "worker",
    role=role.name,
    policy=policy(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": Output.concat(source.arn, "/*")},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": Output.concat(destination.arn, "/*")},
        {
            "Effect": "Allow",
            "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            "Resource": queue.arn,
        },
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": dead.arn},
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": Output.concat(logs.arn, ":*"),
        },
    ),
)
tracing = aws.iam.RolePolicyAttachment(
    "tracing",
    role=role.name,
    policy_arn=Output.concat("arn:", partition, ":iam::aws:policy/AWSXRayDaemonWriteAccess"),
)
function = aws.lambda_.Function(
    "worker",
    role=role.arn,
    runtime="python3.13",
    architectures=["arm64"],
    handler="worker.handler",
    code=pulumi.AssetArchive({"worker.py": pulumi.FileAsset("worker.py")}),
    timeout=60,
    memory_size=config.require_int("memory"),
    ephemeral_storage={"size": 512},
    tracing_config={"mode": "Active"},
    environment={"variables": {"DESTINATION": destination.bucket}},
    dead_letter_config={"target_arn": dead.arn},
    logging_config={
        "log_format": "JSON",
        "log_group": logs.name,
        "application_log_level": "INFO",
        "system_log_level": "WARN",
    },
    tags=tags,
    opts=ResourceOptions(depends_on=[rights, tracing]),
)
aws.lambda_.FunctionEventInvokeConfig(
    "worker", function_name=function.name, maximum_retry_attempts=0, maximum_event_age_in_seconds=3600
)
aws.lambda_.Permission(
    "topic",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="sns.amazonaws.com",
    source_arn=topic.arn,
)
aws.lambda_.EventSourceMapping(
    "work",
    event_source_arn=queue.arn,
    function_name=function.arn,
    batch_size=config.require_int("batch"),
    maximum_batching_window_in_seconds=1,
    function_response_types=["ReportBatchItemFailures"],
    scaling_config={"maximum_concurrency": 10},
)

aws.cloudwatch.MetricAlarm(
    "dead",
    comparison_operator="GreaterThanThreshold",
    namespace="AWS/SQS",
    metric_name="ApproximateNumberOfMessagesVisible",
    dimensions={"QueueName": dead.name},
    statistic="Maximum",
    period=60,
    evaluation_periods=1,
    threshold=0,
    alarm_actions=[topic.arn],
    treat_missing_data="notBreaching",
)
aws.cloudwatch.MetricAlarm(
    "errors",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=5,
    datapoints_to_alarm=3,
    threshold=0.05,
    alarm_actions=[topic.arn],
    metric_queries=[
        {"id": "rate", "expression": "e/i", "return_data": True, "label": "error rate"},
        *(
            {
                "id": short,
                "metric": {
                    "namespace": "AWS/Lambda",
                    "metric_name": name,
                    "period": 60,
                    "stat": "Sum",
                    "dimensions": {"FunctionName": function.name},
                },
            }
            for short, name in (("e", "Errors"), ("i", "Invocations"))
        ),
    ],
)
aws.cloudwatch.Dashboard(
    "pipeline",
    dashboard_name=pulumi.get_stack(),
    dashboard_body=Output.json_dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "properties": {
                        "region": region,
                        "metrics": [["AWS/Lambda", "Invocations", "FunctionName", function.name]],
                    },
                }
            ]
        }
    ),
)
pulumi.export("bucket", source.bucket)
pulumi.export("function", function.arn)
pulumi.export("key", key.arn)
