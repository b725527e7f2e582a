"""The Lambda function: storage events in, renditions and manifests out, and a word on each message.

An original that is at fault is recorded once and its message consumed. Everything else that goes wrong is
given back to the queue, message by message, and ends in the dead-letter queue if it stays wrong.
"""

import gc

# What is imported stays: looking for garbage in it, while it comes in, takes a tenth of a cold start.
gc.disable()

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from pixmill import events
from pixmill.aws.answer import Errors, answer
from pixmill.aws.shift import Done, Shift, Task
from pixmill.aws.tracing import Tracer
from pixmill.confinement import Allowance, Confined
from pixmill.errors import Failed, PixmillError
from pixmill.reconcile import Delivery, Outcome
from pixmill.settings import AT_REST, Settings
from pixmill.storage import Store, open_store
from pixmill.telemetry import Log, Metrics

gc.freeze()
gc.enable()

# How often an original's bytes may stand in memory while it is worked on: as fetched, as decoded, as encoded.
_COPIES = 4

# A first delivery comes within seconds. What is older was held up, redriven or asked for by hand.
_LATE = timedelta(minutes=5)

# Seconds by which the clocks of S3, which dates events and objects, and of this machine may differ.
_CLOCKS = 60.0


class Context(Protocol):
    """What Lambda tells of an invocation, as far as it is used here."""

    aws_request_id: str
    memory_limit_in_mb: int | str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is ended."""
        ...


def handler(event: object, context: Context) -> dict[str, object]:
    """What Lambda calls.

    Returns:
        For a queue's batch the messages to deliver again (partial batch response), for an S3 Batch
        Operations job its results, else a count.

    Raises:
        Failed: something of an event that came by itself, and not in a queue, could not be done; Lambda
            tries again.
    """
    return _worker().handle(event, context)


class _Key(msgspec.Struct):
    """What was heard of one key, in however many messages."""

    messages: list[int] = msgspec.field(default_factory=list[int])
    verify: bool = False
    repeated: bool = True
    told: float = float("inf")
    since: datetime | None = None


class Worker:
    """The function between its invocations.

    Args:
        settings: what it was told.
        source: where originals are.
        destination: where renditions go.
        write: where its log goes, if not to standard output.
        confined: the engine, in a process of its own; one is made if left out.
    """

    def __init__(
        self,
        settings: Settings,
        source: Store,
        destination: Store,
        write: Callable[[str], None] | None = None,
        confined: Confined | None = None,
    ) -> None:
        self._settings = settings
        self._source = source
        self._destination = destination
        self._confined = confined or _confined(settings)
        self._write = write
        self._tracer = Tracer(settings.pipeline)
        self._cold = True

    def handle(self, event: object, context: Context) -> dict[str, object]:
        """Do what an event asks for; see `handler`."""
        more = {} if self._write is None else {"write": self._write}
        log = Log(
            self._settings.log_level,
            {"pipeline": self._settings.pipeline, "request": context.aws_request_id},
            **more,
        )
        metrics = Metrics()
        cold, self._cold = self._cold, False
        if cold:
            metrics.add("ColdStarts", 1)
        messages = events.messages(event)
        errors: Errors = {}
        for number, message in enumerate(messages):
            if message.error:
                errors[number] = message.error
                log("ERROR", "message not understood", code=message.error.code, error=message.error.message)
        keys = self._keys(messages, errors, log)
        # Whoever began before this has no time any more.
        begun = time.time() - context.get_remaining_time_in_millis() / 1000 - _CLOCKS
        queued = events.is_queue(event)
        tasks = [
            Task(key, heard.verify, Delivery(heard.repeated, heard.told, begun) if queued else None)
            for key, heard in keys.items()
        ]
        again: set[int] = set()
        with self._tracer.invocation(log, cold=cold) as trace:
            for task, done in self._shift(context).work(tasks):
                heard = keys[task.key]
                error = self._tell(task.key, done, heard, log, metrics)
                if trace:
                    trace.tell(task.key, done, task.watch)
                if error is not None:
                    errors.update(dict.fromkeys(heard.messages, error))
                if isinstance(done, Outcome) and done.again:
                    again.update(heard.messages)
        metrics.add("PeakMemory", round(_peak_megabytes() + self._confined.peak / (1 << 20), 1), "Megabytes")
        metrics.flush(log, self._settings.pipeline)
        return answer(event, messages, errors, again)

    def _keys(self, messages: Iterable[events.Message], errors: Errors, log: Log) -> dict[str, _Key]:
        """Each key once, with all messages that speak of it."""
        bucket, prefix = _bucket_of(self._settings.source)
        keys: dict[str, _Key] = {}
        for number, message in enumerate(messages):
            for change in message.changes:
                if bucket and change.bucket not in (None, bucket):
                    error = Failed(
                        "unknown-event", f"The event is about the bucket {change.bucket}, not {bucket}."
                    )
                    errors[number] = error
                    log("ERROR", "another bucket", bucket=change.bucket, code=error.code)
                    continue
                key = events.relative(change.key, prefix)
                if key is None:
                    log("DEBUG", "outside the source", bucket=change.bucket, key=change.key)
                    continue
                heard = keys.setdefault(key, _Key())
                heard.messages.append(number)
                heard.verify |= message.verify or _is_late(change.time)
                heard.repeated &= message.verify
                heard.told = min(heard.told, change.time.timestamp() - _CLOCKS if change.time else 0.0)
                if change.time and (heard.since is None or change.time < heard.since):
                    heard.since = change.time
        return keys

    def _shift(self, context: Context) -> Shift:
        memory = int(context.memory_limit_in_mb) << 20
        return Shift(
            self._source,
            self._destination,
            self._settings.recipe,
            render=self._confined.render,
            budget=max(memory - AT_REST, AT_REST) // _COPIES,
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
            reserve=self._settings.reserve_seconds,
        )

    def _tell(
        self, key: str, done: Done, heard: _Key, log: Log, metrics: Metrics
    ) -> PixmillError | Exception | None:
        """Log one outcome and count it; the error for which its messages must come again."""
        if done is None:
            metrics.add("HandedBack", 1)
            log("INFO", "handed back", key=key, reason="not enough time left")
            return Failed("out-of-time")
        if isinstance(done, Outcome):
            age = (datetime.now(UTC) - heard.since).total_seconds() if heard.since else None
            _count(done, age, metrics)
            reason = done.manifest.reason if done.manifest else None
            log(
                "WARNING" if done.action == "rejected" else "INFO",
                done.action,
                key=key,
                code=reason.code if reason else None,
                renditions=len(done.made) or None,
                bytes_in=done.manifest.source.bytes if done.manifest else None,
                bytes_out=sum(entry.bytes or 0 for entry in done.made) or None,
                removed=done.removed or None,
                timings_ms=done.manifest.timings_ms if done.made and done.manifest else None,
                age_s=round(age, 3) if age is not None else None,
                again=done.again or None,
            )
            return None
        metrics.add("Failed", 1)
        code = done.code if isinstance(done, PixmillError) else "internal-error"
        log("ERROR", "failed", key=key, code=code, error=f"{type(done).__name__}: {done}")
        return done


def _count(outcome: Outcome, age: float | None, metrics: Metrics) -> None:
    metrics.add("Originals", 1)
    if outcome.again:
        metrics.add("ComesAgain", 1)
    if outcome.action == "rejected":
        reason = outcome.manifest.reason if outcome.manifest else None
        metrics.rejected(reason.code if reason else "unknown")
    if outcome.action == "made" and outcome.manifest:
        metrics.add("Renditions", len(outcome.made))
        metrics.add("BytesIn", outcome.manifest.source.bytes, "Bytes")
        metrics.add("BytesOut", sum(entry.bytes or 0 for entry in outcome.made), "Bytes")
        for stage, spent in outcome.manifest.timings_ms.items():
            metrics.add(f"Stage.{stage}", spent, "Milliseconds")
        if age is not None:
            metrics.add("UploadToReady", age, "Seconds")


def _is_late(time: datetime | None) -> bool:
    """Whether a change may have been heard of before: one redriven from a dead-letter queue counts anew."""
    return time is None or datetime.now(UTC) - time > _LATE


def _bucket_of(source: str) -> tuple[str | None, str]:
    """The bucket and the folder in it that a source's URL names; no bucket if it is a folder."""
    scheme, separator, rest = source.partition("://")
    if not separator or scheme == "file":
        return None, ""
    bucket, _, prefix = rest.partition("?")[0].partition("/")
    return bucket, prefix


def _peak_megabytes() -> float:
    try:
        with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - Path would not be quicker
            kilobytes = next(int(line.split()[1]) for line in status if line.startswith(b"VmHWM:"))
    except (OSError, StopIteration):
        # It counts the parent's peak as well, if that was higher before it started this process.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round(peak / 1024 if sys.platform == "linux" else peak / (1 << 20), 1)
    return round(kilobytes / 1024, 1)


def _confined(settings: Settings) -> Confined:
    return Confined(Allowance.under(settings.recipe.limits, cpu=settings.render_seconds))


_made: list[Worker] = []


def _worker() -> Worker:
    """Made at the first invocation, so that a mistake in the settings is an error that somebody sees."""
    if not _made:
        settings = Settings.from_env(os.environ)
        # Before the stores, which bring threads along: so it is a fork, which costs least.
        confined = _confined(settings)
        # No call outlives the time that is left when an original is begun.
        source, destination = (
            open_store(place, patience=settings.reserve_seconds)
            for place in (settings.source, settings.destination)
        )
        _made.append(Worker(settings, source, destination, confined=confined))
    return _made[0]


__all__ = ["Context", "Worker", "handler"]
