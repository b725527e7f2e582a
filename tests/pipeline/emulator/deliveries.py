"""Deliveries as AWS makes them: EventBridge and CloudWatch ask the policy of the queue or topic they send to.

With ministack alone, only S3 asks. An event that EventBridge may not deliver goes to the target's dead-letter
queue, if that one lets it.
"""

from typing import Any

from ministack.core import responses  # pyright: ignore[reportMissingImports]
from ministack.services import cloudwatch, eventbridge, sns, sqs  # pyright: ignore[reportMissingImports]

_Resource = dict[str, Any]

_KINDS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_EVENTS, _ALARMS = "events.amazonaws.com", "cloudwatch.amazonaws.com"


def ask_for_events() -> None:
    """Have EventBridge ask before it sends."""
    send = eventbridge._invoke_target

    def ask_and_send(target: _Resource, event: _Resource, rule: _Resource, view: object = None) -> None:
        if _takes(target["Arn"], rule["Arn"]):
            send(target, event, rule, view)
            return
        dead = target.get("DeadLetterConfig", {}).get("Arn")
        if dead and _takes(dead, rule["Arn"]):
            send({"Arn": dead}, event, rule, view)

    eventbridge._invoke_target = ask_and_send


def ask_for_alarms() -> None:
    """Have alarms ask before they publish."""
    act = cloudwatch._dispatch_alarm_actions

    def ask_and_act(alarm: _Resource, *rest: object) -> None:
        heard = {kind: [each for each in alarm.get(kind) or () if _hears(each, alarm)] for kind in _KINDS}
        act({**alarm, **heard}, *rest)

    cloudwatch._dispatch_alarm_actions = ask_and_act


def _takes(target: str, rule: str) -> bool:
    account = responses.get_account_id()
    if ":sqs:" in target:
        return sqs.queue_policy_allows(target, _EVENTS, rule, account)
    if ":sns:" in target:
        # It says neither its source nor an account: "Amazon SNS permissions" in the EventBridge User Guide.
        return sns.topic_policy_allows(target, _EVENTS, "", "")
    return True


def _hears(action: str, alarm: _Resource) -> bool:
    account = responses.get_account_id()
    return ":sns:" not in action or sns.topic_policy_allows(action, _ALARMS, alarm["AlarmArn"], account)
