from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import Any

import pytest

from .cloud import Cloud
from .pipeline import Pipeline

# Runs within the emulator, with ministack, which is not installed for the tests.
collect_ignore = ["emulator"]

Deploy = Callable[..., Pipeline]


@pytest.fixture(scope="session")
def pipeline(cloud: Cloud) -> Generator[Pipeline]:
    """A pipeline for tests that need no other and keep to keys of their own; a removal comes again soon."""
    with Pipeline(cloud=cloud, timeout=10, visibility=10, reserve=8) as deployed:
        yield deployed


@pytest.fixture
def deploy(cloud: Cloud) -> Generator[Deploy]:
    """Deploys a pipeline, until the test ends."""
    with ExitStack() as stack:

        def deployed(**options: Any) -> Pipeline:  # noqa: ANN401 - whatever a pipeline takes
            return stack.enter_context(Pipeline(cloud=cloud, **options))

        yield deployed
