"""The stores that the contract is held against: a folder, obstore's memory, and S3 on a server of its own."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pixmill.storage import Store, open_store

if TYPE_CHECKING:
    from tests.storage.bucket import Bucket


@pytest.fixture(params=["memory", "folder", "s3", "s3-prefix"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind."""
    match request.param:
        case "memory":
            return open_store("memory://")
        case "folder":
            return open_store(tmp_path / "folder", create=True)
        case kind:
            bucket: Bucket = request.getfixturevalue("bucket")
            return open_store(bucket.url("some/100% folder#1" if kind == "s3-prefix" else ""))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@contextmanager
def _as_nobody() -> Generator[None]:
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def unprivileged() -> Callable[[], AbstractContextManager[None]]:
    """Gives a context in which permissions bind even those who run the tests as root."""
    return _as_nobody
