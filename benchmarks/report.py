"""The tables that a person reads."""

from collections.abc import Iterable

from budgets import BASELINE, Line, Record, mean_ratios
from peers import OURS
from rich.console import Console
from rich.table import Table

ABSENT = "-"


def show_speed(cases: list[Record]) -> None:
    _show(_times(cases, "cpu_ms", "CPU milliseconds per photo, children included"))
    _show(_times(cases, "wall_ms", "Wall milliseconds per photo"))
    _show(_ratios(cases))
    _show(_sizes(cases))


def show_memory(memory: list[Record]) -> None:
    table = _table("Peak memory in MB / of it above an empty interpreter", (case["name"] for case in memory))
    table.add_row("the photo", *(f"{case['bytes_in'] / 1e6:.1f}" for case in memory))
    table.add_section()
    for name in _names(memory):
        found = (case["contenders"].get(name) for case in memory)
        cells = (f"{at['peak'] / 1e6:.0f} / {at['over_empty'] / 1e6:.0f}" if at else ABSENT for at in found)
        table.add_row(name, *cells)
    _show(table)


def show_throughput(found: Record) -> None:
    title = f"A folder of {found['photos']} photos on {found['cores']} cores"
    table = _table(title, ("photos per second", "sync is times as fast"))
    for name, rate in found["photos_per_second"].items():
        faster = found["times_as_fast_on_all_cores"].get(name)
        table.add_row(name, f"{rate:.1f}", f"{faster:.2f}" if faster else ABSENT)
    _show(table)
    print(
        f"sync on all cores holds {found['sync_peak_bytes'] / 1e6:.0f} MB at most, all its processes together"
    )


def show_budgets(lines: list[Line]) -> None:
    table = _table("Budgets", ("bar", "measured", ""))
    for line in lines:
        sign = "≥" if line.at_least else "≤"
        bar = ABSENT if line.bar is None else f"{sign} {line.bar:g}"
        measured = ABSENT if line.measured is None else f"{line.measured:.3g}"
        table.add_row(line.name, bar, measured, line.verdict)
    _show(table)


def _show(table: Table) -> None:
    console = Console(width=None if Console().is_terminal else 170)
    console.print(table)


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", overflow="fold")
    return table


def _names(cases: list[Record]) -> list[str]:
    return list(dict.fromkeys(name for case in cases for name in case["contenders"]))


def _times(cases: list[Record], field: str, title: str) -> Table:
    table = _table(title, (case["name"] for case in cases))
    for name in _names(cases):
        found = (case["contenders"].get(name) for case in cases)
        table.add_row(name, *(f"{times[field]:.1f}" if times else ABSENT for times in found))
    return table


def _ratios(cases: list[Record]) -> Table:
    means = mean_ratios(cases, BASELINE)
    table = _table(
        "Pixmill's share of each peer's CPU time", [*(case["name"] for case in cases), "mean of " + BASELINE]
    )
    for name in _names(cases):
        if name != OURS:
            found = [*(case["pixmill_cpu_ratio_to"].get(name) for case in cases), means.get(name)]
            table.add_row(f"÷ {name}", *(f"{share:.2f}" if share else ABSENT for share in found))
    return table


def _sizes(cases: list[Record]) -> Table:
    table = _table(
        "Size of both renditions in kB, as asked for, not at equal quality", (case["name"] for case in cases)
    )
    table.add_row("the photo", *(f"{case['bytes_in'] / 1e3:.0f}" for case in cases))
    table.add_section()
    for name in _names(cases):
        found = (case["contenders"].get(name) for case in cases)
        table.add_row(name, *(f"{sum(times['bytes_out']) / 1e3:.0f}" if times else ABSENT for times in found))
    return table
