import os
import shutil
import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cloud.engine import Engine, Stack
from tests.pipeline.cloud import REGION, Cloud

from pixmill.infra.artifact import cached
from pixmill.infra.bundle import Target

from .site import Site

with warnings.catch_warnings():
    # Modules of the provider warn of themselves when they are first looked at, whatever is done with them.
    warnings.simplefilter("ignore")
    import pulumi_aws as aws

    assert aws.s3.Bucket
    assert aws.lambda_.Function

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAM = Path(__file__).parent / "programs" / "pipelines"

collect_ignore = ["programs"]

Deploy = Callable[..., Stack]


@pytest.fixture(scope="session")
def engine(cloud: Cloud) -> Iterator[Engine]:
    with Engine(endpoint=cloud.endpoint, region=REGION) as running:
        yield running


@pytest.fixture(scope="session")
def surroundings(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a user whose bundle is built already: for this machine, which is to run it."""
    base = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(base))
        place = cached(Target())
    place.parent.mkdir()
    shutil.copy(cloud.bundle, place)
    return {"XDG_CACHE_HOME": str(base), "HOME": os.environ["HOME"], "PATH": os.environ["PATH"]}


@pytest.fixture(scope="session")
def deploy(engine: Engine, surroundings: dict[str, str]) -> Generator[Deploy]:
    """Makes a stack of a folder's program; it is taken down when all tests have ended."""
    stacks: list[Stack] = []

    def made(folder: Path, name: str, **config: Any) -> Stack:  # noqa: ANN401 - whatever it takes
        stacks.append(engine.stack(folder, name, config))
        stacks[-1].environment |= surroundings
        return stacks[-1]

    yield made
    for stack in stacks:
        stack.destroy()


@pytest.fixture(scope="session")
def home(deploy: Deploy, cloud: Cloud) -> Site:
    """What deploy/ makes, up; for tests that keep to keys of their own and bring it up as they need it."""
    stack = deploy(DEPLOY, "home", keepBuckets=False)
    stack.up()
    return Site(cloud, stack, "images")
