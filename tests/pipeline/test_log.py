"""What the function says: lines of JSON, metrics in them, and Lambda's own reports."""

import json
import re

from tests.sync.pictures import photo

from .conftest import Deploy


def test_the_log_has_one_line_for_each_outcome_and_one_of_metrics_for_each_batch(deploy: Deploy) -> None:
    pipeline = deploy(timeout=10, visibility=10, reserve=8)
    for number in range(4):
        pipeline.upload(f"{number}.jpg", photo(seed=number))
    pipeline.upload("bad.jpg", photo()[:200])
    pipeline.settle()
    pipeline.delete("0.jpg")
    pipeline.settle()

    lines = pipeline.function.lines()
    told = sorted((line["key"], line["message"]) for line in lines if "key" in line)

    assert told == [
        *[("0.jpg", "current"), ("0.jpg", "made"), ("0.jpg", "removed")],
        *[("1.jpg", "made"), ("2.jpg", "made"), ("3.jpg", "made")],
        ("bad.jpg", "rejected"),
    ]
    assert [line["message"] for line in lines if line.get("again")] == ["removed"]
    embedded = [line for line in lines if "_aws" in line]
    assert sum(line.get("Originals", 0) for line in embedded) == 7
    assert sum(line.get("ComesAgain", 0) for line in embedded) == 1
    assert sum(line.get("Rejected", 0) for line in embedded) == 1
    assert {line["Pipeline"] for line in embedded} == {pipeline.name}


def test_everything_in_the_log_is_json_but_for_the_lines_of_lambda_itself(deploy: Deploy) -> None:
    pipeline = deploy()
    pipeline.upload("a.jpg", photo())
    pipeline.settle()

    own = [line for line in pipeline.function.log() if not re.match(r"(START|END|REPORT) RequestId: ", line)]

    assert own
    assert all(isinstance(json.loads(line), dict) for line in own)


def test_each_invocation_is_reported_and_the_first_of_a_process_with_its_start(deploy: Deploy) -> None:
    pipeline = deploy()
    for number in range(3):
        pipeline.upload(f"{number}.jpg", photo(seed=number))
        pipeline.settle()

    reports = [line for line in pipeline.function.log() if line.startswith("REPORT ")]

    assert len(reports) == pipeline.function.invocations
    assert sum("Init Duration: " in line for line in reports) == len(pipeline.function.processes())
    peaks = [int(each) for line in reports for each in re.findall(r"Max Memory Used: (\d+) MB", line)]
    assert len(peaks) == len(reports)
    assert all(10 < peak < 500 for peak in peaks)
