"""Servers that hesitate, break off or fall silent: nothing is half read, and everything ends."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from tests.storage.server import DATE, VERBS, WAYS, Answer, failure, reply, server

from pixmill.storage import Conflict, Store, open_store
from pixmill.storage.patience import AT_A_DESK, within

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
WHOLE = bytes(range(256)) * 1000

pytestmark = [pytest.mark.usefixtures("aws"), pytest.mark.parametrize("key", WAYS)]


@pytest.fixture
def silence() -> Iterator[threading.Event]:
    """What a server waits for that says nothing more; it is set when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def opened(endpoint: str, patience: float = 30) -> Store:
    return open_store(f"s3://photos/2026?endpoint={endpoint}&region=us-east-1", patience=patience)


def good(request: BaseHTTPRequestHandler, body: bytes = WHOLE, **headers: str) -> None:
    asked = request.command in ("GET", "HEAD")
    reply(request, 200, body if asked else b"", **{"ETag": '"e"', "Last_Modified": DATE, **headers})


def begin(request: BaseHTTPRequestHandler, body: bytes, **headers: str) -> None:
    """Only the beginning of a body, and then no more on this connection."""
    good(request, body, Content_Length=str(len(WHOLE)), **headers)
    request.wfile.flush()
    request.close_connection = True


def rest(request: BaseHTTPRequestHandler, etag: str = '"e"') -> None:
    """What was asked for: all of it, or from some byte on. Where it must be the same one, it is."""
    asked = request.headers.get("Range")
    if request.headers.get("If-Match") not in (None, etag):
        reply(request, 412)
    elif asked is None:
        good(request, ETag=etag)
    else:
        start = int(asked.removeprefix("bytes=").partition("-")[0])
        where = f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}"
        reply(request, 206, WHOLE[start:], ETag=etag, Last_Modified=DATE, Content_Range=where)


def in_turn(*answers: Answer) -> Answer:
    """One answer for each request; the last one for all that follow."""
    left = list(answers)

    def answer(request: BaseHTTPRequestHandler) -> None:
        now = left.pop(0) if len(left) > 1 else left[0]
        now(request)

    return answer


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"list"}))
def test_a_hiccup_is_no_failure(key: str, verb: str) -> None:
    slow: Answer = lambda request: reply(request, 503, SLOW_DOWN)  # noqa: E731 - one of a list
    with server(in_turn(slow, lambda request: reply(request, 500), slow, good)) as (endpoint, requests):
        VERBS[verb](opened(endpoint, 4), key)

    assert len(requests) == 4


@pytest.mark.parametrize("verb", VERBS)
def test_trying_again_ends(key: str, verb: str) -> None:
    with server(lambda request: reply(request, 503, SLOW_DOWN)) as (endpoint, requests):
        error = failure(lambda: VERBS[verb](opened(endpoint, 2), key))

    assert error.code == "storage-unavailable"
    assert error.retryable
    assert "503" in error.message
    assert 2 <= len(requests) <= AT_A_DESK.tries


def test_what_is_wrong_for_good_is_tried_once(key: str) -> None:
    with server(lambda request: reply(request, 400)) as (endpoint, requests):
        error = failure(lambda: opened(endpoint).get(key))

    assert error.code == "storage-unavailable"
    assert len(requests) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_silent_server_is_left(key: str, verb: str, silence: threading.Event) -> None:
    """It would say nothing for minutes: only a bound of our own can end this in time."""

    def wait(_: BaseHTTPRequestHandler) -> None:
        silence.wait(120)

    with server(wait) as (endpoint, _):
        error = failure(lambda: VERBS[verb](opened(endpoint, 1), key))
        assert not silence.is_set()
        silence.set()

    assert error.code == "storage-unavailable"


@pytest.mark.parametrize("arrives", [0, 1, 100_000, len(WHOLE) - 1])
def test_a_body_that_breaks_off_is_fetched_to_its_end(key: str, arrives: int) -> None:
    with server(in_turn(lambda request: begin(request, WHOLE[:arrives]), rest)) as (endpoint, requests):
        found = opened(endpoint).get(key)

    assert found is not None
    assert found[1] == WHOLE
    assert len(requests) == 2


def test_a_body_that_stops_flowing_is_fetched_to_its_end(key: str, silence: threading.Event) -> None:
    def stop(request: BaseHTTPRequestHandler) -> None:
        begin(request, WHOLE[:100_000])
        silence.wait(120)

    with server(in_turn(stop, rest)) as (endpoint, _):
        found = opened(endpoint, 4).open(key)
        assert found is not None
        data = found.read()
        silence.set()

    assert data == WHOLE


@pytest.mark.parametrize("arrives", [0, 100_000])
def test_a_body_that_always_breaks_off_is_never_taken_for_the_whole(key: str, arrives: int) -> None:
    with server(lambda request: begin(request, WHOLE[:arrives])) as (endpoint, requests):
        error = failure(lambda: opened(endpoint, 2).get(key))

    assert error.code == "storage-unavailable"
    assert len(requests) <= AT_A_DESK.tries


def test_a_body_is_never_continued_with_another_one(key: str) -> None:
    """Half of one picture and half of another is none, even if the length is right."""
    answer = in_turn(lambda request: begin(request, WHOLE[:100]), lambda request: rest(request, '"new"'))
    with server(answer) as (endpoint, _):
        error = failure(lambda: opened(endpoint, 2).get(key))

    assert error.retryable


@pytest.mark.parametrize("etag", ['"e"', '"new"'])
def test_who_reads_late_gets_the_same_object_or_is_told(key: str, etag: str) -> None:
    """The server has long hung up, as servers do on those who do not read."""
    answer = in_turn(lambda request: begin(request, WHOLE[:100]), lambda request: rest(request, etag))
    with server(answer) as (endpoint, requests):
        found = opened(endpoint, 0.5).open(key)
        assert found is not None
        time.sleep(0.2)  # more than the patience with a silent server
        if etag == '"e"':
            assert found.read() == WHOLE
        else:
            with pytest.raises(Conflict):
                found.read()

    assert len(requests) == 2


def test_whatever_happens_ends_in_time(key: str) -> None:  # noqa: ARG001 - arithmetic
    for seconds in [0.1, 3, 10, 600]:
        bounds = within(seconds)
        assert bounds.total == pytest.approx(seconds)
        assert bounds.connect < bounds.attempt
        # A server that says nothing leaves time for another try.
        assert bounds.silence < bounds.begin
    for seconds in [0, -1]:
        with pytest.raises(ValueError, match="more than 0"):
            within(seconds)
