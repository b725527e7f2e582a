"""An estimate as people and programs read it."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pixmill.cli import words
from pixmill.cli.terminal import grid, shown
from pixmill.estimate import Bill, Deployment, Item, Prices, Sample, amount

TITLES = {"pixmill": "Pixmill", "first-sketch": "First sketch"}
"""Each way's name for people."""

_NS_IN_MS = 1e6


def report(
    sample: Sample, deployment: Deployment, prices: Prices, bills: Sequence[Bill]
) -> Iterator[RenderableType]:
    """The bills side by side, and what they rest on."""
    yield Text(_about(sample))
    yield ""
    yield _table(f"{deployment.images:,} originals", [bill.items for bill in bills], bills)
    yield ""
    yield _table("Each month besides", [bill.monthly for bill in bills], bills)
    yield ""
    yield Text(
        f"US dollars, prices of {shown(prices.region)} as of {shown(prices.date)}, no free tier, without tax."
    )
    yield Text(_assumed(deployment))
    if unmade := bills[-1].unmade:
        pictures = words.count(len(sample.pictures), "picture")
        yield Text(f"The first sketch makes nothing of {unmade} of {pictures}, and pays the less for it.")


def arithmetic(bills: Sequence[Bill]) -> Iterator[str]:
    """Where each line of the bills comes from."""
    for bill in bills:
        yield from ("", TITLES[bill.name])
        for item in (*bill.items, *bill.monthly):
            yield f"  {item.name}: {item.arithmetic}"


def as_plain(
    sample: Sample, deployment: Deployment, prices: Prices, bills: Sequence[Bill]
) -> dict[str, object]:
    """All of it as plain values for a line of JSON."""
    return {
        "sample": {
            "found": sample.found,
            "measured": len(sample.pictures),
            "rejected": sample.rejected,
            "bytes": sample.total(lambda picture: picture.size),
            "cpu_ms": _cpu_ms(sample),
        },
        "deployment": {
            "images": deployment.images,
            "memory_mb": deployment.memory_mb,
            "architecture": deployment.architecture,
            "batch": deployment.batch,
            "keep_months": float(deployment.keep_months),
            "views": deployment.views,
        },
        "assumed": {"speed": float(deployment.speed), "latency_ms": float(deployment.latency_ms)},
        "prices": {"date": prices.date, "region": prices.region},
        "ways": {
            bill.name: {
                "dollars": float(bill.total),
                "monthly_dollars": float(bill.monthly_total),
                "unmade": bill.unmade,
                "items": [_plain(item) for item in bill.items],
                "monthly": [_plain(item) for item in bill.monthly],
            }
            for bill in bills
        },
    }


def _plain(item: Item) -> dict[str, object]:
    return {
        "name": item.name,
        "quantity": float(item.quantity),
        "unit": item.price.unit,
        "dollars": float(item.dollars),
        "how": item.how,
    }


def _cpu_ms(sample: Sample) -> dict[str, float]:
    """What a picture takes on average on this machine, by way."""
    return {
        "pixmill": float(sample.mean(lambda picture: picture.pixmill.nanoseconds)) / _NS_IN_MS,
        "first-sketch": float(sample.mean(lambda picture: picture.sketch.nanoseconds)) / _NS_IN_MS,
    }


def _about(sample: Sample) -> str:
    measured = words.count(len(sample.pictures), "picture")
    of = f" of {sample.found:,}" if sample.found > len(sample.pictures) else ""
    ours, theirs = _cpu_ms(sample).values()
    codes = ", ".join(f"{count} {code}" for code, count in sample.rejected.items())
    rejected = f", rejected: {codes}" if codes else ""
    times = f"{ours:.1f} ms of CPU each here, in the first sketch's way {theirs:.1f} ms"
    return f"{measured}{of}{rejected}; {times}."


def _assumed(deployment: Deployment) -> str:
    return (
        f"Assumed, not measured: Lambda's core is {amount(deployment.speed)} {words.TIMES} this machine's "
        f"(--speed), S3 answers in {amount(deployment.latency_ms)} ms (--latency), "
        f"uploads come {deployment.batch} at a time (--batch)."
    )


def _table(title: str, columns: Sequence[Sequence[Item]], bills: Sequence[Bill]) -> Table:
    table = grid(title)
    for bill in bills:
        table.add_column(TITLES[bill.name], justify="right")
        table.add_column("dollars", justify="right")
    names = dict.fromkeys(item.name for items in columns for item in items)
    for name in names:
        cells: list[str] = []
        for items in columns:
            item = next((each for each in items if each.name == name), None)
            cells += ["", ""] if item is None else [_quantity(item), f"{float(item.dollars):,.2f}"]
        table.add_row(name, *cells)
    totals = [float(sum(item.dollars for item in items)) for items in columns]
    table.add_row("Together", *(cell for total in totals for cell in ("", f"{total:,.2f}")), style="bold")
    return table


def _quantity(item: Item) -> str:
    return f"{amount(item.quantity)} {item.price.unit}"
