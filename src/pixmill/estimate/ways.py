"""The two ways of making renditions, each as a bill: pure arithmetic over what was measured."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec

from pixmill.estimate.bill import TIMES, Bill, Item, amount
from pixmill.estimate.deployment import Deployment, billed, gb_seconds
from pixmill.estimate.prices import Prices
from pixmill.estimate.sample import Picture, Sample, Work

GB = 1 << 30

# Of the worker: how many originals it has at hand at a time, and what each waits for S3 while nothing can be
# rendered: the original and its manifest, the renditions, the manifest.
THREADS = 10
WAITS = 3

# Bytes of log: a line for each original with its share of the metrics, and for each invocation the line of
# metrics and two lines of Lambda's own, of 800 and about 700.
LOG_EACH = 360
LOG_INVOCATION = 1500

POLLS_A_MONTH = 5 * 3 * 60 * 24 * 30
"""Lambda asks a queue that is empty five at a time, each for 20 seconds."""

ALARM_METRICS = 8

# By telemetry: Originals, Renditions, BytesIn, BytesOut, UploadToReady, ColdStarts, PeakMemory.
METRICS = 7

_MOST_MESSAGES = 10  # of one request to SQS

SKETCH_MEMORY_MB = 1024
_SKETCH_LOG = 1500  # the event as a whole, a line for each step, and three of Lambda's own
_SKETCH_ALARMS = 2

_NS_IN_MS = 1_000_000


def price_pixmill(sample: Sample, deployment: Deployment, prices: Prices) -> Bill:
    """The pipeline as it is deployed: a queue, batches, a manifest for each original."""
    bill = _Writer(sample, deployment, prices, lambda picture: picture.pixmill)
    rejected = sum(sample.rejected.values())
    return Bill(
        name="pixmill",
        items=(*_pixmill_runs(bill), *bill.requests(), *_pixmill_tells(bill), *bill.keeps()),
        monthly=_pixmill_stands(bill),
        unmade=rejected,
    )


def price_first_sketch(sample: Sample, deployment: Deployment, prices: Prices) -> Bill:
    """The first sketch: one invocation of 1024 MB for each upload, one call after the other, no queue.

    It names no architecture, so it has Lambda's default. Its traces are lost, for want of a permission.
    """
    itself = msgspec.structs.replace(deployment, memory_mb=SKETCH_MEMORY_MB, architecture="x86_64", batch=1)
    bill = _Writer(sample, itself, prices, lambda picture: picture.sketch)
    waits = sample.mean(lambda picture: picture.sketch.reads + picture.sketch.writes)
    each = billed(itself.slowed(bill.cpu_ms) + waits * itself.latency_ms)
    how = (
        f"{amount(bill.cpu_ms)} ms of CPU and {amount(waits)} waits for S3 of {amount(itself.latency_ms)} ms"
    )
    logged = Fraction(bill.images * _SKETCH_LOG, GB)
    return Bill(
        name="first-sketch",
        items=(
            *bill.runs(Fraction(bill.images), each, how),
            *bill.requests(),
            bill.item("Logs", "logs", logged, f"{bill.images:,} {TIMES} {_SKETCH_LOG:,} bytes"),
            *bill.keeps(),
        ),
        monthly=(bill.item("Alarms", "alarms", Fraction(_SKETCH_ALARMS), "errors and duration"),),
        unmade=sum(not picture.sketch.files for picture in sample.pictures),
    )


def _pixmill_runs(bill: "_Writer") -> Iterator[Item]:
    deployment = bill.deployment
    # The network is hidden behind the rendering of other originals, but for the first and the last.
    waits = WAITS * -(-deployment.batch // THREADS)
    rendering = deployment.batch * deployment.slowed(bill.cpu_ms)
    each = billed(rendering + waits * deployment.latency_ms)
    how = (
        f"{deployment.batch} {TIMES} {amount(bill.cpu_ms)} ms of CPU and {waits} waits for S3 of "
        f"{amount(deployment.latency_ms)} ms"
    )
    yield from bill.runs(bill.invocations, each, how)


def _pixmill_tells(bill: "_Writer") -> Iterator[Item]:
    images, invocations = bill.images, bill.invocations
    batches = Fraction(images, min(bill.deployment.batch, _MOST_MESSAGES))
    sent = f"{images:,} sent + {amount(batches)} received + {amount(batches)} deleted"
    yield bill.item("SQS requests", "sqs-requests", images + 2 * batches, sent)
    yield bill.item("SNS messages", "sns-messages", Fraction(images), f"{images:,} manifests")
    logged = (images * LOG_EACH + invocations * LOG_INVOCATION) / GB
    how = f"{images:,} {TIMES} {LOG_EACH} bytes + {amount(invocations)} {TIMES} {LOG_INVOCATION:,} bytes"
    yield bill.item("Logs", "logs", logged, how)
    yield bill.item("X-Ray, at most", "traces", invocations, f"{amount(invocations)} invocations")


def _pixmill_stands(bill: "_Writer") -> tuple[Item, ...]:
    codes, stages = len(bill.sample.rejected), len(bill.sample.stages)
    metrics = METRICS + stages + (1 + codes if codes else 0)
    how = f"{METRICS} + {stages} stages" + (f" + rejections and {codes} codes of them" if codes else "")
    return (
        bill.item("SQS polling", "sqs-requests", Fraction(POLLS_A_MONTH), "5 at a time, each for 20 s"),
        bill.item("Alarms", "alarms", Fraction(ALARM_METRICS), "what they look at"),
        bill.item("Metrics, at most", "metrics", Fraction(metrics), how),
    )


class _Writer:
    """Writes the items that both ways have."""

    def __init__(
        self, sample: Sample, deployment: Deployment, prices: Prices, work: Callable[[Picture], Work]
    ) -> None:
        self.sample = sample
        self.deployment = deployment
        self.images = deployment.images
        self.invocations = Fraction(deployment.images, deployment.batch)
        self.cpu_ms = sample.mean(lambda picture: work(picture).nanoseconds) / _NS_IN_MS
        self._prices = prices
        self._work = work

    def item(self, name: str, price: str, quantity: Fraction, how: str) -> Item:
        return Item(name=name, quantity=Fraction(quantity), price=self._prices[price], how=how)

    def runs(self, invocations: Fraction, milliseconds: int, how: str) -> Iterator[Item]:
        """The function's time, and its requests."""
        memory = self.deployment.memory_mb
        yield self.item(
            "Lambda compute",
            f"lambda-compute-{self.deployment.architecture}",
            gb_seconds(invocations, milliseconds, memory),
            f"{amount(invocations)} {TIMES} {milliseconds:,} ms ({how}) {TIMES} {memory}/1024 GB",
        )
        yield self.item(
            "Lambda requests", "lambda-requests", invocations, f"{amount(invocations)} invocations"
        )

    def requests(self) -> Iterator[Item]:
        """What goes to S3 and comes from it."""
        yield self._times("S3 writes", "s3-writes", lambda picture: self._work(picture).writes)
        yield self._times("S3 reads", "s3-reads", lambda picture: self._work(picture).reads)

    def keeps(self) -> Iterator[Item]:
        """What is stored, and delivered if that was asked for."""
        months, views = self.deployment.keep_months, self.deployment.views
        stored = self.sample.mean(
            lambda picture: self._work(picture).file_bytes + self._work(picture).record_bytes
        )
        how = f"{self.images:,} {TIMES} {amount(stored)} bytes {TIMES} {amount(months)} months"
        yield self.item("Storage", "s3-storage", self.images * stored * months / GB, how)
        if views:
            files = self.sample.total(lambda picture: self._work(picture).files)
            of_all = self.sample.total(lambda picture: self._work(picture).file_bytes)
            # Of what is rejected nothing can be delivered.
            made = Fraction(sum(bool(self._work(each).files) for each in self.sample.pictures))
            delivered = self.images * views * made / len(self.sample.pictures)
            size = Fraction(of_all, files or 1)
            how = f"{amount(delivered)} {TIMES} {amount(size)} bytes"
            yield self.item(
                "CloudFront requests", "cloudfront-requests", delivered, f"{views} of each original"
            )
            yield self.item("CloudFront transfer", "cloudfront-transfer", delivered * size / GB, how)

    def _times(self, name: str, price: str, of: Callable[[Picture], int]) -> Item:
        mean = self.sample.mean(of)
        return self.item(name, price, self.images * mean, f"{self.images:,} {TIMES} {amount(mean)}")
