"""SNS: topics, their policies and subscriptions."""

import json

from tests.cloud.provider import Made, Refused
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, Setting, kind

_TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
_SUBSCRIPTION = {
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


@kind("aws:sns/topic:Topic", replaces={"name", "namePrefix", "fifoTopic"}, name=Name(most=256))
class Topic(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        attributes = _attributes(self.request(inputs), _TOPIC, {"name", "tags"})
        tags = [{"Key": key, "Value": value} for key, value in inputs.get("tags", {}).items()]
        made = aws.call("sns", "CreateTopic", Name=inputs["name"], Attributes=attributes, Tags=tags)
        return Made(made["TopicArn"], {"arn": made["TopicArn"], "owner": aws.account})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        for key, name in _TOPIC.items():
            if inputs.get(key) != old.inputs.get(key):
                value = _text(inputs.get(key, ""))
                aws.call(
                    "sns", "SetTopicAttributes", TopicArn=old.id, AttributeName=name, AttributeValue=value
                )
        former, tags = old.inputs.get("tags", {}), inputs.get("tags", {})
        if gone := sorted(former.keys() - tags.keys()):
            aws.call("sns", "UntagResource", ResourceArn=old.id, TagKeys=gone)
        if tags:
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            aws.call("sns", "TagResource", ResourceArn=old.id, Tags=pairs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("sns", "DeleteTopic", TopicArn=old.id)

    def read(self, aws: Calls, identity: str) -> Values:
        aws.call("sns", "GetTopicAttributes", TopicArn=identity)
        return {"arn": identity, "name": identity.rpartition(":")[2], "owner": identity.split(":")[4]}


@kind("aws:sns/topicPolicy:TopicPolicy", replaces={"arn"})
class TopicPolicy(Setting):
    of = "arn"

    def put(self, aws: Calls, inputs: Values) -> None:
        policy = _text(inputs["policy"])
        aws.call(
            "sns", "SetTopicAttributes", TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=policy
        )

    def clear(self, aws: Calls, identity: str) -> None:
        """The policy that a topic has when it is new: its owner may do everything."""
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ["sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:SetTopicAttributes"],
            "Resource": identity,
            "Condition": {"StringEquals": {"AWS:SourceOwner": aws.account}},
        }
        self.put(aws, {"arn": identity, "policy": {"Version": "2008-10-17", "Statement": [statement]}})


@kind("aws:sns/topicSubscription:TopicSubscription", replaces={"topic", "protocol", "endpoint"})
class TopicSubscription(Kind):
    apart = frozenset({"confirmationTimeoutInMinutes", "endpointAutoConfirms"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        made = aws.call(
            "sns",
            "Subscribe",
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes=_attributes(self.request(inputs), _SUBSCRIPTION, {"topic", "protocol", "endpoint"}),
            ReturnSubscriptionArn=True,
        )
        # A person has to confirm what goes to a mailbox.
        waits = inputs["protocol"] in {"email", "email-json"}
        arn = made["SubscriptionArn"]
        return Made(arn, {"arn": arn, "ownerId": aws.account, "pendingConfirmation": waits})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        for key, name in _SUBSCRIPTION.items():
            if inputs.get(key) != old.inputs.get(key):
                value = _text(inputs.get(key, ""))
                told = {"AttributeName": name, "AttributeValue": value}
                aws.call("sns", "SetSubscriptionAttributes", SubscriptionArn=old.id, **told)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("sns", "Unsubscribe", SubscriptionArn=old.id)


def _attributes(inputs: Values, names: dict[str, str], beside: set[str]) -> dict[str, str]:
    if unknown := inputs.keys() - names.keys() - beside:
        raise Refused(f"{', '.join(sorted(unknown))}: has no place among the attributes")
    return {names[key]: _text(value) for key, value in inputs.items() if key not in beside}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
