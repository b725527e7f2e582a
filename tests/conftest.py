"""What several kinds of tests share: an S3 server on loopback, and a whole cloud."""

import os
import uuid
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import settings
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from tests.pipeline.cloud import Cloud
from tests.storage.bucket import Bucket

# A busy machine may take its time over an example; no test asserts how long.
settings.register_profile("pixmill", deadline=None)
settings.load_profile("pixmill")


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


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An emulated AWS that runs the bundle and enforces rights."""
    try:
        made = Cloud.of_this_machine(tmp_path_factory.getbasetemp())
    except LookupError as error:
        pytest.skip(str(error))
    with made as running:
        yield running
