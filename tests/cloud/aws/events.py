"""EventBridge: rules and their targets."""

import secrets

from tests.cloud.provider import Made
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, kind

_DEFAULT = "default"  # the bus


@kind(
    "aws:cloudwatch/eventRule:EventRule", replaces={"name", "namePrefix", "eventBusName"}, name=Name(most=64)
)
class EventRule(Kind):
    apart = frozenset({"forceDestroy", "isEnabled"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        made = aws.send("events", "PutRule", self.request(inputs))
        return Made(
            inputs["name"], {"arn": made["RuleArn"], "eventBusName": inputs.get("eventBusName", _DEFAULT)}
        )

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        asked = self.request(inputs)
        tags = asked.pop("tags", {})
        aws.send("events", "PutRule", asked)
        former, arn = old.inputs.get("tags", {}), old.outputs["arn"]
        if gone := sorted(former.keys() - tags.keys()):
            aws.call("events", "UntagResource", ResourceARN=arn, TagKeys=gone)
        if tags:
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            aws.call("events", "TagResource", ResourceARN=arn, Tags=pairs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("events", "DeleteRule", Name=old.id, EventBusName=old.outputs["eventBusName"])


@kind("aws:cloudwatch/eventTarget:EventTarget", replaces={"rule", "targetId", "eventBusName"})
class EventTarget(Kind):
    apart = frozenset({"rule", "targetId", "eventBusName", "forceDestroy"})
    names = {"sqsTarget": "SqsParameters", "inputPaths": "InputPathsMap"}  # noqa: RUF012 - never changed

    def create(self, aws: Calls, inputs: Values) -> Made:
        target = inputs.get("targetId") or f"terraform-{secrets.token_hex(13)}"
        self._put(aws, inputs, target)
        return Made(f"{inputs['rule']}-{target}", {"targetId": target})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        self._put(aws, inputs, old.outputs["targetId"])
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        which = {"Rule": old.inputs["rule"], "EventBusName": old.inputs.get("eventBusName", _DEFAULT)}
        aws.call("events", "RemoveTargets", Ids=[old.outputs["targetId"]], **which)

    def _put(self, aws: Calls, inputs: Values, target: str) -> None:
        asked = {
            "rule": inputs["rule"],
            "eventBusName": inputs.get("eventBusName", _DEFAULT),
            "targets": [{"id": target, **self.request(inputs)}],
        }
        aws.send("events", "PutTargets", asked, self.names)
