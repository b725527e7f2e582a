"""Rules of queues, functions, logs and alarms: nothing is lost, and somebody hears of what goes wrong."""

from collections.abc import Iterator

from pulumi_policy import Policy, PolicyResource
from rule import UNKNOWN, Inputs, Stack, of_each, of_stack

_QUEUE = "aws:sqs/queue:Queue"
_REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
_FUNCTION = "aws:lambda/function:Function"
_LOGS = "aws:cloudwatch/logGroup:LogGroup"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def _encrypted(inputs: Inputs) -> Iterator[str]:
    if not inputs.is_set("sqsManagedSseEnabled") and not inputs.is_set("kmsMasterKeyId"):
        yield "keeps messages in the clear"


def _dead_letters(stack: Stack) -> Iterator[tuple[PolicyResource, str]]:
    queues = stack.all(_QUEUE)
    redrives = [*queues, *stack.all(_REDRIVE)]
    behind = {
        each.urn
        for redrive in redrives
        for each in redrive.property_dependencies.get("redrivePolicy") or redrive.dependencies
    }
    for queue in queues:
        redriven = Inputs(queue.props).is_set("redrivePolicy") or stack.about(queue, _REDRIVE, "queueUrl")
        if not redriven and queue.urn not in behind:
            yield queue, "has no dead-letter queue, and is none"


def _partial_batches(inputs: Inputs) -> Iterator[str]:
    found = inputs.get("functionResponseTypes") or ()
    if found is not UNKNOWN and "ReportBatchItemFailures" not in found:
        yield "does a whole batch again if one message fails"


def _own_log(stack: Stack) -> Iterator[tuple[PolicyResource, str]]:
    groups = {each.urn for each in stack.all(_LOGS)}
    for function in stack.all(_FUNCTION):
        sources = function.property_dependencies.get("loggingConfig") or function.dependencies
        named = Inputs(function.props).is_set("loggingConfig", "logGroup")
        if not named or not groups & {each.urn for each in sources}:
            yield function, "logs to a group that Lambda makes, which stays for ever"


def _processor(inputs: Inputs) -> Iterator[str]:
    if not inputs.is_set("architectures"):
        yield "does not say which processor its code is for"


def _retention(inputs: Inputs) -> Iterator[str]:
    if not inputs.is_set("retentionInDays"):
        yield "keeps logs for ever"


def _actions(inputs: Inputs) -> Iterator[str]:
    if not inputs.is_set("alarmActions") or inputs.get("actionsEnabled") is False:
        yield "goes off unheard"


WORK: list[Policy] = [
    of_each("queue-encrypted", "Queues encrypt.", [_QUEUE], _encrypted),
    of_stack("dead-letters", "Behind each queue is one for what failed.", _dead_letters),
    of_each("partial-batches", "What succeeded is not done again.", [_MAPPING], _partial_batches),
    of_stack("own-log", "A function logs to a group of its stack.", _own_log),
    of_each("processor", "A function says its processor.", [_FUNCTION], _processor),
    of_each("log-retention", "Logs end some day.", [_LOGS], _retention),
    of_each("alarm-actions", "Alarms reach somebody.", [_ALARM], _actions),
]
