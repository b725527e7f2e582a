from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.bundle.built import HOST, runnable, unzipped

from .emulated import Function

FUNCTIONS = Path(__file__).parent / "functions"

# It finds what it imports only where it is deployed.
collect_ignore = ["functions/sabotaged.py"]

Start = Callable[..., Function]


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Generator[Start]:
    """Starts a function from the bundle for this machine, until the test ends."""
    if not runnable():
        pytest.skip("Lambda has no bundle that this system could run")
    target, here = runnable()[0]
    task = unzipped(target, tmp_path_factory.getbasetemp())
    with ExitStack() as stack:

        def started(handler: str = "probe.handler", **options: object) -> Function:
            given: dict[str, object] = {"beside": [FUNCTIONS], **options}
            function = Function(task=task, handler=handler, architecture=HOST, here=here, **given)  # type: ignore[arg-type]
            return stack.enter_context(function)

        yield started
