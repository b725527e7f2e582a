"""What somebody should hear of, and what to do about it.

Metrics of AWS are as in "Available CloudWatch metrics for Amazon SQS" and "Types of metrics for Lambda
functions"; those of Pixmill as `telemetry.py` writes them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixmill.infra.blueprint import Blueprint

NAMESPACE = "Pixmill"
"""Of the worker's own metrics."""

_MINUTE = 60
_FIVE_MINUTES = 300
_OLD_SECONDS = 900
_ERRORS_PERCENT = 5
_NEAR_TIMEOUT = 0.9
_REJECTED_PERCENT = 20
_ENOUGH_ORIGINALS = 10
_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        namespace: whose it is.
        name: its own.
        dimension: what tells it from others of its name.
        statistic: such as "Sum" or "p99".
    """

    namespace: str
    name: str
    dimension: str
    statistic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm: above its threshold, it goes off.

    Attributes:
        name: what follows the pipeline's name.
        description: what happened, and what to do.
        metrics: by the names that they have in the expression. One alone needs none.
        threshold: in the metric's unit; in percent if there is an expression.
        expression: of metric math.
        period: seconds for which a statistic is taken.
        periods: how many of them are looked at.
        bad: how many of those must be above the threshold.
    """

    name: str
    description: str
    metrics: "Mapping[str, Metric]"
    threshold: float
    expression: str | None = None
    period: int = _FIVE_MINUTES
    periods: int = 1
    bad: int = 1


def alarms(blueprint: "Blueprint") -> tuple[Alarm, ...]:
    """The alarms of a pipeline. Their dimensions are "queue", "dead", "function" and "pipeline"."""
    visibility = blueprint.visibility_timeout_seconds
    return (
        Alarm(
            name="dead-letters",
            description="Originals could not be processed and wait in the dead-letter queue. Find their keys "
            "and the error's code in the log, mend the cause, then redrive the queue to its source.",
            metrics={"m": _queue("ApproximateNumberOfMessagesVisible", "dead", "Maximum")},
            threshold=0,
            period=_MINUTE,
        ),
        Alarm(
            name="delay",
            description="Originals wait for long. If many were uploaded at once, raise maximum_concurrency "
            "or be patient; if not, look for errors in the log.",
            metrics={"m": _queue("ApproximateAgeOfOldestMessage", "queue", "Maximum")},
            # A message that failed once is hidden for its visibility timeout, which is no delay yet. So is
            # that of a removal soon after an upload: it comes twice, and is no failure.
            threshold=max(_OLD_SECONDS, 2 * visibility),
            period=_MINUTE,
            periods=5,
            bad=3,
        ),
        Alarm(
            name="errors",
            description=f"More than {_ERRORS_PERCENT} % of the invocations ended in an error: the worker "
            "crashed, ran out of memory or time, or has a wrong setting. The log's last lines say which.",
            metrics={"e": _function("Errors", "Sum"), "i": _function("Invocations", "Sum")},
            expression="IF(i > 0, 100 * e / i, 0)",
            threshold=_ERRORS_PERCENT,
            periods=3,
            bad=2,
        ),
        Alarm(
            name="throttles",
            description="Lambda had no place for the worker: the account's concurrency is used up. Nothing "
            "is lost. Lower maximum_concurrency, or ask AWS for a higher quota.",
            metrics={"m": _function("Throttles", "Sum")},
            threshold=0,
        ),
        Alarm(
            name="duration",
            description=f"One in a hundred invocations takes more than {_NEAR_TIMEOUT:.0%} of the "
            f"time-out of {blueprint.timeout_seconds} s. Lower batch_size, or raise memory_mb or "
            "timeout_seconds.",
            metrics={"m": _function("Duration", "p99")},
            threshold=_NEAR_TIMEOUT * blueprint.timeout_seconds * _MILLISECONDS,
            periods=3,
            bad=3,
        ),
        Alarm(
            name="rejected",
            description=f"More than {_REJECTED_PERCENT} % of the originals are rejected. The metric "
            "RejectedByCode says why, `pixmill explain CODE` what that means.",
            metrics={"r": _own("Rejected"), "o": _own("Originals")},
            # Where none is rejected there is no such metric.
            expression=f"IF(o >= {_ENOUGH_ORIGINALS}, 100 * FILL(r, 0) / o, 0)",
            threshold=_REJECTED_PERCENT,
            periods=3,
            bad=2,
        ),
    )


def _queue(name: str, dimension: str, statistic: str) -> Metric:
    return Metric("AWS/SQS", name, dimension, statistic)


def _function(name: str, statistic: str) -> Metric:
    return Metric("AWS/Lambda", name, "function", statistic)


def _own(name: str) -> Metric:
    return Metric(NAMESPACE, name, "pipeline", "Sum")
