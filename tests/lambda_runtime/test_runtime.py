"""The bundle on Lambda's own runtime: cold start, time limit, memory, errors."""

import os
from pathlib import Path

import pytest

from .conftest import Start

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def test_a_cold_function_starts_once_and_then_stays_warm(start: Start) -> None:
    function = start()

    first, second = (function.invoke({}).value for _ in range(2))

    assert first["process"] == second["process"]
    assert len(function.cold_starts) == 1
    assert function.cold_starts[0] > 0


def test_the_bundle_renders_on_the_runtime(start: Start) -> None:
    function = start()

    told = function.invoke({"picture": str(PHOTOS / "paint-brushes.jpg")}).value

    assert told["rendered"] == [["standard", 800, 600], ["thumbnail", 150, 150]]
    assert {Path(each).is_relative_to(function.task) for each in told["origin"].values()} == {True}
    assert told["version"] == function.here.version


def test_what_takes_too_long_is_ended_and_the_next_call_starts_cold(start: Start) -> None:
    function = start(timeout=1)
    first = function.invoke({}).value["process"]

    late = function.invoke({"sleep": 30})

    assert late.timed_out
    assert function.invoke({}).value["process"] != first
    assert len(function.cold_starts) == 2


def test_the_function_knows_its_limits(start: Start) -> None:
    told = start(timeout=7, memory=768).invoke({}).value

    assert told["memory"] == 768
    assert 0 < told["left"] <= 7000


def test_the_peak_of_memory_is_told(start: Start) -> None:
    function = start()
    function.invoke({})
    before = function.peak

    function.invoke({"hold": 100_000_000})

    assert 5 < before < 100
    assert 90 < function.peak - before < 110


def test_an_error_is_told_as_lambda_tells_it_and_the_function_goes_on(start: Start) -> None:
    function = start()

    error = function.invoke({"raise": "no such thing"}).value

    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "no such thing")
    assert function.invoke({}).value["process"]


def test_a_function_that_cannot_be_imported_says_so(start: Start) -> None:
    error = start("nowhere.handler").invoke({}).value

    assert error["errorType"] == "Runtime.ImportModuleError"


def test_nothing_of_this_machine_reaches_the_function(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXMILL_TEST_SECRET", "leaked")

    told = start(environment={"PIXMILL_GIVEN": "yes"}).invoke({}).value["environment"]

    assert told["PIXMILL_GIVEN"] == "yes"
    assert "PIXMILL_TEST_SECRET" not in told
    assert told.get("HOME") != os.environ["HOME"]


def test_what_the_function_prints_is_in_its_log(start: Start) -> None:
    function = start()

    function.invoke({"sleep": 0})

    assert "the probe was called with ['sleep']" in function.log


def test_nothing_goes_on_when_it_is_stopped(start: Start) -> None:
    function = start()
    process = function.invoke({}).value["process"]

    function.__exit__(None, None, None)

    assert not Path("/proc", str(process)).exists()
