"""The dashboard: one look at a pipeline. Its form is "Dashboard body structure and syntax" of CloudWatch."""

import json
from collections.abc import Mapping, Sequence

from pixmill.infra.alarms import NAMESPACE

_WIDTH, _HEIGHT = 12, 6
_PER_ROW = 2

DIMENSIONS = {
    "queue": "QueueName",
    "dead": "QueueName",
    "function": "FunctionName",
    "pipeline": "Pipeline",
}
"""What CloudWatch calls each of the dimensions of `alarms.py`."""

_Line = tuple[str, str, str, str]

_GRAPHS: Mapping[str, Sequence[_Line]] = {
    "Originals and renditions": (
        (NAMESPACE, "Originals", "pipeline", "Sum"),
        (NAMESPACE, "Renditions", "pipeline", "Sum"),
        (NAMESPACE, "Rejected", "pipeline", "Sum"),
        (NAMESPACE, "Failed", "pipeline", "Sum"),
    ),
    "From upload to ready": (
        (NAMESPACE, "UploadToReady", "pipeline", "p50"),
        (NAMESPACE, "UploadToReady", "pipeline", "p99"),
    ),
    "Waiting": (
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "queue", "Maximum"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "dead", "Maximum"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "queue", "Maximum"),
    ),
    "Invocations": (
        ("AWS/Lambda", "Invocations", "function", "Sum"),
        ("AWS/Lambda", "Errors", "function", "Sum"),
        ("AWS/Lambda", "Throttles", "function", "Sum"),
        ("AWS/Lambda", "ConcurrentExecutions", "function", "Maximum"),
    ),
    "Duration": (
        ("AWS/Lambda", "Duration", "function", "p50"),
        ("AWS/Lambda", "Duration", "function", "p99"),
    ),
    "Memory and cold starts": (
        (NAMESPACE, "PeakMemory", "pipeline", "Maximum"),
        (NAMESPACE, "ColdStarts", "pipeline", "Sum"),
    ),
}


def dashboard(region: str, names: Mapping[str, str], alarms: Sequence[str]) -> str:
    """The dashboard's body.

    Args:
        region: of the metrics.
        names: of the "queue", the "dead" letters' queue, the "function" and the "pipeline".
        alarms: ARNs.
    """
    states = {
        "type": "alarm",
        "width": _PER_ROW * _WIDTH,
        "height": 2,
        "x": 0,
        "y": 0,
        "properties": {"title": "Alarms", "alarms": sorted(alarms)},
    }
    graphs = [
        {
            "type": "metric",
            "width": _WIDTH,
            "height": _HEIGHT,
            "x": number % _PER_ROW * _WIDTH,
            "y": 2 + number // _PER_ROW * _HEIGHT,
            "properties": {
                "title": title,
                "region": region,
                "view": "timeSeries",
                "period": 60,
                "metrics": [
                    [namespace, metric, DIMENSIONS[of], names[of], {"stat": statistic}]
                    for namespace, metric, of, statistic in lines
                ],
            },
        }
        for number, (title, lines) in enumerate(_GRAPHS.items())
    ]
    return json.dumps({"widgets": [states, *graphs]})
