import pytest

from pixmill.engine import decode


@pytest.fixture
def no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as pixels are asked for."""
    monkeypatch.setattr(decode, "_read", None)
