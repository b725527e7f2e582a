"""What an estimate takes for granted is what is deployed: it cannot fall behind."""

import json
from typing import Any

import pytest
from tests.aws.world import SETTINGS, Invocation, World, batch, notice

from pixmill.aws import shift
from pixmill.aws.worker import Worker
from pixmill.estimate import Deployment, ways
from pixmill.infra.alarms import alarms
from pixmill.infra.blueprint import Blueprint

BLUEPRINT = Blueprint(name="images")


def logged(originals: int, *, broken: bool = False) -> list[str]:
    """What the real worker writes for an invocation with so many originals."""
    world, lines = World(), list[str]()
    names = [f"photos/2026/IMG_{number:04}.jpg" for number in range(originals)]
    for name in names:
        world.upload(name, b"no picture" if broken else None)
    worker = Worker(SETTINGS, world.source, world.destination, lines.append)
    worker.handle(batch(*(notice(f"in/{name}") for name in names)), Invocation())
    return lines


def metrics(lines: list[str]) -> set[str]:
    """The metrics that they hold, a code's as one of its own."""
    found: set[str] = set()
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        for directive in said.get("_aws", {}).get("CloudWatchMetrics", ()):
            found |= {each["Name"] + said.get("Code", "") for each in directive["Metrics"]}
    return found


def test_the_defaults_are_those_of_the_component() -> None:
    usual = Deployment()

    assert (usual.memory_mb, usual.architecture, usual.batch) == (
        *(BLUEPRINT.memory_mb, BLUEPRINT.architecture, BLUEPRINT.batch_size),
    )


def test_alarms_are_paid_by_what_they_look_at() -> None:
    assert sum(len(alarm.metrics) for alarm in alarms(BLUEPRINT)) == ways.ALARM_METRICS


def test_a_worker_has_as_many_originals_at_hand() -> None:
    assert ways.THREADS == shift._MOST_THREADS


def test_the_metrics_are_those_that_the_worker_writes() -> None:
    common = {name for name in metrics(logged(1)) if not name.startswith("Stage.")}

    assert len(common) == ways.METRICS
    assert metrics(logged(1, broken=True)) - common == {"Rejected", "RejectedByCodenot-an-image"}


@pytest.mark.parametrize("originals", [1, 10])
def test_the_log_has_about_as_many_bytes(originals: int) -> None:
    """Lambda's own lines are none of the worker's, and taken to have 700."""
    written = sum(len(line.encode()) + 1 for line in logged(originals)) + 700
    expected = originals * ways.LOG_EACH + ways.LOG_INVOCATION

    assert expected * 0.75 < written < expected * 1.25
