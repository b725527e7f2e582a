"""Pictures over which the engine's process is lost, and the engine that loses it."""

from pathlib import Path

import pytest
from tests.sync.pictures import photo

SABOTAGE = Path(__file__).parent / "sabotage"


def evil(name: str) -> bytes:
    """A JPEG that asks a sabotaged engine for something; see sabotage/sitecustomize.py."""
    return photo() + b"EVIL:" + name.encode()


@pytest.fixture
def sabotaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every new interpreter has a sabotaged engine."""
    monkeypatch.syspath_prepend(SABOTAGE)
