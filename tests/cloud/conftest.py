import textwrap
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.bundle.built import runnable
from tests.pipeline.cloud import REGION, Cloud

from .engine import Engine, Stack

PROGRAMS = Path(__file__).with_name("programs")

Deploy = Callable[..., Stack]
Write = Callable[[str], None]

_HEAD = """
import json
import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions
config = pulumi.Config()
"""

collect_ignore = ["programs"]


@pytest.fixture(scope="session")
def cloud() -> Generator[Cloud]:
    if not runnable():
        pytest.skip("Lambda has no bundle that this system could run")
    target, here = runnable()[0]
    # Nothing here is invoked, so that no bundle is needed.
    with Cloud(target=target, here=here, bundle=Path()) as running:
        yield running


@pytest.fixture(scope="session")
def engine(cloud: Cloud) -> Iterator[Engine]:
    with Engine(endpoint=cloud.endpoint, region=REGION) as running:
        yield running


@pytest.fixture
def deploy(engine: Engine) -> Generator[Deploy]:
    """Makes a stack of a folder's program; it is taken down when the test ends."""
    stacks: list[Stack] = []

    def made(folder: Path, name: str = "dev", **config: Any) -> Stack:  # noqa: ANN401 - whatever it takes
        stacks.append(engine.stack(folder, name, config))
        return stacks[-1]

    yield made
    for stack in stacks:
        stack.unprotect()
        stack.destroy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project without a program yet."""
    (tmp_path / "Pulumi.yaml").write_text(f"name: {tmp_path.name}\n")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes the program in `folder`, which finds Pulumi and `config` imported."""

    def written(program: str) -> None:
        (folder / "__main__.py").write_text(_HEAD + textwrap.dedent(program), "utf-8")

    return written


@pytest.fixture
def stack(folder: Path, deploy: Deploy) -> Stack:
    """The stack of the program in `folder`."""
    return deploy(folder)
