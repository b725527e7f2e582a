"""Each fault is what it says, seen from the wire; and without faults the proxy is not seen at all."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected

import pytest
from tests.storage.bucket import Bucket

from pixmill.errors import Failed
from pixmill.storage import open_store

from .plan import Kind, Plan
from .proxy import Proxy

BODY = bytes(range(256)) * 40
PATIENCE = 0.2
ALWAYS = 1.0


@contextmanager
def between(bucket: Bucket, kind: Kind | None = None) -> Generator[tuple[Proxy, HTTPConnection]]:
    """A proxy that does one thing to every request, and a connection to it."""
    plan = Plan(0, {kind: ALWAYS}) if kind else None
    with Proxy(bucket.endpoint, plan, patience=PATIENCE) as proxy:
        connection = HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
        try:
            yield proxy, connection
        finally:
            connection.close()


def ask(connection: HTTPConnection, verb: str, bucket: Bucket, body: bytes | None = None) -> HTTPResponse:
    signature = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/s3/aws4_request"}
    connection.request(verb, f"/{bucket.name}/a", body, signature)
    return connection.getresponse()


def test_without_faults_answers_are_the_servers_and_connections_are_kept(bucket: Bucket) -> None:
    bucket.put("a", BODY)

    with between(bucket) as (proxy, connection):
        assert [ask(connection, "GET", bucket).read() for _ in range(3)] == [BODY] * 3
        used = connection.sock
        head = ask(connection, "HEAD", bucket)
        assert (head.status, head.headers["Content-Length"], head.read()) == (200, str(len(BODY)), b"")
        assert ask(connection, "PUT", bucket, b"new").read() == b""
        assert ask(connection, "DELETE", bucket).read() == b""
        assert connection.sock is used

    assert dict(proxy.requests) == {"GET": 3, "HEAD": 1, "PUT": 1, "DELETE": 1}
    assert not proxy.injected
    assert bucket.keys() == []


def test_a_request_reaches_the_server_byte_for_byte() -> None:
    """The client has signed the target and Host as it spelt them."""
    sent = (
        b"PUT /b/a%28%2f//..%20+~?x=%7E&y HTTP/1.1\r\n"
        b"hOsT: s3.example\r\nContent-LENGTH: 3\r\nX:  y \r\n\r\na\0b"
    )
    seen: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while len(b"".join(seen)) < len(sent):
                seen.append(connection.recv(4096))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}") as proxy:
            port = int(proxy.url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                client.sendall(sent)
                assert client.recv(4096) == b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        thread.join()

    assert b"".join(seen) == sent


def test_chunks_go_through_as_they_are(bucket: Bucket) -> None:
    with between(bucket) as (_, connection):
        connection.request("PUT", f"/{bucket.name}/a", iter([b"ab", b"cde"]), encode_chunked=True)
        assert connection.getresponse().read() == b""

    assert bucket.client.get_object(Bucket=bucket.name, Key="a")["Body"].read() == b"abcde"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("error", 500, b"InternalError"),
        ("throttled", 503, b"SlowDown"),
        ("busy", 429, b"TooManyRequests"),
        ("expired", 400, b"ExpiredToken"),
        ("denied", 403, b"InvalidAccessKeyId"),
    ],
)
def test_what_is_refused_was_not_done(bucket: Bucket, kind: Kind, status: int, code: bytes) -> None:
    with between(bucket, kind) as (proxy, connection):
        put = ask(connection, "PUT", bucket, BODY)
        assert (put.status, b"<Code>" + code in put.read()) == (status, True)
        head = ask(connection, "HEAD", bucket)
        assert (head.status, head.read()) == (status, b"")

    assert bucket.keys() == []
    assert dict(proxy.injected) == {(kind, "PUT"): 1, (kind, "HEAD"): 1}


def test_what_is_misreported_was_done(bucket: Bucket) -> None:
    with between(bucket, "misreported") as (_, connection):
        assert ask(connection, "PUT", bucket, BODY).status == 500

    assert bucket.keys() == ["a"]


@pytest.mark.parametrize(("kind", "done"), [("reset", []), ("lost", ["a"]), ("stalled", ["a"])])
def test_a_connection_is_reset_before_or_after(bucket: Bucket, kind: Kind, done: list[str]) -> None:
    with (
        between(bucket, kind) as (proxy, connection),
        pytest.raises((ConnectionResetError, RemoteDisconnected)),
    ):
        ask(connection, "PUT", bucket, BODY)

    assert bucket.keys() == done
    assert dict(proxy.injected) == {(kind, "PUT"): 1}


def test_a_client_gives_up_on_what_is_stalled(bucket: Bucket) -> None:
    with Proxy(bucket.endpoint, Plan(0, {"stalled": ALWAYS}), patience=5) as proxy:
        connection = HTTPConnection(proxy.url.removeprefix("http://"), timeout=PATIENCE)
        with pytest.raises(TimeoutError):
            ask(connection, "PUT", bucket, BODY)
        connection.close()

    assert bucket.keys() == ["a"]


def test_a_body_ends_too_early(bucket: Bucket) -> None:
    bucket.put("a", BODY)

    with between(bucket, "truncated") as (_, connection):
        answer = ask(connection, "GET", bucket)
        assert answer.headers["Content-Length"] == str(len(BODY))
        with pytest.raises(IncompleteRead) as caught:
            answer.read()

    assert caught.value.partial == BODY[: len(BODY) // 2]


def test_a_body_trickles_and_is_whole(bucket: Bucket) -> None:
    bucket.put("a", BODY)

    with between(bucket, "slow") as (proxy, connection):
        answer = ask(connection, "GET", bucket)
        first = answer.read1()
        assert 0 < len(first) < len(BODY)
        assert first + answer.read() == BODY
        assert ask(connection, "HEAD", bucket).read() == b""

    assert dict(proxy.injected) == {("slow", "GET"): 1}


def test_a_late_answer_is_the_right_one(bucket: Bucket) -> None:
    bucket.put("a", BODY)

    with between(bucket, "late") as (proxy, connection):
        assert ask(connection, "GET", bucket).read() == BODY

    assert dict(proxy.injected) == {("late", "GET"): 1}


def test_faults_can_be_taken_away(bucket: Bucket) -> None:
    with between(bucket, "error") as (proxy, connection):
        assert ask(connection, "PUT", bucket, BODY).status == 500
        proxy.plan = None
        connection.close()
        assert ask(connection, "PUT", bucket, BODY).status == 200


def test_a_store_does_not_take_a_refusal_for_an_absence(bucket: Bucket) -> None:
    bucket.put("a", BODY)

    for kind in ("expired", "denied"):
        with Proxy(bucket.endpoint, Plan(0, {kind: ALWAYS})) as proxy:
            store = open_store(f"s3://{bucket.name}?endpoint={proxy.url}&region=us-east-1")
            for look in (store.head, store.get):
                with pytest.raises(Failed):
                    look("a")


def test_an_original_arrives_whole_or_not_at_all(bucket: Bucket) -> None:
    """However often an answer is cut off, and whatever the client makes of it by itself."""
    plan = Plan(3, {"truncated": 0.4, "slow": 0.2, "reset": 0.2})
    with Proxy(bucket.endpoint, plan, patience=PATIENCE) as proxy:
        store = open_store(f"s3://{bucket.name}?endpoint={proxy.url}&region=us-east-1", patience=3)
        for number in range(4):
            bucket.put(f"{number}", BODY[number:])
            for _ in range(20):
                try:
                    found = store.get(f"{number}")
                except Failed:
                    continue
                break
            else:
                pytest.fail("twenty times in vain")
            assert found is not None
            assert found[1] == BODY[number:]

    assert proxy.injected.total() > 0
