"""The worker's function: its code, its role, its log, and the queue that it works off."""

import json
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from pixmill.infra import policies
from pixmill.infra.bundle import HANDLER
from pixmill.infra.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

    from pixmill.infra.blueprint import Blueprint
    from pixmill.infra.queue import Queue
    from pixmill.infra.storage import Storage


class Function(pulumi.ComponentResource):
    """The function.

    Attributes:
        function: the function.
        role: what it may do.
        log_group: where it logs. The role cannot make another one, so that none is left behind.
    """

    def __init__(  # noqa: PLR0913 - all that a worker has to do with
        self,
        blueprint: "Blueprint",
        bundle: "Path",
        source: "Storage",
        destination: "Storage",
        queue: "Queue",
        *,
        opts: ResourceOptions,
    ) -> None:
        super().__init__("pixmill:index:Function", f"{blueprint.name}-function", None, opts)
        name = f"{blueprint.name}-worker"
        within = ResourceOptions(parent=self)
        self.log_group = aws.cloudwatch.LogGroup(
            name, retention_in_days=blueprint.log_retention_days, tags=blueprint.tags, opts=within
        )
        self.role = aws.iam.Role(
            name,
            description=f"The worker of the Pixmill pipeline {blueprint.name}",
            assume_role_policy=json.dumps(policies.worker_trust()),
            permissions_boundary=blueprint.permissions_boundary_arn,
            tags=blueprint.tags,
            opts=within,
        )

        def write(told: list[str]) -> str:
            rights = policies.worker_rights(
                source=source.place(told[0]),
                destination=destination.place(told[1]),
                queue=told[2],
                log_group=told[3],
                key=told[4],
                tracing=blueprint.tracing,
            )
            return json.dumps(rights)

        key = blueprint.kms_key_arn
        arns = (source.arn, destination.arn, queue.queue.arn, self.log_group.arn, key)
        rights = aws.iam.RolePolicy(
            name, role=self.role.name, policy=Output.all(*arns).apply(write), opts=within
        )
        # A bucket of ours encrypts by itself; in one that exists the worker has to ask for it.
        asked = None if destination.is_ours else key
        variables = Output.all(source.bucket, destination.bucket, asked).apply(
            lambda told: environment(blueprint, told[0], told[1], told[2])
        )
        self.function = aws.lambda_.Function(
            name,
            description=f"Pixmill: the renditions of {blueprint.name}",
            role=self.role.arn,
            runtime=f"python{blueprint.python}",
            architectures=[blueprint.architecture],
            handler=HANDLER,
            code=pulumi.FileArchive(str(bundle)),
            memory_size=blueprint.memory_mb,
            timeout=blueprint.timeout_seconds,
            environment={"variables": variables},
            # The worker drops what is below the log level itself. Lambda takes a line without a time for
            # INFO, whatever it says, and at a higher level would drop metrics and errors: "Log-level
            # filtering" in its Developer Guide.
            logging_config={
                "log_format": "JSON",
                "log_group": self.log_group.name,
                "application_log_level": "INFO",
                "system_log_level": "INFO",
            },
            tracing_config={"mode": "Active" if blueprint.tracing else "PassThrough"},
            tags=blueprint.tags,
            opts=ResourceOptions.merge(within, ResourceOptions(depends_on=[rights])),
        )
        # MaximumConcurrency and not a reserved concurrency, which would be taken from the account's quota,
        # and which small accounts do not have: "Configuring scaling behavior for SQS event source mappings".
        aws.lambda_.EventSourceMapping(
            name,
            event_source_arn=queue.queue.arn,
            function_name=self.function.name,
            batch_size=blueprint.batch_size,
            maximum_batching_window_in_seconds=blueprint.batch_window_seconds,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": blueprint.maximum_concurrency},
            tags=blueprint.tags,
            # Lambda looks whether the role may read the queue, and work begins at once: the destination
            # must be closed before.
            opts=ResourceOptions.merge(within, ResourceOptions(depends_on=[rights, source, destination])),
        )
        self.register_outputs({"function_name": self.function.name, "role_arn": self.role.arn})
