"""Calls to AWS, whose requests are held to all that botocore's models say.

Botocore itself refuses unknown members and wrong types. The models also tell of enumerations, patterns and
lengths, which AWS holds requests to, and botocore does not.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from tests.cloud.provider import Refused

from .shapes import fitted

# Classes that Python's patterns lack; they stand within brackets.
_UNICODE = {r"\p{L}": r"\w", r"\p{Z}": r"\s", r"\p{N}": r"\d"}


class Calls:
    """AWS in one region.

    Args:
        endpoint: the URL of the emulator.
        region: where calls go.
    """

    def __init__(self, endpoint: str, region: str) -> None:
        self.region = region
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}
        self._session = boto3.Session("test", "test", region_name=region)  # the emulator's administrator
        self._account = ""

    def call(self, service: str, operation: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - AWS's
        """Call AWS.

        Args:
            service: botocore's name.
            operation: AWS's name, such as "CreateQueue".
            request: its members.

        Raises:
            Refused: AWS refuses, or would.
        """
        client = self.client(service)
        shape = client.meta.service_model.operation_model(operation).input_shape
        if problems := list(_problems(shape, request, "")) if shape else []:
            raise Refused(f"{operation}: ValidationException: {'; '.join(problems)}")
        try:
            return getattr(client, xform_name(operation))(**request)
        except ClientError as error:
            told = error.response["Error"]
            raise Refused(f"{operation}: {told['Code']}: {told['Message']}") from error
        except ParamValidationError as error:
            raise Refused(f"{operation}: {error}") from error

    def send(
        self,
        service: str,
        operation: str,
        inputs: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - AWS's
    ) -> dict[str, Any]:
        """Call AWS with a resource's inputs, whose names are AWS's own but for upper case and plurals.

        Args:
            service: botocore's name.
            operation: AWS's name.
            inputs: the resource's.
            names: AWS's names for inputs that have others.
            more: members as AWS has them.

        Raises:
            Refused: AWS refuses, or would, or an input has no place in the request.
        """
        shape = self.client(service).meta.service_model.operation_model(operation).input_shape
        return self.call(service, operation, **fitted(shape, inputs, names or {}), **more)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes as it goes
        """Boto3's client for a service."""
        with self._lock:  # sessions are not for several threads
            if service not in self._clients:
                client = self._session.client(
                    service,
                    endpoint_url=self._endpoint,
                    config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
                )
                client.meta.events.register("before-sign", _as_over_tls)
                self._clients[service] = client
            return self._clients[service]

    @property
    def account(self) -> str:
        """The account's twelve digits."""
        if not self._account:
            self._account = self.call("sts", "GetCallerIdentity")["Account"]
        return self._account

    @property
    def partition(self) -> str:
        """The partition that the region is in."""
        return self._session.get_partition_for_region(self.region)

    def arn(self, service: str, name: str, *, region: bool = True, account: bool = True) -> str:
        """The ARN of something here."""
        places = (self.region if region else "", self.account if account else "")
        return ":".join(("arn", self.partition, service, *places, name))


def _as_over_tls(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
    """Say that TLS ended before the emulator, which policies that deny everything else ask for."""
    request.headers["X-Forwarded-Proto"] = "https"


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore's and JSON
    match shape.type_name, value:
        case "structure", dict():
            for name, member in shape.members.items():
                if name in value:
                    yield from _problems(member, value[name], f"{path}.{name}" if path else name)
        case "list", list():
            yield from _length_problems(shape, value, path)
            for number, each in enumerate(value):
                yield from _problems(shape.member, each, f"{path}[{number}]")
        case "map", dict():
            for key, each in value.items():
                yield from _problems(shape.key, key, f"{path}.{key}")
                yield from _problems(shape.value, each, f"{path}.{key}")
        case "string", str():
            yield from _length_problems(shape, value, path)
            yield from _text_problems(shape, value, path)
        case (("integer" | "long" | "float" | "double"), int() | float()):
            yield from _size_problems(shape, value, path)
        case _:
            return  # botocore has its say about types


def _length_problems(shape: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore's
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and len(value) < least:
        yield _unmet(path, f"have length greater than or equal to {least}")
    if most is not None and len(value) > most:
        yield _unmet(path, f"have length less than or equal to {most}")


def _size_problems(shape: Any, value: float, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore's
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield _unmet(path, f"have value greater than or equal to {least}", value)
    if most is not None and value > most:
        yield _unmet(path, f"have value less than or equal to {most}", value)


def _text_problems(shape: Any, value: str, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore's
    if shape.enum and value not in shape.enum:
        yield _unmet(path, f"satisfy enum value set: [{', '.join(shape.enum)}]", value)
    if pattern := shape.metadata.get("pattern"):
        for theirs, ours in _UNICODE.items():
            pattern = pattern.replace(theirs, ours)
        if not re.fullmatch(pattern, value, re.DOTALL):
            yield _unmet(path, f"satisfy regular expression pattern: {pattern}", value)


def _unmet(path: str, wanted: str, value: object = "") -> str:
    told = f" '{value}'" if value != "" else ""
    return f"Value{told} at '{path}' failed to satisfy constraint: Member must {wanted}"
