"""KMS: keys."""

from tests.cloud.provider import Made
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, kind


@kind("aws:kms/key:Key", replaces={"customerMasterKeySpec", "keyUsage", "multiRegion"})
class Key(Kind):
    apart = frozenset(
        {"deletionWindowInDays", "enableKeyRotation", "isEnabled", "rotationPeriodInDays", "tags"}
    )

    def create(self, aws: Calls, inputs: Values) -> Made:
        names = {
            "customerMasterKeySpec": "KeySpec",
            "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
        }
        tags = [{"TagKey": key, "TagValue": value} for key, value in inputs.get("tags", {}).items()]
        made = aws.send("kms", "CreateKey", self.request(inputs), names, Tags=tags)["KeyMetadata"]
        self._rotate(aws, made["KeyId"], inputs)
        return Made(made["KeyId"], {"arn": made["Arn"], "keyId": made["KeyId"]})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        self._rotate(aws, old.id, inputs)
        aws.call("kms", "UpdateKeyDescription", KeyId=old.id, Description=inputs.get("description", ""))
        if inputs.get("policy"):
            aws.call("kms", "PutKeyPolicy", KeyId=old.id, Policy=inputs["policy"])
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        days = old.inputs.get("deletionWindowInDays", 30)
        aws.call("kms", "ScheduleKeyDeletion", KeyId=old.id, PendingWindowInDays=days)

    def _rotate(self, aws: Calls, key: str, inputs: Values) -> None:
        turned = "EnableKeyRotation" if inputs.get("enableKeyRotation") else "DisableKeyRotation"
        aws.call("kms", turned, KeyId=key)
