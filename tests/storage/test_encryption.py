"""What is written with `kms=KEY` is encrypted with that key, whichever way it takes."""

from http.server import BaseHTTPRequestHandler

import pytest
from tests.storage.bucket import Bucket
from tests.storage.server import DATE, WAYS, reply, server, write

from pixmill.storage import open_store

KEYS = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "alias/teams/photos",
    "arn:aws:kms:eu-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
]


@pytest.mark.parametrize("kms", KEYS)
@pytest.mark.parametrize("key", WAYS)
def test_an_object_is_encrypted_with_the_key_given(bucket: Bucket, key: str, kms: str) -> None:
    store = open_store(f"{bucket.url('in')}&kms={kms}")

    first = store.put(key, b"1", media_type="image/webp", expect=None)
    store.put(key, b"2", media_type="image/webp", expect=first)

    head = bucket.head(f"in/{key}")
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == kms
    assert head["BucketKeyEnabled"] is True
    found = store.get(key)
    assert found is not None
    assert found[1] == b"2"


@pytest.mark.parametrize("key", WAYS)
def test_without_a_key_the_bucket_decides(bucket: Bucket, key: str) -> None:
    write(open_store(bucket.url("in")), key)

    assert "SSEKMSKeyId" not in bucket.head(f"in/{key}")


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_only_writes_speak_of_encryption(key: str) -> None:
    """AWS answers 400 to a read that does."""
    spoke: list[str] = []

    def look(request: BaseHTTPRequestHandler) -> None:
        if any(name.startswith("x-amz-server-side") for name in request.headers):
            spoke.append(request.command)
        reply(request, 404 if request.command == "DELETE" else 200, ETag='"e"', Last_Modified=DATE)

    with server(look) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}&kms={KEYS[0]}")
        store.head(key)
        store.get(key)
        write(store, key)
        store.made_by_us(key)
        store.delete(key)

    assert spoke == ["PUT"]
