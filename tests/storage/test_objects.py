"""What a bucket does beside the contract, as boto3 sees it, and when servers misbehave."""

import json
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

import pytest
from tests.storage.bucket import Bucket

from pixmill.errors import PixmillError, Refused
from pixmill.storage import ANY, Conflict, Store, open_store

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"

Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


def write(store: Store, key: str, data: bytes = b"1") -> str:
    return store.put(key, data, media_type="image/jpeg", expect=ANY)


def reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.rfile.read(int(request.headers.get("Content-Length") or 0))
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


@contextmanager
def server(answer: Answer) -> Generator[tuple[str, list[str]]]:
    """A server on loopback that gives one answer; gives its address and the requests that came."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            requests.append(f"{self.command} {self.path}")
            answer(self)

        do_HEAD = do_PUT = do_DELETE = do_POST = do_GET  # noqa: N815 - the names are http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parameter's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}", requests
        finally:
            running.shutdown()
            thread.join()


def failure(call: Callable[[], object]) -> PixmillError:
    with pytest.raises(PixmillError) as caught:
        call()
    return caught.value


VERBS: dict[str, Callable[[Store], object]] = {
    "head": lambda store: store.head("a"),
    "get": lambda store: store.get("a"),
    "put": lambda store: write(store, "a"),
    "create": lambda store: store.put("a", b"1", media_type="x", expect=None),
    "replace": lambda store: store.put("a", b"1", media_type="x", expect="e"),
    "delete": lambda store: store.delete("a"),
    "list": lambda store: list(store.list()),
    "made_by_us": lambda store: store.made_by_us("a"),
}


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


def test_folder_markers_are_no_objects_and_empty_objects_are(bucket: Bucket) -> None:
    for key in ["folder/", "folder/deep/", "empty.jpg", "both", "both/"]:
        bucket.put(key)
    bucket.put("folder/cat.jpg", b"1")
    bucket.put("full", b"1")
    bucket.put("full/")

    keys = sorted({meta.key for meta in open_store(bucket.url()).list()})
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


@pytest.mark.parametrize("key", ["a//b", "a/./b", "../x"])
def test_a_bucket_with_a_key_beyond_reach_is_not_listed_in_part(bucket: Bucket, key: str) -> None:
    bucket.put("a.jpg", b"1")
    bucket.put(key, b"1")

    error = failure(lambda: list(open_store(bucket.url()).list()))

    assert error.code == "storage-unavailable"
    assert key in error.message
    assert "does not support" in error.message


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"head", "made_by_us"}))
def test_a_missing_bucket_is_no_empty_one(s3_endpoint: str, aws: None, verb: str) -> None:  # noqa: ARG001 - for its effect
    store = open_store(f"s3://missing-bucket?endpoint={s3_endpoint}")

    error = failure(lambda: VERBS[verb](store))

    assert isinstance(error, Refused)
    assert error.code == "invalid-location"
    assert error.message == "s3://missing-bucket: there is no such bucket."


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("verb", VERBS)
def test_refused_access_is_told_with_what_to_do(verb: str, status: int) -> None:
    body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    with server(lambda request: reply(request, status, body)) as (endpoint, _):
        error = failure(lambda: VERBS[verb](open_store(f"s3://photos/2026?endpoint={endpoint}")))

    assert error.code == "permission-denied"
    assert error.message.startswith("s3://photos/2026")
    assert "AWS_ACCESS_KEY_ID" in error.hint
    assert error.__cause__


@pytest.mark.usefixtures("aws")
def test_trying_again_ends() -> None:
    with server(lambda request: reply(request, 503)) as (endpoint, requests):
        store = open_store(f"s3://photos?endpoint={endpoint}")
        started = time.monotonic()
        error = failure(lambda: store.get("a"))

    assert error.code == "storage-unavailable"
    assert "503 Service Unavailable" in error.message
    assert len(requests) == 5
    assert time.monotonic() - started < 20


@pytest.mark.usefixtures("aws")
def test_a_hiccup_is_no_failure() -> None:
    answers = iter([503, 500, 200])
    with server(lambda request: reply(request, next(answers), b"data", ETag='"e"', Last_Modified=DATE)) as (
        endpoint,
        _,
    ):
        found = open_store(f"s3://photos?endpoint={endpoint}").get("a")

    assert found == (("a", "e", 4, None), b"data")


@pytest.mark.usefixtures("aws")
def test_half_a_body_is_never_taken_for_the_whole() -> None:
    def cut(request: BaseHTTPRequestHandler) -> None:
        reply(request, 200, b"half", ETag='"e"', Last_Modified=DATE, Content_Length="8")
        request.close_connection = True

    with server(cut) as (endpoint, _):
        error = failure(lambda: open_store(f"s3://photos?endpoint={endpoint}").get("a"))

    assert error.code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
def test_a_create_whose_answer_was_lost_is_a_conflict() -> None:
    answers = iter([500, 412])
    with server(lambda request: reply(request, next(answers))) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}")
        with pytest.raises(Conflict):
            store.put("a", b"1", media_type="x", expect=None)


@pytest.mark.usefixtures("aws")
def test_a_server_without_etags_will_not_do() -> None:
    with server(lambda request: reply(request, 200, b"1", Last_Modified=DATE)) as (endpoint, _):
        store = open_store(f"s3://photos?endpoint={endpoint}")
        for verb in ["get", "put"]:
            assert failure(lambda verb=verb: VERBS[verb](store)).code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    error = failure(lambda: open_store(f"s3://photos?endpoint=http://127.0.0.1:{port}").head("a"))

    assert error.code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
def test_without_credentials_the_hint_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")

    error = failure(lambda: open_store("s3://photos?endpoint=http://127.0.0.1:1").head("a"))

    assert error.code == "permission-denied"
    assert "no credentials were found" in error.message
    assert "AWS_ACCESS_KEY_ID" in error.hint


def test_a_message_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    # Azure's shared access signatures travel in the address, which is part of messages.
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2026&sig=SECRET")
    with server(lambda request: reply(request, 400)) as (endpoint, requests):
        store = open_store(f"az://photos?account=me&endpoint={endpoint}")
        errors = [failure(lambda verb=verb: verb(store)) for verb in VERBS.values()]
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
