"""AWS as an engine's provider."""

import threading
from collections.abc import Mapping

from tests.cloud.provider import Checked, Made, Refused
from tests.cloud.state import Resource
from tests.cloud.values import Values, known

from . import cloudwatch, data, events, iam, kms, lambda_, refusals, s3, sns, sqs
from .calls import Calls
from .kinds import KINDS, Kind

MODULES = (cloudwatch, events, iam, kms, lambda_, s3, sns, sqs)
"""Each makes its kinds known when it is loaded."""


class Aws:
    """The provider of "aws", on an emulator.

    Args:
        endpoint: the emulator's URL.
        region: where resources stand by default.
    """

    late = frozenset(
        {
            "aws:iam/rolePolicy:RolePolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:lambda/permission:Permission",
            "aws:sns/topicPolicy:TopicPolicy",
            "aws:sqs/queuePolicy:QueuePolicy",
        }
    )

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint = endpoint
        self._region = region
        self._lock = threading.Lock()
        self._calls: dict[str, Calls] = {}

    def region(self, config: Mapping[str, str]) -> str:
        return config.get("region", self._region)

    def check(self, kind: str, name: str, inputs: Values, old: Resource | None) -> Checked:
        found = _kind(kind)
        if problems := list(found.schema.problems(inputs)):
            raise Refused(f"{kind} {name}: {'; '.join(problems)}")
        naming = found.name
        named = naming is not None and not inputs.get(naming.key)
        if naming and named:
            kept = old.inputs.get(naming.key) if old and old.named else None
            inputs = {**inputs, naming.key: kept or naming.made_up(name, inputs)}
        refusals.foresee(kind, known(inputs))
        return Checked(
            inputs=inputs,
            named=named,
            replaces=found.replaces | {"region"},
        )

    def clashes(self, old: Resource, inputs: Values) -> bool:
        naming = _kind(old.type).name
        return naming is not None and inputs[naming.key] == old.inputs.get(naming.key)

    def create(self, kind: str, region: str, inputs: Values) -> Made:
        aws, found = self._in(region), _kind(kind)
        refusals.ask(kind, aws, inputs)
        identity, outputs = found.create(aws, inputs)
        return Made(identity, self._told(found, aws, inputs, outputs))

    def update(self, old: Resource, inputs: Values) -> Values:
        aws, found = self._in(old.region), _kind(old.type)
        refusals.ask(old.type, aws, inputs)
        return self._told(found, aws, inputs, {**old.outputs, **found.update(aws, old, inputs)})

    def foresee(self, old: Resource, inputs: Values) -> Values:
        unforeseen = _kind(old.type).unforeseen
        return {key: each for key, each in old.outputs.items() if key not in unforeseen} | inputs

    def delete(self, old: Resource) -> None:
        _kind(old.type).delete(self._in(old.region), old)

    def read(self, kind: str, region: str, identity: str) -> Values:
        aws = self._in(region)
        return _kind(kind).read(aws, identity)

    def invoke(self, token: str, region: str, arguments: Values) -> Values:
        return data.ask(token, self._in(region), arguments)

    def _told(self, kind: Kind, aws: Calls, inputs: Values, outputs: Values) -> Values:
        """The outputs with what is true of all resources."""
        common = {"region": aws.region, "tagsAll": inputs.get("tags", {})}
        named = {kind.name.key: inputs[kind.name.key]} if kind.name else {}
        return {key: each for key, each in common.items() if key in kind.schema.outputs} | named | outputs

    def _in(self, region: str) -> Calls:
        with self._lock:
            return self._calls.setdefault(region, Calls(self._endpoint, region))


def _kind(token: str) -> Kind:
    if token not in KINDS:
        raise Refused(f"this engine does not know {token}")
    return KINDS[token]
