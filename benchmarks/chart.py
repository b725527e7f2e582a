"""The picture of a run, as SVG: what a photo costs each contender, Pixmill being 1."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from budgets import Record, mean_ratios

OURS = "pixmill"
NAMESPACE = "http://www.w3.org/2000/svg"
COLUMNS, WIDTH, LABELS, ROW, MARGIN = 2, 440, 120, 20, 24
OWN, OTHER, INK = "#0b6e6e", "#c3ccd1", "#1b2428"
TITLES = {
    "baseline JPEG": "Baseline JPEG, 2 to 100 MP",
    "progressive JPEG": "Progressive JPEG, 12 and 24 MP",
    "PNG": "PNG, 4 MP",
    "WebP": "WebP, 12 MP",
    "AVIF": "AVIF, 12 MP",
    "HEIC": "HEIC, 12 MP",
}


def drawn(record: Record) -> str:
    """The whole chart. A panel for each group of photos, the cheapest contender first."""
    panels = [
        (title, costs(record, group))
        for group, title in TITLES.items()
        if mean_ratios(record["cases"], group)
    ]
    rows = [panels[start : start + COLUMNS] for start in range(0, len(panels), COLUMNS)]
    shapes: list[str] = []
    top = 64
    for row in rows:
        for column, (title, bars) in enumerate(row):
            shapes += panel(MARGIN + column * (WIDTH + MARGIN), top, title, bars)
        top += (max(len(bars) for _, bars in row) + 2) * ROW + MARGIN
    width = COLUMNS * (WIDTH + MARGIN) + MARGIN
    machine = f"{record['machine']['processor']}, {record['made'][:10]}; less is better"
    return "\n".join(
        [
            f'<svg xmlns="{NAMESPACE}" width="{width}" height="{top}" viewBox="0 0 {width} {top}">',
            f'<g font-family="system-ui, sans-serif" fill="{INK}">',
            f'<rect width="{width}" height="{top}" fill="#fff"/>',
            text(MARGIN, 30, "CPU time for both renditions of a photo, Pixmill = 1", size=17, weight=600),
            text(MARGIN, 48, machine, size=12),
            *shapes,
            "</g>\n</svg>\n",
        ]
    )


def costs(record: Record, group: str) -> list[tuple[str, float]]:
    """Each contender's CPU time as a multiple of Pixmill's, the cheapest first."""
    ratios = mean_ratios(record["cases"], group)
    return sorted(
        [(OURS, 1.0), *((peer, 1 / ratio) for peer, ratio in ratios.items())], key=lambda bar: bar[1]
    )


def panel(left: int, top: int, title: str, bars: list[tuple[str, float]]) -> Iterator[str]:
    room = WIDTH - LABELS - 44
    most = max(cost for _, cost in bars)
    yield text(left, top + 14, title, weight=600)
    for number, (name, cost) in enumerate(bars, 1):
        y = top + number * ROW + 6
        own = name == OURS
        yield text(left + LABELS - 8, y + 12, name, anchor="end", weight=600 if own else 400)
        length = max(1.0, room * cost / most)
        fill = OWN if own else OTHER
        place = f'x="{left + LABELS}" y="{y}" width="{length:.1f}" height="{ROW - 5}"'
        yield f'<rect {place} rx="2" fill="{fill}"/>'
        yield text(left + LABELS + length + 6, y + 12, f"{cost:.2f}", weight=600 if own else 400)


def text(  # noqa: PLR0913 - as many as SVG has
    x: float, y: float, words: str, *, size: int = 13, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
