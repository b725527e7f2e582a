"""A pipeline as Pulumi's own test engine registers it: logic without a cloud.

deployed = deploy({"memory_mb": 2048})
assert deployed.one("aws:lambda/function:Function")["memorySize"] == 2048
"""

import asyncio
import atexit
import json
import zipfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pulumi
from pulumi.runtime import rpc, set_mocks, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.stack import run_pulumi_func

from pixmill.infra import ImagePipeline, ImagePipelineArgs, Transform

_FOLDER = TemporaryDirectory(prefix="pixmill-infra-")
atexit.register(_FOLDER.cleanup)

ACCOUNT, REGION = "123456789012", "eu-west-1"

_ARNS = {
    "aws:s3/bucket:Bucket": "arn:{partition}:s3:::{name}",
    "aws:sqs/queue:Queue": "arn:{partition}:sqs:{region}:{account}:{name}",
    "aws:sns/topic:Topic": "arn:{partition}:sns:{region}:{account}:{name}",
    "aws:iam/role:Role": "arn:{partition}:iam::{account}:role/{name}",
    "aws:lambda/function:Function": "arn:{partition}:lambda:{region}:{account}:function:{name}",
    "aws:cloudwatch/logGroup:LogGroup": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/eventRule:EventRule": "arn:{partition}:events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
}


@dataclass(frozen=True)
class Resource:
    """What was registered.

    Attributes:
        kind: its type.
        name: in the program.
        urn: what it goes by.
        inputs: its arguments, by the names that the provider has for them.
        after: the URNs of what must be there before.
        parent: its parent's URN.
        retained: whether it stays when it is removed from the program.
        provider: the reference of its provider; empty for the default one.
    """

    kind: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    after: frozenset[str]
    parent: str
    retained: bool
    provider: str = ""

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - arguments are of any type
        return self.inputs[key]

    @property
    def policy(self) -> dict[str, Any]:
        """The policy that it sets."""
        return json.loads(self.inputs["policy"])


class Aws(Mocks):
    """An AWS that agrees to everything, and gives names as the provider does; in a preview it gives none."""

    def __init__(
        self,
        *,
        region: str = REGION,
        partition: str = "aws",
        bucket_region: str = REGION,
        preview: bool = False,
    ) -> None:
        self.region, self.partition, self.bucket_region = region, partition, bucket_region
        self.preview = preview

    def call(self, args: MockCallArgs) -> Any:  # noqa: ANN401 - the SDK wants a pair or its half
        bucket = args.args.get("bucket")
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getPartition:getPartition": {"partition": self.partition},
            "aws:index/getRegion:getRegion": {"region": self.region},
            "aws:s3/getBucket:getBucket": {"bucket": bucket, "bucketRegion": self.bucket_region},
        }
        return answers[args.token]

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        name = args.inputs.get("name") or f"{args.name}-1a2b3c4"
        if self.preview:
            return "", dict(args.inputs)
        outputs = {**args.inputs, "name": name}
        if template := _ARNS.get(args.typ):
            where = {"partition": self.partition, "region": self.region, "account": ACCOUNT}
            outputs["arn"] = template.format(name=name, **where)
        if args.typ == "aws:s3/bucket:Bucket":
            outputs["bucket"] = name
        if args.typ == "aws:sqs/queue:Queue":
            outputs["url"] = f"https://sqs.{self.region}.amazonaws.com/{ACCOUNT}/{name}"
        return name, outputs


class Monitor(MockMonitor):
    """Remembers all that was registered."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registered: list[Resource] = []
        self.outputs: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802 - the protocol's own
        with _own_loop():
            answer = super().RegisterResource(request)
        found = Resource(
            kind=request.type,
            name=request.name,
            urn=answer.urn,
            inputs=_plain(request.object) if request.custom else {},
            after=frozenset(request.dependencies),
            parent=request.parent,
            retained=request.retainOnDelete,
            provider=request.provider,
        )
        self.registered.append(found)
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: ANN401, N802 - the protocol's own
        self.outputs[request.urn] = _plain(request.outputs)
        return super().RegisterResourceOutputs(request)

    def Invoke(self, request: Any) -> Any:  # noqa: ANN401, N802 - the protocol's own
        self.asked.append(request.provider)
        with _own_loop():
            return super().Invoke(request)


@contextmanager
def _own_loop() -> Generator[None]:
    """The SDK makes a loop for each of its threads, and never closes it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _plain(struct: Any) -> dict[str, Any]:  # noqa: ANN401 - generated code has no types
    with _own_loop():
        return dict(rpc.deserialize_properties(struct))


@dataclass
class Deployed:
    """All that a program registered.

    Attributes:
        resources: components as well.
        outputs: those of the first pipeline, by their names in Python.
        asked: the providers that were asked where this is.
    """

    resources: list[Resource] = field(default_factory=list[Resource])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked: list[str] = field(default_factory=list[str])

    def all(self, kind: str) -> list[Resource]:
        """Those of a type."""
        return [each for each in self.resources if each.kind == kind]

    def one(self, kind: str, name: str = "") -> Resource:
        """The only one of a type whose name ends so."""
        (found,) = [each for each in self.all(kind) if each.name.endswith(name)]
        return found

    @property
    def made(self) -> list[Resource]:
        """Those of AWS."""
        return [each for each in self.resources if each.kind.startswith("aws:")]


def run(
    program: Callable[[], object],
    *,
    config: Mapping[str, str] | None = None,
    **where: Any,  # noqa: ANN401 - those of `Aws`
) -> Deployed:
    """Run a program against an AWS that agrees to everything."""
    answering = Aws(**where)
    monitor = Monitor(answering)

    def once() -> None:
        program()

    async def all_of_it() -> None:
        set_all_config(dict(config or {}))
        set_mocks(monitor.mocks, project="shop", stack="test", preview=answering.preview, monitor=monitor)
        cast("Any", settings.SETTINGS).outputs.clear()  # what an error of the last program has left
        await run_pulumi_func(once)

    # In a context of its own, where the SDK keeps the stack. At its end, whatever still waits is cancelled.
    Context().run(asyncio.run, all_of_it())
    own = [urn for urn in monitor.outputs if urn.split("::")[2].endswith("pixmill:index:ImagePipeline")]
    outputs = monitor.outputs[own[0]] if own else {}
    return Deployed(
        [each for each in monitor.registered if each.kind != "pulumi:pulumi:Stack"], outputs, monitor.asked
    )


def deploy(
    args: ImagePipelineArgs | Mapping[str, Any] | None = None,
    *,
    name: str = "photos",
    transform: Transform | None = None,
    **where: Any,  # noqa: ANN401 - those of `run`
) -> Deployed:
    """Deploy one pipeline."""
    return run(lambda: ImagePipeline(name, with_bundle(args or {}), transform=transform), **where)


def with_bundle(args: Mapping[str, Any]) -> ImagePipelineArgs:
    """Arguments with a bundle that need not be built."""
    return cast("ImagePipelineArgs", {"bundle": str(bundle()), **args})


def bundle() -> Path:
    """A bundle without much in it: nobody runs it here."""
    path = Path(_FOLDER.name, "worker.zip")
    if not path.exists():
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("pixmill/__init__.py", "")
    return path


def later(value: object) -> Any:  # noqa: ANN401 - stands for an output of any type
    """An output of another resource, which is known when the program runs."""
    return pulumi.Output.from_input(value).apply(lambda known: known)
