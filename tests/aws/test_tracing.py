"""Where an invocation is traced, X-Ray hears of each original; where not, nobody does. Nothing is harmed."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.aws.daemon import PARENT, ROOT, SUBSEGMENT, Daemon, header
from tests.aws.world import SETTINGS, Invocation, World, batch, failed, notice
from tests.reconcile.world import Meddled

from pixmill.aws.tracing import Tracer
from pixmill.aws.watch import Span, Watch
from pixmill.errors import Failed
from pixmill.manifest import Manifest, Reason, Source
from pixmill.reconcile import Outcome
from pixmill.telemetry import Log


def repeated(text: str, times: int) -> str:
    return text * times


TEXT = some.builds(repeated, some.text(max_size=40), some.sampled_from([1, 1, 200]))
HALF_A_CHARACTER = some.sampled_from(["\ud800", "a/\udfff.jpg"])


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A daemon that this process is told of, in a traced invocation."""
    with Daemon() as daemon:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
        monkeypatch.setenv("_X_AMZN_TRACE_ID", header())
        yield daemon


class Told:
    """A tracer on its own, with a log."""

    def __init__(self, environment: dict[str, str], pipeline: str = "shop") -> None:
        self.lines: list[dict[str, Any]] = []
        self.log = Log("DEBUG", {}, lambda line: self.lines.append(json.loads(line)))
        self.tracer = Tracer(pipeline, environment)

    def tell(self, key: str = "a.jpg", times: int = 1) -> None:
        """Each in an invocation of its own."""
        for _ in range(times):
            with self.tracer.invocation(self.log, cold=False) as trace:
                if trace:
                    trace.tell(key, None)

    @property
    def complaints(self) -> list[tuple[str, str]]:
        return [(line["level"], line["reason"]) for line in self.lines]


def test_each_original_of_a_batch_is_a_subsegment_of_lambdas_own_segment(daemon: Daemon) -> None:
    world = World()
    world.upload("a.jpg")
    world.upload("bad.jpg", b"no picture")

    def refuse(verb: str, key: str) -> None:
        if verb == "put" and key.startswith("thumbnail/b.jpg"):
            raise Failed("storage-unavailable", "The bucket is closed.")

    world.upload("b.jpg")
    world.destination = Meddled(world.destination, refuse)
    keys = [f"in/{name}.jpg" for name in ("a", "bad", "b", "gone")]

    world.worker().handle(batch(notice(*keys)), Invocation())

    sent = {each["annotations"]["key"]: each for each in daemon.received(4)}
    assert {
        key: (each["annotations"]["action"], each["annotations"].get("code")) for key, each in sent.items()
    } == {
        "a.jpg": ("made", None),
        "bad.jpg": ("rejected", "not-an-image"),
        "b.jpg": ("failed", "storage-unavailable"),
        "gone.jpg": ("current", None),
    }
    assert {key: (each.get("error"), each.get("fault")) for key, each in sent.items()} == {
        "a.jpg": (None, None),
        "bad.jpg": (True, None),
        "b.jpg": (None, True),
        "gone.jpg": (None, None),
    }
    assert {(each["trace_id"], each["parent_id"]) for each in sent.values()} == {(ROOT, PARENT)}
    assert len({each["id"] for each in sent.values()}) == 4
    (exception,) = sent["b.jpg"]["cause"]["exceptions"]
    assert (exception["type"], exception["message"]) == ("Failed", "The bucket is closed.")
    assert sent["a.jpg"]["annotations"]["format"] == "jpeg"
    about = sent["a.jpg"]["metadata"]["pixmill"]
    assert about["renditions"] == 2
    assert {"decode", "placeholder"} <= about["timings_ms"].keys()


def test_what_is_handed_back_is_neither_an_error_nor_a_fault(daemon: Daemon) -> None:
    world = World()

    world.worker().handle(batch(notice("in/a.jpg")), Invocation(milliseconds=1))

    (sent,) = daemon.received(1)
    assert sent["annotations"]["action"] == "handed-back"
    assert not {"error", "fault", "throttle"} & sent.keys()


def test_a_batch_of_ten_has_no_more_annotations_than_are_indexed(daemon: Daemon) -> None:
    """X-Ray indexes 50 of a trace, so what all originals share is said once."""
    world = World()
    for number in range(10):
        world.upload(f"{number}.jpg", None if number % 2 else b"no picture")
    worker = world.worker()

    worker.handle(batch(*[notice(f"in/{number}.jpg") for number in range(10)]), Invocation())
    cold = [each["annotations"] for each in daemon.received(10)]
    worker.handle(batch(notice("in/0.jpg")), Invocation())
    (warm,) = (each["annotations"] for each in daemon.received(1))

    assert sum(map(len, cold)) <= 50
    assert [each["pipeline"] for each in cold if "pipeline" in each] == ["pixmill"]
    assert [each["cold_start"] for each in cold if "cold_start" in each] == [True]
    assert (warm["pipeline"], warm.get("cold_start")) == ("pixmill", None)


def test_parts_of_the_work_lie_within_it(daemon: Daemon) -> None:
    told, watch = Told(daemon.environment), Watch()
    with watch.work():
        with watch.part("fetch"):
            pass
        with watch.part("render"):
            pass

    with told.tracer.invocation(told.log, cold=False) as trace:
        assert trace
        trace.tell("a.jpg", None, watch)

    (sent,) = daemon.received(1)
    assert [part["name"] for part in sent["subsegments"]] == ["fetch", "render"]
    times = [sent["start_time"], *(part["start_time"] for part in sent["subsegments"]), sent["end_time"]]
    assert times == sorted(times)


def test_work_that_fails_has_its_times_nevertheless() -> None:
    watch = Watch()

    with pytest.raises(Failed), watch.work(), watch.part("fetch"):
        raise Failed("storage-unavailable")

    assert watch.begun
    assert watch.ended
    assert [part.name for part in watch.parts] == ["fetch"]


@pytest.mark.parametrize(
    "told", ["127.0.0.1:{}", "tcp:127.0.0.1:1 udp:127.0.0.1:{}", "udp:127.0.0.1:{} tcp:[::1]:1"]
)
def test_the_daemons_address_has_two_forms(daemon: Daemon, told: str) -> None:
    address = told.format(daemon.port)

    Told({**daemon.environment, "AWS_XRAY_DAEMON_ADDRESS": address}).tell()

    assert len(daemon.received(1)) == 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        f"Root={ROOT};Parent={PARENT};Sampled=0;Lineage=a87bd80c:1|68fd508a:5",
        f"Root={ROOT};Parent={PARENT}",
        f"Root={ROOT};Lineage=1:a87bd80c:0",  # what Lambda passes through
        "no header at all",
    ],
)
def test_what_is_not_sampled_is_not_traced_and_not_worth_a_word(daemon: Daemon, value: str | None) -> None:
    environment = daemon.environment
    if value is None:
        del environment["_X_AMZN_TRACE_ID"]
    else:
        environment["_X_AMZN_TRACE_ID"] = value
    told = Told(environment)

    told.tell()

    assert told.lines == []
    assert daemon.nothing_more()


def test_each_invocation_has_its_own_header(daemon: Daemon) -> None:
    environment = daemon.environment
    told = Told(environment)
    other = "1-00000000-000000000000000000000000"

    told.tell()
    environment["_X_AMZN_TRACE_ID"] = f"Lineage=1:2;Sampled=1; Parent={PARENT};Root={other}"
    told.tell()

    assert [each["trace_id"] for each in daemon.received(2)] == [ROOT, other]


@pytest.mark.parametrize(
    "value",
    [
        f"Root=1-5759E988-{'g' * 24};Parent={PARENT};Sampled=1",
        f"Root={ROOT}\n;Parent={PARENT}x;Sampled=1",
        f"Root={ROOT};Sampled=1",
        "Sampled=1",
    ],
)
def test_a_malformed_header_is_told_once_at_warning(daemon: Daemon, value: str) -> None:
    told = Told({**daemon.environment, "_X_AMZN_TRACE_ID": value})

    told.tell(times=3)

    reason = "the trace header is malformed"
    assert told.complaints == [("WARNING", reason), ("DEBUG", reason), ("DEBUG", reason)]
    assert daemon.nothing_more()


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "here",
        ":2000",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:99999",
        "tcp:127.0.0.1:1 x",
        "a:1 b:2",
    ],
)
def test_an_address_that_is_none_is_told_once_and_harms_nothing(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    if address is None:
        monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS")
    else:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    world = World()
    world.upload("a.jpg")
    world.upload("b.jpg")

    answer = world.worker().handle(batch(notice("in/a.jpg"), notice("in/b.jpg")), Invocation())

    assert failed(answer) == []
    (line,) = world.said("not traced")
    assert line["level"] == "WARNING"
    assert "AWS_XRAY_DAEMON_ADDRESS" in line["reason"]
    assert daemon.nothing_more()


def test_a_daemon_that_is_not_there_is_told_once_and_harms_nothing(daemon: Daemon) -> None:
    daemon.close()
    told = Told(daemon.environment)

    with told.tracer.invocation(told.log, cold=False) as trace:
        assert trace
        for _ in range(5):
            trace.tell("a.jpg", None)

    levels = [level for level, _ in told.complaints]
    assert levels[:1] == ["WARNING"]
    assert set(levels[1:]) <= {"DEBUG"}
    assert {reason for _, reason in told.complaints} == {"X-Ray's daemon cannot be reached"}


def rejected(key: str, code: str, form: str | None, timings: dict[str, float]) -> Outcome:
    manifest = Manifest(
        source=Source(key=key, etag="e", bytes=1, format=form),
        recipe="r",
        status="rejected",
        reason=Reason(code=code, message="m", hint="h"),
        timings_ms=timings,
        engine={},
    )
    return Outcome(key=key, action="rejected", manifest=manifest)


def closed(message: str) -> Failed:
    return Failed("storage-unavailable", message)


outcomes = some.one_of(
    some.none(),
    some.builds(RuntimeError, TEXT),
    some.builds(closed, TEXT),
    some.builds(rejected, TEXT, TEXT, some.none() | TEXT, some.dictionaries(TEXT, some.floats(0, 1e9))),
)
moments = some.floats(0, 2e9)
parts = some.lists(some.builds(Span, some.sampled_from(["fetch", "store"]), moments, moments), max_size=5)


@settings(deadline=None)
@given(
    key=TEXT | HALF_A_CHARACTER,
    pipeline=TEXT,
    done=outcomes,
    parts=parts,
    times=some.sampled_from([1, 500]),
)
def test_whatever_the_key_and_the_outcome_a_document_is_one_that_x_ray_takes(
    key: str, pipeline: str, done: Outcome | Exception | None, parts: list[Span], times: int
) -> None:
    watch = Watch()
    watch.parts = parts * times
    with Daemon() as daemon:
        told = Told(daemon.environment, pipeline)
        with told.tracer.invocation(told.log, cold=True) as trace:
            assert trace
            trace.tell(key, done, watch)

        (sent,) = daemon.received(1)  # it has looked at form and size
    assert sent["annotations"]["key"] == key[:1000].encode("utf-8", "replace").decode()
    assert told.lines == []


def test_a_document_that_would_be_too_large_leaves_its_parts_out(daemon: Daemon) -> None:
    told, watch = Told(daemon.environment), Watch()
    watch.parts = [Span("store", 1, 2)] * 2000

    with told.tracer.invocation(told.log, cold=False) as trace:
        assert trace
        trace.tell("a.jpg", None, watch)

    (sent,) = daemon.received(1)
    assert "subsegments" not in sent
    assert sent["annotations"]["action"] == "handed-back"


def test_what_was_begun_and_given_back_unfinished_shows_since_when(daemon: Daemon) -> None:
    told, watch = Told(daemon.environment), Watch()

    with watch.work(), told.tracer.invocation(told.log, cold=False) as trace:
        assert trace
        trace.tell("a.jpg", None, watch)

    (sent,) = daemon.received(1)
    assert watch.begun
    assert sent["start_time"] == round(watch.begun, 6)
    assert sent["end_time"] >= sent["start_time"]


def test_the_schema_refuses_what_x_ray_would() -> None:
    """So that the tests above mean something."""
    good = {"id": "0" * 16, "name": "a", "start_time": 1, "end_time": 2}
    good |= {"type": "subsegment", "trace_id": ROOT, "parent_id": PARENT}
    jsonschema.validate(good, SUBSEGMENT)

    for bad in (
        {"annotations": {"a-b": 1}},
        {"annotations": {"a": None}},
        {"in_progress": False},
        {"id": "1"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(good | bad, SUBSEGMENT)


def test_nothing_is_imported_for_it_where_nothing_is_traced() -> None:
    """The worker's imports are its cold start."""
    code = """if True:
        import sys
        from pixmill.aws import worker
        with worker.Tracer("shop", {}).invocation(None, cold=True) as trace:
            print(trace, "socket" in sys.modules)
    """

    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert told.stdout == "None False\n"


def test_it_says_nothing_of_the_event_and_the_settings(daemon: Daemon) -> None:
    world = World()
    world.upload("a.jpg")
    event = notice("in/a.jpg")
    event["Records"][0]["userIdentity"] = {"principalId": "SECRET"}
    named = msgspec.structs.replace(SETTINGS, pipeline="shop")

    world.worker(named).handle(batch(event), Invocation())

    (sent,) = daemon.received(1)
    assert "SECRET" not in json.dumps(sent)
    assert sent["annotations"].keys() == {"key", "action", "format", "pipeline", "cold_start"}
    assert sent["metadata"]["pixmill"].keys() == {"renditions", "bytes_in", "bytes_out", "timings_ms"}


def test_an_address_may_be_of_ipv6() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six:
        try:
            six.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        six.settimeout(10)
        address = f"[::1]:{six.getsockname()[1]}"

        Told({"_X_AMZN_TRACE_ID": header(), "AWS_XRAY_DAEMON_ADDRESS": address}).tell()

        assert six.recv(1 << 16)


def test_what_took_time_in_the_work_on_an_original_lies_within_it(daemon: Daemon) -> None:
    world = World()
    world.upload("a.jpg")

    world.worker().handle(batch(notice("in/a.jpg")), Invocation())

    (sent,) = daemon.received(1)
    parts = sent["subsegments"]
    assert {"wait for memory", "fetch", "wait for the engine", "render", "store"} == {
        each["name"] for each in parts
    }
    assert sent["start_time"] <= min(each["start_time"] for each in parts)
    assert max(each["end_time"] for each in parts) <= sent["end_time"]
