"""The command line, in this process and in a folder of its own."""

import pytest
from tests.cli.conftest import here, quick

__all__ = ["here", "quick"]


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    # The command sets it for libvips; so it is set back.
    monkeypatch.setenv("VIPS_CONCURRENCY", "1")
