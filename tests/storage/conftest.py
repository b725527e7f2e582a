"""The stores that the contract is held against: a folder, obstore's memory, and S3 on a server of its own."""

import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pixmill.storage import Store, open_store

if TYPE_CHECKING:
    from tests.storage.bucket import Bucket


@pytest.fixture(params=["memory", "folder", "s3", "s3-prefix", "s3-without-botocore"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind."""
    match request.param:
        case "memory":
            return open_store("memory://")
        case "folder":
            return open_store(tmp_path / "folder", create=True)
        case kind:
            bucket: Bucket = request.getfixturevalue("bucket")
            if kind == "s3-without-botocore":
                request.getfixturevalue("without_botocore")
            return open_store(bucket.url("some/100% folder#1" if kind == "s3-prefix" else ""))


@pytest.fixture
def second(bucket: "Bucket") -> "Bucket":
    """Another bucket on the same server."""
    other = replace(bucket, name=f"{bucket.name}-2")
    other.client.create_bucket(Bucket=other.name)
    return other


@pytest.fixture
def without_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which botocore is not installed."""
    monkeypatch.setitem(sys.modules, "botocore.session", None)


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
