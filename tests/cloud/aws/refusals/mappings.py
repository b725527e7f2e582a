"""What Lambda refuses of mappings from queues to functions."""

from collections.abc import Iterator

from tests.cloud.aws.calls import Calls
from tests.cloud.values import Values

from .rights import lacks
from .rules import asked, foreseen

_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
_INVALID = "InvalidParameterValueException"
_WITHOUT_WINDOW = 10  # messages in a batch
_FACTOR = 6  # that a message should stay invisible for, in times of the function's timeout


@foreseen(_MAPPING)
def large_batch_without_window(inputs: Values) -> Iterator[str]:
    batch, window = inputs.get("batchSize", 0), inputs.get("maximumBatchingWindowInSeconds", 0)
    if batch > _WITHOUT_WINDOW and not window:
        yield (
            f"{_INVALID}: Maximum batch window in seconds must be greater than 0 if maximum batch size is "
            "greater than 10"
        )


@asked(_MAPPING)
def role_without_rights(aws: Calls, inputs: Values) -> Iterator[str]:
    function = aws.call("lambda", "GetFunctionConfiguration", FunctionName=inputs["functionName"])
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        if lacks(aws, function["Role"], f"sqs:{action}", inputs["eventSourceArn"]):
            yield f"{_INVALID}: The function execution role does not have permissions to call {action} on SQS"


@asked(_MAPPING)
def short_visibility(aws: Calls, inputs: Values) -> Iterator[str]:
    """AWS refuses what is shorter than the function's timeout; the rest is its advice, held to here."""
    function = aws.call("lambda", "GetFunctionConfiguration", FunctionName=inputs["functionName"])
    name = inputs["eventSourceArn"].rpartition(":")[2]
    url = aws.call("sqs", "GetQueueUrl", QueueName=name)["QueueUrl"]
    found = aws.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    visible, timeout = int(found["Attributes"]["VisibilityTimeout"]), function["Timeout"]
    if visible < timeout:
        told = f"{visible} seconds is less than Function timeout: {timeout} seconds"
        yield f"{_INVALID}: Queue visibility timeout: {told}"
    if visible < _FACTOR * timeout:
        yield (
            f"Lambda's advice: set the queue's visibility timeout ({visible} seconds) to at least six times "
            f"the function's timeout ({timeout} seconds)"
        )
