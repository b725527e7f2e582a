"""One JSON line for each outcome, and one for each batch that CloudWatch turns into metrics.

Lines hold bucket, key, codes and numbers: nothing that a user wrote but the key. Metrics are in CloudWatch's
embedded metric format, so that they cost a line of log and no call. docs/decisions/0006-telemetry.md says why
this is not aws-lambda-powertools.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Literal

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Unit = Literal["Count", "Bytes", "Milliseconds", "Seconds", "Megabytes"]

_LEVELS: tuple[Level, ...] = ("DEBUG", "INFO", "WARNING", "ERROR")
_NAMESPACE = "Pixmill"
_MOST_VALUES = 100  # of one metric in one line, by the embedded metric format's specification


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Log:
    """JSON lines above a level.

    Args:
        level: the lowest that is written.
        fields: what every line says.
        write: where a line goes; standard output if left out.
    """

    def __init__(
        self, level: str, fields: Mapping[str, object], write: Callable[[str], None] = _write
    ) -> None:
        self._lowest = _LEVELS.index(level) if level in _LEVELS else _LEVELS.index("INFO")  # type: ignore[arg-type]
        self._fields = dict(fields)
        self._write = write

    def __call__(self, level: Level, message: str, **fields: object) -> None:
        """Write one line. Fields that are None are left out."""
        if _LEVELS.index(level) < self._lowest:
            return
        line = {"level": level, "message": message, **self._fields, **fields}
        self.raw({name: value for name, value in line.items() if value is not None})

    def raw(self, line: Mapping[str, object]) -> None:
        """Write one line as it is, whatever the level."""
        self._write(json.dumps(line, separators=(",", ":"), default=str))


class Metrics:
    """Numbers of one batch, gathered, then written as one line (or few) of embedded metrics."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = defaultdict(list)
        self._units: dict[str, Unit] = {}
        self._by_code: dict[str, int] = defaultdict(int)

    def add(self, name: str, value: float, unit: Unit = "Count") -> None:
        """Add one observation."""
        self._values[name].append(value)
        self._units[name] = unit

    def rejected(self, code: str) -> None:
        """Count a rejected original, in all and by its code."""
        self.add("Rejected", 1)
        self._by_code[code] += 1

    def flush(self, log: Log, pipeline: str) -> None:
        """Write what was gathered, and begin anew."""
        values = {name: _summed(found, self._units[name]) for name, found in self._values.items()}
        if values:
            units = [{"Name": name, "Unit": self._units[name]} for name in values]
            log.raw(_embedded({"Pipeline": pipeline}, units, values))
        for code, count in self._by_code.items():
            unit = [{"Name": "RejectedByCode", "Unit": "Count"}]
            log.raw(_embedded({"Pipeline": pipeline, "Code": code}, unit, {"RejectedByCode": count}))
        self._values.clear()
        self._by_code.clear()


def _summed(values: list[float], unit: Unit) -> float | list[float]:
    """Counts and bytes add up; times and sizes of a process are a distribution."""
    if unit in {"Count", "Bytes"}:
        return sum(values)
    return values[:_MOST_VALUES] if len(values) > 1 else values[0]


def _embedded(
    dimensions: Mapping[str, str], units: list[dict[str, str]], values: Mapping[str, object]
) -> dict[str, object]:
    directive = {"Namespace": _NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": units}
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, **dimensions, **values}
