"""The stores that the contract is held against: a folder, obstore's memory, and S3 on a server of its own."""

import os
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import boto3
import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from tests.storage.bucket import Bucket

from pixmill.storage import Store, open_store


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    # Pages of a tenth of S3's make a tenth of the objects enough to need several.
    os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = "100"
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that mean nothing, and none of the caller's own settings."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def bucket(s3_endpoint: str, aws: None) -> Iterator[Bucket]:  # noqa: ARG001 - for its effect
    client = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1")
    name = f"bucket-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name)
    yield Bucket(client, name, s3_endpoint)
    client.close()


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
