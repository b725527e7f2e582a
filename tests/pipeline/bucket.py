"""A bucket, as far as the tests look into it, and what a pair of them promises."""

from datetime import datetime
from typing import Any, NamedTuple

from pixmill.keys import MANIFESTS, manifest_key
from pixmill.manifest import Manifest

MANIFEST_FOLDER = f"{MANIFESTS}/"


class Object(NamedTuple):
    """An object in a bucket: its entity tag without quotes, when it was written, its size."""

    etag: str
    written: datetime
    size: int


class Bucket:
    """A bucket that is there.

    Args:
        client: boto3's for S3.
        name: of the bucket.
    """

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401 - boto3 makes its classes as it goes
        self._client = client
        self.name = name

    def put(self, key: str, data: bytes) -> str:
        """Write an object; its entity tag."""
        etag: str = self._client.put_object(Bucket=self.name, Key=key, Body=data)["ETag"]
        return etag.strip('"')

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self.name, Key=key)

    def read(self, key: str) -> bytes:
        """The bytes of an object.

        Raises:
            KeyError: it is not there.
        """
        try:
            body = self._client.get_object(Bucket=self.name, Key=key)["Body"]
        except self._client.exceptions.NoSuchKey:
            raise KeyError(key) from None
        with body:
            return body.read()

    def objects(self, folder: str = "") -> dict[str, Object]:
        """What is in it, or in a folder of it, by key."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=folder)
        return {
            each["Key"]: Object(each["ETag"].strip('"'), each["LastModified"], each["Size"])
            for page in pages
            for each in page.get("Contents", ())
        }


class Destination(Bucket):
    """A bucket of renditions and manifests."""

    def renditions(self) -> dict[str, Object]:
        """What is in it, by key, but for the manifests."""
        return {key: each for key, each in self.objects().items() if not key.startswith(MANIFEST_FOLDER)}

    def manifests(self) -> dict[str, Manifest]:
        """All manifests, by the keys of their originals."""
        found = [Manifest.from_json(self.read(key)) for key in self.objects(MANIFEST_FOLDER)]
        return {manifest.source.key: manifest for manifest in found}

    def manifest(self, key: str) -> Manifest:
        """The manifest of an original.

        Raises:
            KeyError: it has none.
        """
        return Manifest.from_json(self.read(manifest_key(key)))


def faults(source: Bucket, destination: Destination) -> list[str]:
    """Where a destination is not what the source and the manifests promise: a sentence for each."""
    originals, manifests, renditions = source.objects(), destination.manifests(), destination.renditions()
    found = [f"{key!r} has no manifest" for key in originals.keys() - manifests.keys()]
    named: set[str] = set()
    for key, manifest in manifests.items():
        if key not in originals or originals[key].etag != manifest.source.etag:
            found.append(f"{key!r} is not what its manifest is about")
        promised = {entry.key: entry.etag for entry in manifest.renditions if entry.key}
        named |= promised.keys()
        found += [
            f"{each!r} is not what the manifest of {key!r} names"
            for each, etag in promised.items()
            if each not in renditions or renditions[each].etag != etag
        ]
    return sorted([*found, *(f"{key!r} is named by no manifest" for key in renditions.keys() - named)])
