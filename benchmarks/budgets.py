"""What Pixmill promises of its speed, and whether a run keeps it. Knows nothing but the run's record."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Any

Record = dict[str, Any]

BASELINE = "baseline JPEG"
PROGRESSIVE = "progressive JPEG"
MB = 1e6


@dataclass(frozen=True)
class Line:
    """One promise.

    Attributes:
        bar: None if the figure is only stated.
        measured: None if the run did not measure it.
        at_least: whether more is better.
    """

    name: str
    bar: float | None
    measured: float | None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        if self.bar is None:
            return "stated"
        kept = self.measured >= self.bar if self.at_least else self.measured <= self.bar
        return "holds" if kept else "missed"


CPU = (
    (BASELINE, "sketch", 0.42),
    (BASELINE, "sharp clone", 0.60),
    (BASELINE, "sharp cascade", 1.0),
    (BASELINE, "floor", 1.40),
    (PROGRESSIVE, "sketch", 0.30),
    ("PNG", "sketch", 0.38),
    ("WebP", "sketch", 0.38),
    ("AVIF", "sketch", 0.55),
    ("HEIC", "sketch", 0.60),
)
PEAKS = (
    ("24 MP JPEG", 60),
    ("100 MP JPEG", 80),
    ("12 MP progressive", None),
    ("24 MP progressive", None),
)
SYNC = (
    ("sync on one core", 1.85),
    ("the sketch's way, pool", 2.3),
    # Stated alone: 2.3 times as fast as this would take less time than the floor does.
    ("Pillow cascade, pool", None),
    ("vipsthumbnail, parallel", 1.0),
)


def mean_ratios(cases: Iterable[Record], group: str) -> dict[str, float]:
    """Pixmill's CPU time against each peer's: the geometric mean over a group that the peer reads whole."""
    ratios = [case["pixmill_cpu_ratio_to"] for case in cases if case["group"] == group]
    peers = [peer for peer in ratios[0] if all(peer in others for others in ratios)] if ratios else []
    return {peer: round(geometric_mean(others[peer] for others in ratios), 4) for peer in peers}


def judge(record: Record) -> list[Line]:
    """Every promise, in the order in which they were made."""
    return [*_cpu(record), *_quality(record), *_memory(record), *_sync(record), *_worker(record)]


def _cpu(record: Record) -> Iterator[Line]:
    for group, peer, bar in CPU:
        yield Line(f"CPU, {group}, ÷ {peer}", bar, mean_ratios(record["cases"], group).get(peer))


def _quality(record: Record) -> Iterator[Line]:
    def large(field: str) -> float | None:
        return _at(record, lambda found: found["quality"]["by_rendition"]["standard"][field])

    yield Line("SSIMULACRA2 at 800 px, least of all photos", 90, large("least"), at_least=True)
    yield Line("SSIMULACRA2 at 800 px, median", 92, large("median"), at_least=True)
    yield Line(
        "SSIMULACRA2 of the JPEG below libjpeg-turbo's of the same nominal quality, at most",
        3,
        large("jpeg_below_libjpeg_turbo_at_most"),
    )
    for rendition, bar in (("standard", 0.96), ("thumbnail", None)):
        yield Line(
            f"bytes at equal SSIMULACRA2 ÷ libjpeg-turbo's, {rendition}",
            bar,
            _at(record, lambda found, name=rendition: found["equal_quality"]["by_rendition"][name]),
        )


def _memory(record: Record) -> Iterator[Line]:
    peaks = {case["name"]: case["contenders"]["pixmill"]["peak"] / MB for case in record.get("memory", [])}
    for name, bar in PEAKS:
        yield Line(f"peak memory, {name}, MB", bar, peaks.get(name))
    streamed = _at(record, lambda found: found["warm"]["streamed"]["peak"] / MB)
    yield Line("peak of a warm process over 200 jobs of JPEG, PNG and WebP, MB", 110, streamed)
    held = _at(record, lambda found: found["warm"]["every"]["now"] / MB)
    yield Line("held by a warm process after 200 jobs of every kind, MB", 110, held)


def _sync(record: Record) -> Iterator[Line]:
    for name, bar in SYNC:
        faster = _at(record, lambda found, than=name: found["throughput"]["times_as_fast_on_all_cores"][than])
        yield Line(f"sync on all cores, times as fast as {name}", bar, faster, at_least=True)


def _worker(record: Record) -> Iterator[Line]:
    cold = _at(record, lambda found: found["cold_start"]["pixmill"]["ratio"])
    yield Line("cold start ÷ the sketch's imports", round(1 / 3, 3), cold)
    both = _at(record, lambda found: found["cold_start"]["pixmill and its engine"]["less_empty"])
    yield Line("the same with the engine's process, both less the empty runtime", round(1 / 3, 3), both)
    yield Line(
        "ten JPEGs with 50 ms on every call ÷ without, all on one core",
        1.35,
        _at(record, lambda found: found["overlap"]["all"]["ratio"]),
    )
    yield Line(
        "the same, the worker alone on its core",
        1.35,
        _at(record, lambda found: found["overlap"]["worker"]["ratio"]),
    )


def _at(record: Record, read: Callable[[Record], float]) -> float | None:
    """A figure that a run may have left out."""
    try:
        return read(record)
    except KeyError:
        return None
