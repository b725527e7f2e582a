"""The function is the bundle's, reads what was said, and begins when all is ready."""

import importlib

import pytest
from tests.infra.deployed import bundle, deploy

from pixmill.recipe import Recipe
from pixmill.settings import Settings

FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"


def test_the_worker_reads_what_was_said() -> None:
    recipe = {"rendition": [{"name": "tiny", "width": 40, "formats": ["webp"]}]}
    deployed = deploy({"recipe": recipe, "log_level": "WARNING", "destination": {"prefix": "out"}})

    settings = Settings.from_env(deployed.one(FUNCTION)["environment"]["variables"])
    assert settings == Settings(
        source="s3://photos-source-1a2b3c4/uploads",
        destination="s3://photos-destination-1a2b3c4/out",
        recipe=Recipe.from_dict(recipe),
        pipeline="shop-test-photos",
        log_level="WARNING",
    )


@pytest.mark.parametrize(("timeout", "reserve"), [(10, 3.333), (30, 10.0), (900, 20.0)])
def test_a_short_time_is_not_all_reserve(timeout: int, reserve: float) -> None:
    variables = deploy({"timeout_seconds": timeout}).one(FUNCTION)["environment"]["variables"]

    assert Settings.from_env(variables).reserve_seconds == reserve


def test_one_thread_renders() -> None:
    variables = deploy().one(FUNCTION)["environment"]["variables"]

    assert (variables["VIPS_CONCURRENCY"], variables["MALLOC_ARENA_MAX"]) == ("1", "1")
    assert int(variables["MALLOC_MMAP_THRESHOLD_"]) < int(variables["MALLOC_TRIM_THRESHOLD_"])


def test_it_is_the_bundles_function() -> None:
    function = deploy({"architecture": "x86_64", "python": "3.14"}).one(FUNCTION)

    assert function["code"].path == str(bundle())
    assert (function["runtime"], function["architectures"]) == ("python3.14", ["x86_64"])
    module, _, name = function["handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


def test_no_variable_is_one_that_lambda_keeps_for_itself() -> None:
    """ "Defined runtime environment variables" of the Lambda Developer Guide."""
    reserved = ("AWS_", "_", "LAMBDA_", "LD_LIBRARY_PATH", "PATH", "LANG", "TZ", "PYTHONPATH")
    variables = deploy().one(FUNCTION)["environment"]["variables"]

    assert [name for name in variables if name.startswith(reserved)] == []


def test_it_logs_as_json_to_its_own_group() -> None:
    deployed = deploy({"log_retention_days": 7, "log_level": "ERROR"})

    assert deployed.one(FUNCTION)["loggingConfig"] == {
        "logFormat": "JSON",
        "logGroup": "photos-worker-1a2b3c4",
        # Whatever the worker's own level: Lambda would drop its metrics.
        "applicationLogLevel": "INFO",
        "systemLogLevel": "INFO",
    }
    assert deployed.one("aws:cloudwatch/logGroup:LogGroup")["retentionInDays"] == 7


def test_messages_come_in_batches_of_which_some_may_fail() -> None:
    args = {"batch_size": 25, "batch_window_seconds": 3, "maximum_concurrency": 4}
    mapping = deploy(args).one(MAPPING)

    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (mapping["batchSize"], mapping["maximumBatchingWindowInSeconds"]) == (25, 3)
    assert mapping["scalingConfig"] == {"maximumConcurrency": 4}


def test_work_begins_when_rights_are_given_and_the_destination_is_closed() -> None:
    deployed = deploy()
    mapping = deployed.one(MAPPING)

    assert deployed.one("aws:iam/rolePolicy:RolePolicy").urn in mapping.after
    assert (
        deployed.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "-destination").urn
        in mapping.after
    )
    assert deployed.one("aws:s3/bucketPolicy:BucketPolicy", "-destination").urn in mapping.after


def test_the_boundary_is_the_roles() -> None:
    boundary = "arn:aws:iam::123456789012:policy/boundary"

    assert (
        deploy({"permissions_boundary_arn": boundary}).one("aws:iam/role:Role")["permissionsBoundary"]
        == boundary
    )
