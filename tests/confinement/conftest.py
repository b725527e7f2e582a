import threading
from collections.abc import Iterator

import pytest

from .evil import sabotaged

__all__ = ["sabotaged"]

# To import it, in search of doctests, would be to sabotage the tests' own engine.
collect_ignore = ["sabotage"]


@pytest.fixture(autouse=True)
def _company() -> Iterator[None]:
    """A second thread, so that no test's process is a fork of the tests'."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join(20)
