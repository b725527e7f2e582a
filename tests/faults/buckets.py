"""The two buckets of a campaign, seen past the proxy."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError
from tests.faults.originals import Change

_READERS = 4


class Buckets:
    """A source and a destination on an S3 server.

    Args:
        client: of boto3, with all rights.
        source: name of the bucket of originals.
        destination: name of the bucket of renditions.
    """

    def __init__(self, client: Any, source: str, destination: str) -> None:  # noqa: ANN401 - boto3 makes its classes
        self._client = client
        self.source = source
        self.destination = destination

    def change(self, change: Change) -> None:
        if change.data is None:
            self._client.delete_object(Bucket=self.source, Key=change.key)
        else:
            self._client.put_object(Bucket=self.source, Key=change.key, Body=change.data)

    def write(self, key: str, data: bytes) -> None:
        """Put an object into the destination, as a foreign hand."""
        self._client.put_object(Bucket=self.destination, Key=key, Body=data)

    def originals(self) -> dict[str, str]:
        """Key and entity tag of what is in the source."""
        return dict(self._listed(self.source))

    def stored(self) -> dict[str, bytes]:
        """What is in the destination."""
        keys = [key for key, _ in self._listed(self.destination)]
        with ThreadPoolExecutor(_READERS) as pool:
            return dict(zip(keys, pool.map(self._read, keys), strict=True))

    def manifest(self, key: str) -> tuple[str, bytes] | None:
        """The entity tag and the bytes of an object of the destination; None if it is not there."""
        got = self._if_there(self._client.get_object, key)
        return got and (got["ETag"], got["Body"].read())

    def etag(self, key: str) -> str | None:
        """The entity tag of an object of the destination, without quotes; None if it is not there."""
        got = self._if_there(self._client.head_object, key)
        return got and got["ETag"].strip('"')

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self.destination, Key=key)["Body"].read()

    def _if_there(self, ask: Callable[..., Any], key: str) -> Any:  # noqa: ANN401 - as above
        try:
            return ask(Bucket=self.destination, Key=key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def _listed(self, bucket: str) -> list[tuple[str, str]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [(each["Key"], each["ETag"].strip('"')) for page in pages for each in page.get("Contents", ())]
