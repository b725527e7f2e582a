"""An S3 server of its own, in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from tests.faults.buckets import Buckets

_START = 30  # seconds


@contextmanager
def server() -> Generator[str]:
    """The URL of an empty server that runs meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + _START
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the S3 server does not start")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextmanager
def buckets(endpoint: str, source: str = "uploads", destination: str = "renditions") -> Generator[Buckets]:
    """Two new buckets on a server."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - means nothing
        config=Config(s3={"addressing_style": "path"}, max_pool_connections=20),
    )
    for name in (source, destination):
        client.create_bucket(Bucket=name)
    yield Buckets(client, source, destination)
    client.close()
