"""A deployment that ends early leaves a state that the next one goes on from."""

import json
from pathlib import Path

import pytest
from tests.pipeline.cloud import Cloud

from .conftest import Deploy, Write
from .deployment import Deployment, Stopped
from .engine import Engine, Stack
from .goals import Goal, Namespace
from .inventory import inventory
from .program import Launcher
from .provider import Refused
from .state import State
from .steps import DeploymentError, Op

QUEUE = "aws:sqs/queue:Queue"
CHAIN = """
    first = aws.sqs.Queue("first", name=config.get("name"))
    second = aws.sqs.Queue("second", tags={"of": first.arn})
    third = aws.sqs.Queue("third", tags={"of": second.arn})
"""


def test_what_was_made_before_a_failure_is_not_made_again(stack: Stack, write: Write, cloud: Cloud) -> None:
    before = inventory(cloud)
    write(CHAIN)

    with pytest.raises(DeploymentError, match="failed on request at aws:sqs/queue:Queue second") as failure:
        stack.up(fail_at="second")
    again = stack.up()

    assert failure.value.result.named(Op.CREATE) == ["first"]
    assert again.named(Op.SAME) == ["first"]
    assert again.named(Op.CREATE) == ["second", "third"]
    assert len(inventory(cloud) - before) == 3


def test_after_a_failure_nothing_is_begun(engine: Engine) -> None:
    deployment = Deployment(engine.provider, State(), fail_at="one")
    namespace = Namespace("project", "stack")
    one, two = (
        Goal(urn=namespace.urn(QUEUE, name), type=QUEUE, name=name, custom=True) for name in ("one", "two")
    )

    with pytest.raises(Refused):
        deployment.register(one)
    with pytest.raises(Stopped):
        deployment.register(two)

    assert deployment.steps == []


def test_a_replacement_that_failed_leaves_the_old_one(stack: Stack, write: Write, cloud: Cloud) -> None:
    write(CHAIN)
    stack.up()
    standing = inventory(cloud)
    stack.config["name"] = "a-new-name"

    with pytest.raises(DeploymentError):
        stack.up(fail_at="first")

    assert inventory(cloud) == standing
    assert stack.up().named(Op.REPLACE) == ["first"]


def test_what_was_replaced_before_a_failure_is_deleted_later(
    stack: Stack, write: Write, cloud: Cloud
) -> None:
    write(CHAIN)
    stack.up()
    count = len(inventory(cloud))
    stack.config["name"] = "a-new-name"

    with pytest.raises(DeploymentError):
        stack.up(fail_at="second")
    assert len(inventory(cloud)) == count + 1  # the new one stands beside the old one
    again = stack.up()

    assert again.named(Op.DELETE_REPLACED) == ["first"]
    assert len(inventory(cloud)) == count


def test_a_failed_deletion_is_done_by_the_next_destroy(stack: Stack, write: Write, cloud: Cloud) -> None:
    before = inventory(cloud)
    write(CHAIN)
    stack.up()

    with pytest.raises(DeploymentError) as failure:
        stack.destroy(fail_at="second")

    assert failure.value.result.named(Op.DELETE) == ["third"]
    assert stack.destroy().named(Op.DELETE) == ["second", "first"]
    assert inventory(cloud) == before


def test_what_was_under_way_when_the_engine_died_is_told(stack: Stack, write: Write, cloud: Cloud) -> None:
    """Nobody knows what became of it, as the orphan that is left shows."""
    write(CHAIN)
    stack.config["name"] = "an-orphan"
    before = inventory(cloud)

    with pytest.raises(DeploymentError, match="died on request"):
        stack.up(die_at="first")

    (orphan,) = inventory(cloud) - before
    assert [each.name for each in stack.resources()] == [f"{stack.project.name}-dev"]
    cloud.client("sqs").delete_queue(QueueUrl=orphan.removeprefix("sqs:"))
    (warning,) = stack.up().logs
    assert warning.endswith("::first: interrupted while creating")
    assert stack.up().logs == []


def test_the_state_outlives_the_engine(stack: Stack, write: Write, engine: Engine) -> None:
    write(CHAIN)
    stack.up()

    kept = json.loads(stack.file.read_text("utf-8"))
    same = engine.stack(stack.project.folder)

    assert [each["urn"] for each in kept["resources"]] == [each.urn for each in same.resources()]
    assert same.up().changes == []


def test_a_program_that_fails_is_told_with_what_it_said(stack: Stack, write: Write) -> None:
    write('aws.sqs.Queue("first"); print("before"); raise LookupError("nothing there")')

    with pytest.raises(DeploymentError, match="LookupError: nothing there") as failure:
        stack.up()

    assert "before" in failure.value.result.printed


def test_a_program_that_does_not_end_is_ended(engine: Engine, folder: Path, write: Write) -> None:
    write("import time; time.sleep(60)")
    stack = engine.stack(folder)
    with Launcher(seconds=1) as launcher:
        stack.launcher = launcher
        with pytest.raises(DeploymentError, match="killed by signal 14"):
            stack.preview()


def test_a_program_sees_nothing_of_this_environment(
    stack: Stack, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "nowhere")
    stack.environment["TOLD"] = "yes"
    write('import os; pulumi.export("names", sorted(n for n in os.environ if n != "LC_CTYPE"))')

    names = stack.preview().outputs["names"]

    assert names == ["LANG", "PATH", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS", "PYTHONPATH", "TOLD"]


def test_programs_are_apart_from_each_other(deploy: Deploy, tmp_path: Path) -> None:
    """Each has a process of its own, though all come from one that has Pulumi loaded."""
    told: list[str] = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text(f"name: {name}\n")
        (folder / "beside.py").write_text(f"NAME = {name!r}\n")
        (folder / "__main__.py").write_text(
            "import pulumi\nfrom beside import NAME\npulumi.export('name', NAME)\n"
        )
        told.append(deploy(folder).preview().outputs["name"])

    assert told == ["one", "two"]
