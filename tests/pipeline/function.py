"""The worker as a function in a cloud, with its role, and the queue that it is mapped to."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from pixmill.infra.bundle import HANDLER

from .cloud import Cloud
from .queues import Queue
from .role import TRUST, Statement, policy
from .waiting import until

_START = 30  # seconds for it to be active


class Function:
    """A deployed function.

    Args:
        cloud: where it is deployed.
        name: its own and its role's.
        variables: its environment.
        statements: what its role allows.
        timeout: of an invocation, in seconds.
        memory: what it is told that it has, in MB.
    """

    def __init__(  # noqa: PLR0913 - a deployment says so much
        self,
        cloud: Cloud,
        name: str,
        *,
        variables: Mapping[str, str],
        statements: Mapping[str, Statement],
        timeout: int,
        memory: int,
    ) -> None:
        self._cloud = cloud
        self._client = cloud.client("lambda")
        self._mapping = ""
        self.name = name
        roles = cloud.client("iam")
        role = roles.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        self.permit(statements)
        self._client.create_function(
            FunctionName=name,
            Runtime=f"python{cloud.target.python}",
            Architectures=[cloud.target.architecture],
            Role=role["Arn"],
            Handler=HANDLER,
            Code=cloud.code,
            Timeout=timeout,
            MemorySize=memory,
            Environment={"Variables": dict(variables)},
        )
        # Boto3's own waiter looks once in a second.
        until(self._is_active, _START, "the function to be active", lambda: cloud.log)

    def delete(self) -> None:
        """Take it down, and with it the processes that run it."""
        if self._mapping:
            self._client.delete_event_source_mapping(UUID=self._mapping)
        self._client.delete_function(FunctionName=self.name)

    def listen(self, queue: Queue, *, batch: int, concurrency: int) -> None:
        """Have it called with a queue's messages, of which it may give some back."""
        mapping = self._client.create_event_source_mapping(
            EventSourceArn=queue.arn,
            FunctionName=self.name,
            BatchSize=batch,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            ScalingConfig={"MaximumConcurrency": concurrency},
        )
        self._mapping = mapping["UUID"]

    @contextmanager
    def paused(self) -> Generator[None]:
        """Let messages wait in the queue meanwhile."""
        self._client.update_event_source_mapping(UUID=self._mapping, Enabled=False)
        yield
        self._client.update_event_source_mapping(UUID=self._mapping, Enabled=True)

    def permit(self, statements: Mapping[str, Statement]) -> None:
        """Give its role these rights in place of those that it has."""
        document = json.dumps(policy(*statements.values()))
        roles = self._cloud.client("iam")
        roles.put_role_policy(RoleName=self.name, PolicyName="work", PolicyDocument=document)

    @property
    def invocations(self) -> int:
        """How often it was called and has answered."""
        return sum(line.startswith("START RequestId: ") for line in self.log())

    def log(self) -> list[str]:
        """All lines of its log; those of one invocation are in order."""
        logs = self._cloud.client("logs")
        try:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{self.name}")
            return [str(event["message"]) for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []  # it was never called

    def lines(self) -> list[dict[str, Any]]:
        """The lines of its log that the worker wrote, which are JSON."""
        return [json.loads(line) for line in self.log() if line.startswith("{")]

    def setbacks(self) -> list[str]:
        """What went wrong and was left to a later delivery, as the worker and the emulator tell it."""
        own = [f"{line['message']}: {line.get('error', line)}" for line in self.lines() if _is_setback(line)]
        ended = [line for line in self._cloud.log.splitlines() if f"Lambda {self.name} failed" in line]
        return own + ended

    def processes(self) -> list[int]:
        """The processes that run it now."""
        return self._cloud.processes(self.name)

    def kill(self) -> int:
        """Kill them all, in the midst of whatever they do; how many there were."""
        return self._cloud.kill(self.name)

    def _is_active(self) -> bool:
        found = self._client.get_function(FunctionName=self.name)
        return bool(found["Configuration"]["State"] == "Active")


def _is_setback(line: Mapping[str, object]) -> bool:
    return line.get("level") == "ERROR" or line.get("message") == "handed back"
