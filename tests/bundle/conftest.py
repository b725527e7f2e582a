import zipfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from tests.bundle.built import built

from pixmill.infra.bundle import Architecture, Bundle, Target


@dataclass(frozen=True)
class Opened:
    """A bundle and its zip."""

    bundle: Bundle
    archive: zipfile.ZipFile

    @property
    def names(self) -> list[str]:
        return self.archive.namelist()

    def read(self, name: str) -> bytes:
        return self.archive.read(name)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run's bundles are."""
    return tmp_path_factory.getbasetemp()


@pytest.fixture(params=get_args(Architecture))
def opened(request: pytest.FixtureRequest, base: Path) -> Generator[Opened]:
    """The bundle for each processor, with the default Python."""
    bundle = built(Target(request.param), base)
    with zipfile.ZipFile(bundle.path) as archive:
        yield Opened(bundle, archive)
