"""What a bucket does beside the contract, as boto3 sees it, and when servers misbehave."""

import json
import socket
from hashlib import md5
from http.server import BaseHTTPRequestHandler

import pytest
from tests.storage.bucket import Bucket
from tests.storage.server import DATE, VERBS, WAYS, failure, reply, server, write

from pixmill.errors import Refused
from pixmill.storage import Conflict, open_store


def test_a_bucket_gets_exactly_the_key_headers_and_metadata_given(bucket: Bucket) -> None:
    store = open_store(bucket.url("out/2026"))
    etag = store.put(
        "standard/100% a#b.jpg",
        b"1",
        media_type="image/webp",
        cache_control="public, max-age=60",
        metadata={"pixmill-source-etag": "12-ab", "pixmill-recipe": "f00"},
        expect=None,
    )

    assert bucket.keys() == ["out/2026/standard/100% a#b.jpg"]
    head = bucket.head("out/2026/standard/100% a#b.jpg")
    assert (head["ContentType"], head["CacheControl"]) == ("image/webp", "public, max-age=60")
    assert head["Metadata"] == {"pixmill-source-etag": "12-ab", "pixmill-recipe": "f00"}
    assert head["ETag"] == f'"{etag}"'


def test_a_large_object_goes_in_one_part(bucket: Bucket) -> None:
    # Parts would be uploaded without the condition, and have an etag that depends on their size.
    etag = write(open_store(bucket.url()), "large", bytes(6 * 1024 * 1024))

    assert etag == md5(bytes(6 * 1024 * 1024), usedforsecurity=False).hexdigest()
    assert bucket.head("large")["ETag"] == f'"{etag}"'


def test_a_store_stays_within_its_folder_of_the_bucket(bucket: Bucket) -> None:
    for key in ["out/a", "out2/b", "c", "out"]:
        bucket.put(key, b"1")

    assert [meta.key for meta in open_store(bucket.url("out")).list()] == ["a"]


@pytest.mark.parametrize("way", ["aws", "without_botocore"])
def test_folder_markers_are_no_objects_and_empty_objects_are(
    bucket: Bucket, request: pytest.FixtureRequest, way: str
) -> None:
    request.getfixturevalue(way)
    for key in ["folder/", "folder/deep/", "empty.jpg", "both", "both/"]:
        bucket.put(key)
    bucket.put("folder/cat.jpg", b"1")
    bucket.put("full", b"1")
    bucket.put("full/")

    keys = sorted(meta.key for meta in open_store(bucket.url()).list())
    assert keys == ["both", "empty.jpg", "folder/cat.jpg", "full"]
    assert [meta.key for meta in open_store(bucket.url("folder")).list()] == ["cat.jpg"]


def test_versions_are_told(bucket: Bucket) -> None:
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    bucket.put("empty.jpg")
    store = open_store(bucket.url())

    head = store.head("empty.jpg")
    assert head
    assert head.version == bucket.head("empty.jpg")["VersionId"]
    assert [meta.key for meta in store.list()] == ["empty.jpg"]


@pytest.mark.usefixtures("without_botocore")
@pytest.mark.parametrize("key", ["a//b", "a/./b", "../x", "a.jpg/", "/a", "/a.jpg"])
def test_without_botocore_a_bucket_with_an_awkward_key_is_not_listed_in_part(
    bucket: Bucket, key: str
) -> None:
    for neighbour in ["-", "0", "a.jpg", "b"]:
        bucket.put(neighbour, b"1")
    bucket.put(key, b"2")
    store = open_store(bucket.url())

    errors = [
        failure(lambda: list(store.list())),
        *(failure(lambda v=v: v(store, key)) for v in VERBS.values()),
    ]

    for error in errors:
        assert error.code == "storage-unavailable"
        assert key.strip("/") in error.message
        assert "over botocore, which is not installed" in error.message
        assert "pip install" in error.hint


def test_no_store_but_s3_takes_awkward_keys() -> None:
    error = failure(lambda: write(open_store("memory://"), "a//b"))

    assert error.code == "storage-unavailable"
    assert "does not support" in error.message


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"head", "made_by_us"}))
@pytest.mark.parametrize("key", WAYS)
def test_a_missing_bucket_is_no_empty_one(s3_endpoint: str, key: str, verb: str) -> None:
    store = open_store(f"s3://missing-bucket?endpoint={s3_endpoint}")

    error = failure(lambda: VERBS[verb](store, key))

    assert isinstance(error, Refused)
    assert error.code == "invalid-location"
    assert error.message == "s3://missing-bucket: there is no such bucket."


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("key", WAYS)
def test_refused_access_is_told_with_what_to_do(key: str, verb: str, status: int) -> None:
    body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    with server(lambda request: reply(request, status, body)) as (endpoint, _):
        error = failure(lambda: VERBS[verb](open_store(f"s3://photos/2026?endpoint={endpoint}"), key))

    assert error.code == "permission-denied"
    assert error.message.startswith("s3://photos/2026")
    assert "AWS_ACCESS_KEY_ID" in error.hint
    assert error.__cause__


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_a_create_whose_answer_was_lost_is_a_conflict(key: str) -> None:
    answers = iter([500, 412])
    with server(lambda request: reply(request, next(answers))) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}")
        with pytest.raises(Conflict):
            store.put(key, b"1", media_type="x", expect=None)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_replacing_what_is_gone_is_a_conflict(key: str) -> None:
    """AWS then answers 404, as for a missing bucket; the test server says 412."""
    body = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
    with server(lambda request: reply(request, 404, body)) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}")
        with pytest.raises(Conflict):
            store.put(key, b"1", media_type="x", expect="e")


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_a_server_without_etags_will_not_do(key: str) -> None:
    with server(lambda request: reply(request, 200, b"1", Last_Modified=DATE)) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}", patience=1)
        for verb in ["get", "put"]:
            assert failure(lambda verb=verb: VERBS[verb](store, key)).code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_a_server_that_is_not_there_is_told(key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    store = open_store(f"s3://photos?endpoint=http://127.0.0.1:{port}", patience=5)
    error = failure(lambda: store.head(key))

    assert error.code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("key", WAYS)
def test_without_credentials_the_hint_names_them(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")

    store = open_store("s3://photos?endpoint=http://127.0.0.1:1", patience=5)
    error = failure(lambda: store.head(key))

    assert error.code == "permission-denied"
    assert "no credentials were found" in error.message
    assert "AWS_ACCESS_KEY_ID" in error.hint


def test_a_message_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    # Azure's shared access signatures travel in the address, which is part of messages.
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2026&sig=SECRET")
    with server(lambda request: reply(request, 400)) as (endpoint, requests):
        store = open_store(f"az://photos?account=me&endpoint={endpoint}")
        errors = [failure(lambda verb=verb: verb(store, "a")) for verb in VERBS.values()]
    errors.append(failure(lambda: store.head("a")))  # now nobody answers

    assert "SECRET" in "".join(requests)
    assert not any("SECRET" in error.message + error.hint for error in errors)


def test_google_replaces_by_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    account = {"disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", json.dumps(account))
    generations = [7, 8, 9]
    conditions: list[str | None] = []

    def google(request: BaseHTTPRequestHandler) -> None:
        if request.command == "PUT":
            conditions.append(request.headers.get("x-goog-if-generation-match"))
            generations.pop(0)
        state = {"ETag": f'"e{generations[0]}"', "x_goog_generation": str(generations[0])}
        reply(request, 200, b"1", Last_Modified=DATE, **state)

    with server(google) as (endpoint, _):
        store = open_store(f"gs://photos?endpoint={endpoint}")
        head = store.head("a")
        assert head
        assert (head.etag, head.version) == ("e7", "7")

        assert store.put("a", b"1", media_type="x", expect="e7") == "e8"
        with pytest.raises(Conflict):
            store.put("a", b"1", media_type="x", expect="e7")

    assert conditions == ["7"]


def test_memory_forgets() -> None:
    first = open_store("memory://")
    write(first, "a")

    assert open_store("memory://").head("a") is None
    assert not first.made_by_us("missing")
