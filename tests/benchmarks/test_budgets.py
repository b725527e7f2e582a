"""A budget is judged by the record of a run and by nothing else."""

import pytest
from benchmarks.budgets import BASELINE, PROGRESSIVE, Line, Record, judge, mean_ratios


def case(group: str, **ratios: float) -> Record:
    return {"group": group, "pixmill_cpu_ratio_to": ratios}


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (Line("less is better", 0.4, 0.4), "holds"),
        (Line("less is better", 0.4, 0.41), "missed"),
        (Line("more is better", 90, 90, at_least=True), "holds"),
        (Line("more is better", 90, 89.9, at_least=True), "missed"),
        (Line("without a bar", None, 89.9), "stated"),
        (Line("left out", 90, None), "not measured"),
        (Line("left out", None, None), "not measured"),
    ],
)
def test_a_bar_is_met_by_reaching_it(line: Line, verdict: str) -> None:
    assert line.verdict == verdict


def test_the_mean_of_ratios_is_geometric_and_of_one_group() -> None:
    cases = [case(BASELINE, sketch=0.2), case(BASELINE, sketch=0.8), case(PROGRESSIVE, sketch=0.9)]

    assert mean_ratios(cases, BASELINE) == {"sketch": 0.4}


def test_a_peer_that_cannot_read_all_of_a_group_has_no_mean() -> None:
    cases = [case(BASELINE, sketch=0.5, sharp=0.5), case(BASELINE, sketch=0.5)]

    assert mean_ratios(cases, BASELINE) == {"sketch": 0.5}


def test_what_a_run_left_out_is_not_measured_and_not_missed() -> None:
    assert {line.verdict for line in judge({"cases": []})} == {"not measured"}


def test_a_record_is_judged_by_its_own_figures() -> None:
    record: Record = {
        "cases": [case(BASELINE, sketch=0.39, floor=1.5)],
        "memory": [{"name": "24 MP JPEG", "contenders": {"pixmill": {"peak": 47_000_000}}}],
        "throughput": {"times_as_fast_on_all_cores": {"sync on one core": 1.7}},
    }

    verdicts = {line.name: line.verdict for line in judge(record) if line.verdict != "not measured"}

    assert verdicts == {
        "CPU, baseline JPEG, ÷ sketch": "holds",
        "CPU, baseline JPEG, ÷ floor": "missed",
        "peak memory, 24 MP JPEG, MB": "holds",
        "sync on all cores, times as fast as sync on one core": "missed",
    }
