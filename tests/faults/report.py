"""What a campaign came to, for people to read."""

from collections import Counter
from collections.abc import Mapping

from tests.faults.campaign import Report

_MOST = 20  # lines about what is wrong


def text(report: Report) -> str:
    """A report as text."""
    sent = dict(report.messages)
    changes = sent.pop("changes")
    bad = [f"lost: {key!r}" for key in report.verdict.lost] + report.verdict.wrong + report.unsound
    rows = {
        "seed": f"{report.seed}",
        "originals": f"{report.originals:,} uploaded, {changes:,} changes, {report.present:,} left",
        "requests": f"{report.requests:,}, of which {report.injected.total():,} went wrong",
        **_faults(report),
        "messages": _listed(sent),
        "workers": f"{report.killed:,} killed",
        "pipeline": _listed(report.told),
        "dead letters": f"{report.redriven:,} moved back in the end, {report.buried:,} left, all nonsense",
        "time": f"{report.faulty:.0f} s of faults, {report.converged:.1f} s more until all was dealt with",
        "lost": f"{len(report.verdict.lost)}",
        "wrong": f"{len(report.verdict.wrong) + len(report.unsound)}",
    }
    lines = [f"{name:14} {row}" for name, row in rows.items()] + [f"  {each}" for each in bad[:_MOST]]
    if len(bad) > _MOST:
        lines.append(f"  and {len(bad) - _MOST} more")
    return "\n".join(lines)


def _faults(report: Report) -> dict[str, str]:
    kinds: Counter[str] = Counter()
    verbs: dict[str, dict[str, int]] = {}
    for (kind, verb), count in sorted(report.injected.items()):
        kinds[kind] += count
        verbs.setdefault(kind, {})[verb] = count
    return {f"  {kind}": f"{count:6,}: {_listed(verbs[kind])}" for kind, count in kinds.most_common()}


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
