"""The tables that a person reads, and the JSON that the README's figures come from."""

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from harness import Result, ratio
from peers import HERE, OURS
from photos import Case
from rich.console import Console
from rich.table import Table

Results = list[tuple[Case, Result]]


def show(results: Results) -> None:
    console = Console(width=None if Console().is_terminal else 120)
    console.print(speed_table(results))
    console.print(weight_table(results))


def others(results: Results) -> list[str]:
    return [name for name in results[0][1] if name != OURS.name]


def speed_table(results: Results) -> Table:
    title = "CPU milliseconds per photo, and pixmill's share of each peer's"
    table = Table(title=title, title_justify="left")
    table.add_column("photos", no_wrap=True)
    for name in results[0][1]:
        table.add_column(name, justify="right")
    compared = others(results) if OURS.name in results[0][1] else []
    for name in compared:
        table.add_column(f"÷ {name}", justify="right", style="bold")
    for case, result in results:
        times = [f"{result[name].cpu_ms:.1f}" for name in result]
        table.add_row(case.name, *times, *(f"{ratio(result, OURS.name, name):.2f}" for name in compared))
    means = geometric_means(results, compared)
    if means:
        table.add_section()
        blanks = [""] * len(results[0][1])
        table.add_row("geometric mean", *blanks, *(f"{means[name]:.2f}" for name in compared))
    return table


def weight_table(results: Results) -> Table:
    table = Table(title="Peak memory in MB / size of both renditions in kB", title_justify="left")
    table.add_column("photos", no_wrap=True)
    table.add_column("kB in", justify="right")
    for name in results[0][1]:
        table.add_column(name, justify="right")
    for case, result in results:
        weights = (f"{times.peak / 1e6:.0f} / {sum(times.bytes_out) / 1e3:.0f}" for times in result.values())
        table.add_row(case.name, f"{case.bytes / 1e3:.0f}", *weights)
    return table


def geometric_means(results: Results, compared: list[str]) -> dict[str, float]:
    """Over the cases that the budgets are about."""
    counting = [result for case, result in results if case.counts]
    if not counting:
        return {}
    return {name: geometric_mean(ratio(result, OURS.name, name) for result in counting) for name in compared}


def save(results: Results, path: Path, rounds: int) -> None:
    compared = others(results) if OURS.name in results[0][1] else []
    record = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "rounds": rounds,
        "cases": [case_record(case, result, compared) for case, result in results],
        "geometric_mean_of_cpu_ratios": {
            name: round(mean, 4) for name, mean in geometric_means(results, compared).items()
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n")


def case_record(case: Case, result: Result, compared: list[str]) -> dict[str, Any]:
    return {
        "name": case.name,
        "photos": len(case.photos),
        "bytes_in": case.bytes,
        "counts_in_the_mean": case.counts,
        "contenders": {
            name: {
                "cpu_ms": round(times.cpu_ms, 3),
                "cpu_ms_by_round": [round(seconds * 1e3, 3) for seconds in times.cpu],
                "wall_ms_by_round": [round(seconds * 1e3, 3) for seconds in times.wall],
                "peak_bytes": times.peak,
                "bytes_out": times.bytes_out,
            }
            for name, times in result.items()
        },
        "pixmill_cpu_ratio_to": {name: round(ratio(result, OURS.name, name), 4) for name in compared},
    }


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"processor": names[0] if names else platform.processor(), "architecture": platform.machine()}


def versions() -> dict[str, str]:
    packages = ("pixmill", "pillow", "pyvips", "pyvips-binary", "pyjpegli")
    npm = json.loads((HERE / "package.json").read_text())["dependencies"]
    return {"python": platform.python_version(), **{name: version(name) for name in packages}, **npm}
