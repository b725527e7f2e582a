"""Lambda: functions, mappings from queues, permissions, and what becomes of failed events."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.cloud.archives import Archive
from tests.cloud.provider import Made, Refused
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, kind

_PATIENCE = 30  # seconds for something to be ready
_PAUSE = 0.02  # seconds between two looks

_DEFAULTS: Values = {"timeout": 3, "memorySize": 128, "packageType": "Zip", "architectures": ["x86_64"]}
_RESETS: Values = {
    "environment": {"variables": {}},
    "layers": [],
    "tracingConfig": {"mode": "PassThrough"},
    "description": "",
}
_CODE = frozenset({"code", "s3Bucket", "s3Key", "s3ObjectVersion", "imageUri", "architectures"})


@kind("aws:lambda/function:Function", replaces={"name", "packageType"}, name=Name(most=64))
class Function(Kind):
    apart = frozenset(
        {
            *("code", "s3Bucket", "s3Key", "s3ObjectVersion", "imageUri", "sourceCodeHash", "codeSha256"),
            *("reservedConcurrentExecutions", "skipDestroy", "useResourceTimeoutForPropagation"),
        }
    )
    unforeseen = frozenset({"codeSha256", "lastModified", "qualifiedArn", "sourceCodeSize", "version"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        asked = {**_DEFAULTS, **self.request(inputs)}
        made = aws.send("lambda", "CreateFunction", asked, {"name": "FunctionName"}, Code=_code(inputs))
        self._wait(aws, inputs["name"])
        self._limit(aws, inputs)
        return Made(inputs["name"], self._outputs(aws, made, inputs))

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        name = old.id
        resets = {key: each for key, each in _RESETS.items() if key in old.inputs}
        asked: Values = {**_DEFAULTS, **resets, **self.request(inputs)}
        arn = old.outputs["arn"]
        former, tags = old.inputs.get("tags", {}), asked.pop("tags", {})
        if gone := sorted(former.keys() - tags.keys()):
            aws.call("lambda", "UntagResource", Resource=arn, TagKeys=gone)
        if tags != former and tags:
            aws.call("lambda", "TagResource", Resource=arn, Tags=tags)
        left_out = {"packageType", "architectures", "publish", "codeSigningConfigArn"}
        asked = {key: each for key, each in asked.items() if key not in left_out}
        made = aws.send("lambda", "UpdateFunctionConfiguration", asked, {"name": "FunctionName"})
        self._wait(aws, name)
        if _digests(old.inputs) != _digests(inputs):
            architectures = inputs.get("architectures", _DEFAULTS["architectures"])
            made = aws.call(
                "lambda",
                "UpdateFunctionCode",
                FunctionName=name,
                Architectures=architectures,
                **_code(inputs),
            )
            self._wait(aws, name)
        if inputs.get("publish"):
            made = aws.call("lambda", "PublishVersion", FunctionName=name)
        self._limit(aws, inputs)
        return self._outputs(aws, made, inputs)

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("lambda", "DeleteFunction", FunctionName=old.id)

    def read(self, aws: Calls, identity: str) -> Values:
        made = aws.call("lambda", "GetFunctionConfiguration", FunctionName=identity)
        return {"name": identity, "role": made["Role"], **self._outputs(aws, made, {})}

    def _wait(self, aws: Calls, name: str) -> None:
        _until_ready(lambda: _is_ready(aws, name), f"function {name}")

    def _limit(self, aws: Calls, inputs: Values) -> None:
        most = inputs.get("reservedConcurrentExecutions", -1)
        if most >= 0:
            limit = {"ReservedConcurrentExecutions": most}
            aws.call("lambda", "PutFunctionConcurrency", FunctionName=inputs["name"], **limit)

    def _outputs(self, aws: Calls, made: Values, inputs: Values) -> Values:
        arn = ":".join(made["FunctionArn"].split(":")[:7])
        version = made["Version"]
        invoke = (
            f"arn:{aws.partition}:apigateway:{aws.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
        )
        group = inputs.get("loggingConfig", {}).get("logGroup", f"/aws/lambda/{made['FunctionName']}")
        format_ = inputs.get("loggingConfig", {}).get("logFormat", "Text")
        return {
            **{key: each for key, each in _DEFAULTS.items() if key not in inputs},
            "arn": arn,
            "codeSha256": made["CodeSha256"],
            "invokeArn": invoke,
            "lastModified": made["LastModified"],
            "loggingConfig": {"logFormat": format_, **inputs.get("loggingConfig", {}), "logGroup": group},
            "qualifiedArn": f"{arn}:{version}",
            "sourceCodeSize": made["CodeSize"],
            "version": version,
        }


@kind(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    replaces={"eventSourceArn", "startingPosition", "startingPositionTimestamp"},
)
class EventSourceMapping(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        names = {"destinationArn": "Destination"}
        made = aws.send("lambda", "CreateEventSourceMapping", self.request(inputs), names)
        return Made(made["UUID"], self._when_ready(aws, made))

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        unchangeable = {"eventSourceArn", "startingPosition", "startingPositionTimestamp", "tags"}
        asked = {key: each for key, each in self.request(inputs).items() if key not in unchangeable}
        # What is not asked for any more is taken back.
        resets = {"scalingConfig": {}, "filterCriteria": {}, "functionResponseTypes": [], "enabled": True}
        resets |= {"maximumBatchingWindowInSeconds": 0, "batchSize": 10}
        asked = {key: each for key, each in resets.items() if key in old.inputs} | asked
        made = aws.send("lambda", "UpdateEventSourceMapping", {"uuid": old.id, **asked})
        return self._when_ready(aws, made)

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("lambda", "DeleteEventSourceMapping", UUID=old.id)

    def _when_ready(self, aws: Calls, made: Values) -> Values:
        def is_ready() -> bool:
            found = aws.call("lambda", "GetEventSourceMapping", UUID=made["UUID"])
            return found["State"] in ("Enabled", "Disabled")

        _until_ready(is_ready, f"mapping {made['UUID']}")
        arn = aws.arn("lambda", f"event-source-mapping:{made['UUID']}")
        return {"uuid": made["UUID"], "arn": arn, "functionArn": made["FunctionArn"]}


@kind(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", replaces={"functionName", "qualifier"}
)
class FunctionEventInvokeConfig(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        aws.send("lambda", "PutFunctionEventInvokeConfig", self.request(inputs))
        return Made(inputs["functionName"], {})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:  # noqa: ARG002 - as declared
        aws.send("lambda", "PutFunctionEventInvokeConfig", self.request(inputs))
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("lambda", "DeleteFunctionEventInvokeConfig", FunctionName=old.id)


@kind(
    "aws:lambda/permission:Permission",
    replaces={"*"},
    name=Name("statementId", 100, "statementIdPrefix"),
)
class Permission(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        aws.send("lambda", "AddPermission", self.request(inputs), {"function": "FunctionName"})
        return Made(inputs["statementId"], {})

    def delete(self, aws: Calls, old: Resource) -> None:
        function = old.inputs["function"]
        aws.call("lambda", "RemovePermission", FunctionName=function, StatementId=old.id)


def _code(inputs: Values) -> Values:
    if "imageUri" in inputs:
        return {"ImageUri": inputs["imageUri"]}
    if "s3Bucket" in inputs:
        version = {"S3ObjectVersion": inputs["s3ObjectVersion"]} if "s3ObjectVersion" in inputs else {}
        return {"S3Bucket": inputs["s3Bucket"], "S3Key": inputs["s3Key"], **version}
    if "code" not in inputs:
        raise Refused('one of "code, imageUri, s3Bucket" must be specified')
    archive: Archive = inputs["code"]
    return {"ZipFile": archive.zipped}


def _digests(inputs: Mapping[str, Any]) -> Values:
    """What tells one code from another, as the state keeps it."""
    found = {key: inputs.get(key) for key in _CODE}
    code = found["code"]
    return found | {"code": {"sha256": code.digest} if isinstance(code, Archive) else code}


def _is_ready(aws: Calls, name: str) -> bool:
    found = aws.call("lambda", "GetFunctionConfiguration", FunctionName=name)
    return found["State"] == "Active" and found.get("LastUpdateStatus", "Successful") == "Successful"


def _until_ready(is_ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_ready():
        if time.monotonic() > end:
            raise Refused(f"{what} was not ready within {_PATIENCE} s")
        time.sleep(_PAUSE)
