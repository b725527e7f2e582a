"""What Lambda refuses of functions."""

import io
import json
import zipfile
from collections.abc import Iterator

from tests.cloud.archives import Archive
from tests.cloud.aws.calls import Calls
from tests.cloud.aws.policies import document, services, statements, values
from tests.cloud.provider import Refused
from tests.cloud.values import Values

from .rights import lacks
from .rules import asked, foreseen

_FUNCTION = "aws:lambda/function:Function"
_INVALID = "InvalidParameterValueException"

_RESERVED = frozenset(
    [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    ]
)
_ENVIRONMENT = 4 * 1024  # bytes of all variables
_RUNTIMES = frozenset(
    [
        "dotnet10",
        "dotnet8",
        "java11",
        "java17",
        "java21",
        "java25",
        "java8.al2",
        "nodejs20.x",
        "nodejs22.x",
        "nodejs24.x",
        "provided.al2",
        "provided.al2023",
        "python3.10",
        "python3.11",
        "python3.12",
        "python3.13",
        "python3.14",
        "ruby3.2",
        "ruby3.3",
        "ruby3.4",
    ]
)
_TIMEOUT = 900  # seconds
_MEMORY = 10240  # MB
_ZIPPED = 50 * 1024 * 1024  # bytes of a zip file sent along with the request
_UNZIPPED = 250 * 1024 * 1024  # bytes
_LEVELS = ("applicationLogLevel", "systemLogLevel")


@foreseen(_FUNCTION)
def bad_environment(inputs: Values) -> Iterator[str]:
    variables = inputs.get("environment", {}).get("variables", {})
    told = (
        f"{_INVALID}: Lambda was unable to configure your environment variables because the environment "
        "variables you have provided"
    )
    if reserved := sorted(_RESERVED & variables.keys()):
        yield (
            f"{told} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    if len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode()) > _ENVIRONMENT:
        yield f"{told} exceeded the 4KB limit."


@foreseen(_FUNCTION)
def bad_runtime(inputs: Values) -> Iterator[str]:
    if "runtime" in inputs and inputs["runtime"] not in _RUNTIMES:
        yield (
            f"{_INVALID}: Value {inputs['runtime']} at 'runtime' failed to satisfy constraint: Member must "
            f"satisfy enum value set: [{', '.join(sorted(_RUNTIMES))}] or be a valid ARN"
        )


@foreseen(_FUNCTION)
def bad_size(inputs: Values) -> Iterator[str]:
    for key, most in (("timeout", _TIMEOUT), ("memorySize", _MEMORY)):
        if inputs.get(key, 0) > most:
            yield (
                f"{_INVALID}: Value '{inputs[key]}' at '{key}' failed to satisfy constraint: Member must "
                f"have value less than or equal to {most}"
            )


@foreseen(_FUNCTION)
def bad_code(inputs: Values) -> Iterator[str]:
    code = inputs.get("code")
    if not isinstance(code, Archive):
        return
    for key in ("handler", "runtime"):
        if not inputs.get(key):
            yield (
                f"{_INVALID}: Runtime and Handler are mandatory parameters for functions created with "
                "deployment packages."
            )
    if len(code.zipped) > _ZIPPED:
        yield (
            "RequestEntityTooLargeException: Request must be smaller than 70167211 bytes for the "
            "CreateFunction operation"
        )
    with zipfile.ZipFile(io.BytesIO(code.zipped)) as archive:
        members = archive.infolist()
    if not members:
        yield f"{_INVALID}: Uploaded file must be a non-empty zip"
    if sum(each.file_size for each in members) > _UNZIPPED:
        yield f"{_INVALID}: Unzipped size must be smaller than {_UNZIPPED} bytes"


@foreseen(_FUNCTION)
def levels_of_text(inputs: Values) -> Iterator[str]:
    logging = inputs.get("loggingConfig", {})
    if logging and logging.get("logFormat") != "JSON" and any(logging.get(key) for key in _LEVELS):
        yield f"{_INVALID}: Log levels can only be set when LogFormat is JSON"


@asked(_FUNCTION)
def unassumable_role(aws: Calls, inputs: Values) -> Iterator[str]:
    told = f"{_INVALID}: The role defined for the function cannot be assumed by Lambda."
    try:
        role = aws.call("iam", "GetRole", RoleName=inputs["role"].rpartition("/")[2])["Role"]
    except Refused:
        yield told
        return
    trust = document(role["AssumeRolePolicyDocument"], "MalformedPolicyDocument")
    may = [
        each
        for each in statements(trust)
        if each["Effect"] == "Allow"
        and "lambda.amazonaws.com" in services(each)
        and "sts:AssumeRole" in values(each, "Action")
    ]
    if not may:
        yield told


@asked(_FUNCTION)
def dead_letters_without_rights(aws: Calls, inputs: Values) -> Iterator[str]:
    target = inputs.get("deadLetterConfig", {}).get("targetArn")
    if target:
        service = target.split(":")[2].upper()
        action = {"SQS": "SendMessage", "SNS": "Publish"}[service]
        if lacks(aws, inputs["role"], f"{service.lower()}:{action}", target):
            told = f"does not have permissions to call {action} on {service}"
            yield f"{_INVALID}: The provided execution role {told}"
