"""Keys that obstore cannot name: each reaches its own object on S3, and no other."""

import hashlib
import hmac
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.storage.bucket import Bucket
from tests.storage.server import DATE, VERBS, failure, reply, server, write

from pixmill.storage import ANY, SOURCE_ETAG, Conflict, open_store
from pixmill.storage.amazon import Address, connect
from pixmill.storage.patience import AT_A_DESK

# All of them neighbours: whatever drops a slash, or resolves a dot, meets another one's object.
KEYS = [
    "a",
    "a/",
    "/a",
    "//a",
    "a//",
    "a/b",
    "a//b",
    "/a/b",
    "a/b/",
    "a///b",
    "a/./b",
    "./a/b",
    "a/.",
    "a/../a/b",
    "a/b/..",
    "../a",
    ".",
    "..",
    "/",
    "//",
    "a%2Fb",
    "a%2F/b",
    "a/%2E/b",
    "a/?b//c#d",
    "a//b c+d&e=f;g,h:i@j",
    "a\tb",
    "a\0",
    "a\x7f",
    "a\x1b[0m",
    "ü//日本😀",
    "\ufffe//\uffff",
    "<Key>//&amp;",
]
LINE_BREAKS = ["a\nb", "a//b\r\n", "\n", "a\r"]


@pytest.mark.parametrize("prefix", ["", "in/deep"])
def test_neighbours_are_never_taken_for_each_other(bucket: Bucket, prefix: str) -> None:
    store = open_store(bucket.url(prefix))
    folder = f"{prefix}/" if prefix else ""

    etags = {key: store.put(key, key.encode(), media_type="image/webp", expect=None) for key in KEYS}

    assert set(bucket.keys()) == {folder + key for key in KEYS}
    assert {meta.key: (meta.etag, meta.size) for meta in store.list()} == {
        key: (etag, len(key.encode())) for key, etag in etags.items()
    }
    for key in KEYS:
        head, opened = store.head(key), store.open(key)
        assert head is not None
        assert opened is not None
        assert (head.key, head.etag, head.size) == (key, etags[key], len(key.encode()))
        assert store.get(key) == (head, key.encode())
        assert (opened.meta, opened.read()) == (head, key.encode())

    left = list(KEYS)
    for key in KEYS:
        store.delete(key)
        left.remove(key)
        assert store.head(key) is None
        assert store.get(key) is None
        assert store.open(key) is None
        assert set(bucket.keys()) == {folder + other for other in left}


@pytest.mark.parametrize("key", [key for key in KEYS if "/" in key][:8])
def test_conditions_hold(bucket: Bucket, key: str) -> None:
    store = open_store(bucket.url("in"))

    with pytest.raises(Conflict):
        store.put(key, b"0", media_type="x", expect="e")
    first = store.put(key, b"1", media_type="x", expect=None)
    with pytest.raises(Conflict):
        store.put(key, b"2", media_type="x", expect=None)
    second = store.put(key, b"2", media_type="x", expect=first)
    with pytest.raises(Conflict):
        store.put(key, b"3", media_type="x", expect=first)
    third = store.put(key, b"3", media_type="x", expect=ANY)

    assert first != second != third
    head = store.head(key)
    assert head is not None
    assert head.etag == third
    assert bucket.keys() == [f"in/{key}"]


def test_the_object_says_what_it_is_and_who_made_it(bucket: Bucket) -> None:
    store = open_store(bucket.url())
    store.put(
        "a//b.webp",
        b"1",
        media_type="image/webp",
        cache_control="max-age=60",
        metadata={SOURCE_ETAG: "12-ab", "pixmill-recipe": "f00"},
        expect=None,
    )
    write(store, "theirs//b")

    head = bucket.head("a//b.webp")
    assert (head["ContentType"], head["CacheControl"]) == ("image/webp", "max-age=60")
    assert head["Metadata"] == {SOURCE_ETAG: "12-ab", "pixmill-recipe": "f00"}
    assert store.made_by_us("a//b.webp")
    assert not store.made_by_us("theirs//b")
    assert not store.made_by_us("missing//b")


def test_versions_are_told(bucket: Bucket) -> None:
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    bucket.put("a//b", b"1")

    head = open_store(bucket.url()).head("a//b")

    assert head is not None
    assert head.version == bucket.head("a//b")["VersionId"]


def test_a_folder_below_an_awkward_one_can_be_listed(bucket: Bucket) -> None:
    for key in ["in/a//b", "in/a//c/d", "in/a/e", "in//f"]:
        bucket.put(key, b"1")
    store = open_store(bucket.url("in"))

    assert {meta.key for meta in store.list("a//")} == {"a//b", "a//c/d"}
    assert {meta.key for meta in store.list("a/")} == {"a//b", "a//c/d", "a/e"}
    assert {meta.key for meta in store.list("/")} == {"/f"}


def canonical(request: BaseHTTPRequestHandler, signed: str) -> str:
    """The request as AWS reads it, for S3: with the path as it came, not one segment resolved."""
    path, _, query = request.path.partition("?")
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed.split(";"))
    pairs = "&".join(sorted(query.split("&"))) if query else ""
    return "\n".join([request.command, path, pairs, headers, signed, request.headers["x-amz-content-sha256"]])


def signature(request: BaseHTTPRequestHandler) -> tuple[str, str]:
    """The signature that came, and the one that AWS would expect."""
    fields = dict(part.strip().split("=", 1) for part in request.headers["Authorization"][17:].split(","))
    _, date, region, service, end = fields["Credential"].split("/")
    scope = f"{date}/{region}/{service}/{end}"
    digest = hashlib.sha256(canonical(request, fields["SignedHeaders"]).encode()).hexdigest()
    key = b"AWS4test"
    for part in [date, region, service, end]:
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{request.headers['x-amz-date']}\n{scope}\n{digest}"
    return fields["Signature"], hmac.digest(key, text.encode(), "sha256").hex()


@pytest.mark.usefixtures("aws")
def test_a_key_travels_as_it_is_and_is_signed_as_it_travels() -> None:
    signatures: list[tuple[str, str]] = []

    def check(request: BaseHTTPRequestHandler) -> None:
        signatures.append(signature(request))
        body = b"1" if request.command == "GET" else b""
        reply(request, 200, body, ETag='"e"', Last_Modified=DATE)

    keys = [key for key in [*KEYS, *LINE_BREAKS] if not key.isalnum()]
    with server(check) as (endpoint, requests):
        # A name, to which the bucket's could be joined.
        named = endpoint.replace("127.0.0.1", "localhost")
        store = open_store(f"s3://photos/in?endpoint={named}&region=eu-north-1")
        for key in keys:
            assert store.get(key) is not None
            write(store, key)

    assert requests == [
        f"{verb} /photos/in/{quote(key, safe='/~')}" for key in keys for verb in ["GET", "PUT"]
    ]
    for came, expected in signatures:
        assert came == expected


class Spelling:
    """What a server is asked for when a store is asked for a key."""

    def __init__(self, endpoint: str, requests: list[str]) -> None:
        self._store = open_store(f"s3://photos/in?endpoint={endpoint}")
        self._requests = requests

    def of(self, key: str) -> str:
        self._store.head(key)
        return self._requests.pop().removeprefix("HEAD ")


@pytest.fixture(scope="module")
def spelling() -> Iterator[Spelling]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with server(lambda request: reply(request, 404)) as (endpoint, requests):
            yield Spelling(endpoint, requests)


@given(key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_any_key_is_spelt_on_its_way_so_that_it_comes_back(spelling: Spelling, key: str) -> None:
    assert spelling.of(key) == f"/photos/in/{quote(key, safe='/~')}"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"list"}))
@pytest.mark.parametrize("key", ["", "\ud800//"])
def test_what_is_no_key_is_never_asked_for(verb: str, key: str) -> None:
    with server(lambda request: reply(request, 200, ETag='"e"', Last_Modified=DATE)) as (endpoint, requests):
        error = failure(lambda: VERBS[verb](open_store(f"s3://photos/in?endpoint={endpoint}"), key))

    assert error.code == "storage-unavailable"
    assert requests == []


@pytest.mark.usefixtures("aws")
def test_a_listing_that_breaks_off_is_no_end() -> None:
    page = b"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"
    for body in [page, page[:40], b""]:
        with server(lambda request, body=body: reply(request, 200, body)) as (endpoint, _):
            error = failure(
                lambda endpoint=endpoint: list(
                    open_store(f"s3://photos?endpoint={endpoint}", patience=1).list()
                )
            )

        assert error.code == "storage-unavailable"


@pytest.mark.usefixtures("aws")
def test_on_aws_the_bucket_goes_into_the_path() -> None:
    client: Any = connect(Address("photos", region="eu-north-1"), AT_A_DESK)

    url = client.generate_presigned_url("get_object", {"Bucket": "photos", "Key": "/a/../b"})

    assert url.startswith("https://s3.eu-north-1.amazonaws.com/photos//a/../b?")


@pytest.mark.usefixtures("aws")
def test_no_file_of_the_aws_command_is_heeded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Obstore knows none of them: both ways must lead to the same server as the same user."""
    file = tmp_path / "config"
    file.write_text(
        "[default]\nregion = ap-south-1\nendpoint_url = http://127.0.0.1:1\n"
        "aws_access_key_id = other\naws_secret_access_key = other\n"
    )
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]:
        monkeypatch.setenv(name, str(file))
    monkeypatch.setenv("AWS_PROFILE", "missing")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    seen: list[tuple[str, str, str]] = []

    def look(request: BaseHTTPRequestHandler) -> None:
        user, _, region, *_ = request.headers["Authorization"].partition("Credential=")[2].split("/")
        seen.append((user, region, request.headers["x-amz-security-token"]))
        reply(request, 200, ETag='"e"', Last_Modified=DATE)

    with server(look) as (endpoint, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        store = open_store("s3://photos")
        store.head("a")
        store.head("a//b")

    assert seen == [("test", "eu-north-1", "token")] * 2
