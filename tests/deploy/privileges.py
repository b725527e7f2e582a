"""Least privilege, proven: each right of a deployed pipeline is taken away, and something breaks.

    python -m tests.deploy.privileges

prints a table of every statement, action and resource of every policy, and of what happened without it: for a
pipeline with buckets of its own, and for what is different in one with buckets that exist. What the emulator
cannot ask for follows from what is deployed; such rows say "rule". It ends with 1 if something can be taken
away unnoticed, if something is never used, or if something has no trial.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cloud.engine import Engine, Stack
from tests.pipeline.cloud import ACCOUNT, REGION, Cloud

from .grants import Grant, Policy
from .site import Site
from .trials import LONG, SHORT, Trials

PROGRAM = Path(__file__).parent / "programs" / "pipelines"

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4444-8888-0123456789ab"
_BUCKETS = ("originals-that-exist", "renditions-that-exist")
_OURS: dict[str, Any] = {"retain": False, "force_destroy": True}
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


@dataclass(frozen=True)
class Row:
    """What becomes of a pipeline without one right.

    Attributes:
        grant: the right.
        how: "seen", or "rule" if it only follows from what is deployed.
        loss: what is wrong without it; empty if nothing is.
        used: whether the worker has used it, where that can be seen.
    """

    grant: Grant
    how: str
    loss: str
    used: bool | None

    @property
    def fault(self) -> str:
        """Why the right should not be there; empty if it should."""
        if not self.loss:
            return "can be taken away unnoticed"
        return "is never used" if self.used is False else ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        policy = f"{self.grant.policy.kind} {self.grant.policy.name}"
        resource = self.grant.resource.split(":", 5)[-1]
        return (
            policy,
            self.grant.name,
            self.grant.action,
            resource,
            self.how,
            self.loss or f"!! {self.fault}",
        )


@dataclass(frozen=True)
class Pipelines:
    """The two pipelines, deployed in one stack."""

    cloud: Cloud
    stack: Stack

    @classmethod
    def up(cls, cloud: Cloud, engine: Engine) -> "Pipelines":
        """Deploy them."""
        s3 = cloud.client("s3")
        for name in _BUCKETS:
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
            s3.put_bucket_notification_configuration(
                Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
            )
        stack = engine.stack(PROGRAM, "privileges", cls._config(cloud))
        stack.up()
        return cls(cloud, stack)

    def rows(self) -> Iterator[Row]:
        """Every right of both; what both have alike is tried once."""
        tried = set[tuple[str, ...]]()
        for site in self.sites:
            trials = self.trials(site)
            for grant in (each for policy in Policy.of(self.stack, site.name) for each in policy.grants):
                kind = (grant.policy.kind, grant.policy.name, *_alike(grant, site))
                if kind not in tried:
                    tried.add(kind)
                    yield self.row(grant, trials, site)

    @property
    def sites(self) -> list[Site]:
        """Both pipelines."""
        own = Site(self.cloud, self.stack, "own")
        return [own, Site(self.cloud, self.stack, "found", originals="", buckets=_BUCKETS)]

    def trials(self, site: Site) -> Trials:
        """The trials of one of them."""
        return Trials(site, self._config(self.cloud, memory_mb=2048))

    def row(self, grant: Grant, trials: Trials, site: Site) -> Row:
        """What becomes of a pipeline without a right. Afterwards it has all of them again."""
        rule = _rule(grant, self.stack, site)
        if rule is not None:
            return Row(grant, "rule", rule, None)
        trial = _trial(grant, trials)
        if trial is None:
            return Row(grant, "", "", None)
        with ExitStack() as undo:
            if trial.aside:
                # What comes to a dead-letter queue has first to be refused by the other one.
                policies = Policy.of(self.stack, site.name)
                (main,) = (each for each in policies if (each.kind, each.name) == ("queue", "jobs"))
                undo.callback(main.put, self.cloud, main.grants)
                main.put(self.cloud, [each for each in main.grants if each.name != grant.name])
            with_it = trial.run()
            undo.callback(grant.policy.put, self.cloud, grant.policy.grants)
            grant.policy.put(self.cloud, grant.others)
            loss = trial.without()
        if with_it:
            raise RuntimeError(f"with all rights: {with_it}. {site.story()}")
        if trial.mend:
            trials.mend()
        return Row(grant, "seen", loss, self._used(grant, site))

    def _used(self, grant: Grant, site: Site) -> bool | None:
        if grant.policy.kind != "role":
            return None
        bucket = grant.resource.partition("/")[0]
        return f"used: {site.role} {grant.action} {bucket}" in self.cloud.log.splitlines()

    @staticmethod
    def _config(cloud: Cloud, **more: object) -> dict[str, Any]:
        usual = {
            "bundle": str(cloud.bundle),
            "architecture": cloud.target.architecture,
            "python": cloud.target.python,
            "kms_key_arn": _KEY,
            **more,
        }
        source, destination = ({"existing_bucket": name} for name in _BUCKETS)
        found = {**usual, "source": source, "destination": destination}
        return {"pipelines": {"own": {**usual, "source": _OURS, "destination": _OURS}, "found": found}}


@dataclass(frozen=True)
class Trial:
    """How to see what a right is for.

    Attributes:
        run: with it; tells what is wrong.
        without: without it.
        aside: whether the queue must first refuse what comes.
        mend: whether something is left undone without it.
    """

    run: Callable[[], str]
    without: Callable[[], str]
    aside: bool = False
    mend: bool = True


def _trial(grant: Grant, trials: Trials) -> Trial | None:
    """The trial of a right; None if there is none."""
    work, hasty = trials.work, partial(trials.work, SHORT)
    come = partial(trials.plain, grant)
    found = None
    match grant.policy.kind, grant.name, grant.action:
        case _, "TlsOnly", _:
            found = Trial(come, come, mend=False)
        case "trust", _, "sts:AssumeRole":
            found = Trial(str, trials.trust, mend=False)
        case "role", _, "sqs:ReceiveMessage" | "sqs:GetQueueAttributes":
            found = Trial(work, hasty)
        case "role", _, "sqs:DeleteMessage":
            found = Trial(work, partial(work, LONG, SHORT))
        case "role", _, action if action.startswith("s3:"):
            found = Trial(work, work)
        case "queue", "SendEvents", "sqs:SendMessage" if grant.policy.name == "dead-letters":
            found = Trial(trials.bury, partial(trials.bury, SHORT), aside=True)
        case "queue", _, "sqs:SendMessage":
            found = Trial(work, hasty)
        case "topic", "PublishAlarms", "sns:Publish":
            found = Trial(trials.alarm, partial(trials.alarm, SHORT), mend=False)
        case "topic", _, "sns:Publish":
            found = Trial(trials.tell, partial(trials.tell, SHORT), mend=False)
        case _:
            pass
    return found


def _rule(grant: Grant, stack: Stack, site: Site) -> str | None:
    """What AWS would not do without a right that the emulator does not ask for; None if it does.

    It is empty if nothing that is deployed needs the right.
    """
    function = stack.resource("aws:lambda/function:Function", f"{site.name}-worker").inputs
    match grant.action:
        case "logs:CreateLogStream" | "logs:PutLogEvents":
            group = function["loggingConfig"]["logGroup"]
            there = grant.resource.endswith(f":log-group:{group}:*")
            return "Lambda writes the log as the role: there would be none" if there else ""
        case "xray:PutTraceSegments" | "xray:PutTelemetryRecords":
            active = function["tracingConfig"]["mode"] == "Active"
            return "Lambda sends traces as the role: there would be none" if active else ""
        case "kms:Decrypt":
            return "S3 decrypts as the reader: no original could be read" if _encrypts(stack, grant) else ""
        case "kms:GenerateDataKey":
            return "S3 encrypts as the writer: no rendition could be kept" if _encrypts(stack, grant) else ""
        case _:
            return None


def _encrypts(stack: Stack, grant: Grant) -> bool:
    """Whether the buckets' key is the one that the grant names."""
    found = [each.inputs["rules"] for each in stack.resources() if each.type == _ENCRYPTION]
    return bool(found) and all(grant.resource in json.dumps(rules) for rules in found)


def _alike(grant: Grant, site: Site) -> tuple[str, ...]:
    """What a grant of one pipeline has in common with the same of another one."""
    place = {site.source.name: "source", site.destination.name: "destination"}
    bucket, slash, _ = grant.resource.rpartition(":")[2].partition("/")
    return (grant.name, grant.action, place.get(bucket, ""), slash)


def table(rows: list[Row]) -> str:
    """The rows, as text."""
    head = ("policy", "statement", "action", "resource", "how", "without it")
    lines = [head, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main() -> int:
    with (
        TemporaryDirectory() as base,
        Cloud.of_this_machine(Path(base)) as cloud,
        Engine(endpoint=cloud.endpoint, region=REGION) as engine,
    ):
        rows = list(Pipelines.up(cloud, engine).rows())
    faults = [row for row in rows if row.fault]
    seen = sum(row.how == "seen" for row in rows)
    told = f"{len(rows)} rights, {seen} seen to be needed, {len(rows) - seen} by rule, {len(faults)} needless"
    sys.stdout.write(f"{table(rows)}\n{told}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
