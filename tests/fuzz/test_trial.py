"""What an input does to its process is seen, told apart and made small: nobody is clean before the blind."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz.anatomy import PLAIN
from fuzz.finding import read
from fuzz.law import hold
from fuzz.nursery import Nursery
from fuzz.target import Seed, Target
from fuzz.targets import TARGETS
from fuzz.trial import smaller, together, tried

# As in test_regressions.py.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

BAD = b"BAD"
SWELL = 200 << 20


def crash(data: bytes) -> None:
    if BAD in data:
        os.kill(os.getpid(), signal.SIGSEGV)


def spin(data: bytes) -> None:
    while BAD in data:
        pass


def devour(data: bytes) -> None:
    held: list[bytearray] = []
    while BAD in data:
        held.append(bytearray(64 << 20))


def swell(data: bytes) -> None:
    if BAD in data:
        hold(b"\1" * SWELL, "it is there")


def fail(data: bytes) -> None:
    if BAD in data:
        raise KeyError(data)


def lie(data: bytes) -> None:
    hold(BAD not in data, "nothing is bad")


def target(one: Callable[[bytes], None]) -> Target:
    return Target("planted", one, lambda: [Seed(b"all is well so far" * 4, PLAIN)], (BAD,))


@pytest.mark.parametrize(
    ("one", "kind", "where"),
    [
        (crash, "crash", "SIGSEGV"),
        (devour, "over memory", "refused"),
        (fail, "untyped", "KeyError in test_trial.py:fail"),
        (lie, "wrong", "nothing is bad"),
    ],
)
def test_what_may_not_be_is_seen(one: Callable[[bytes], None], kind: str, where: str) -> None:
    fault = tried(target(one), b"so " + BAD)

    assert fault is not None
    assert (fault.kind, fault.where) == (kind, where)
    assert tried(target(one), b"so good") is None


def test_more_memory_than_is_good_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.trial.MOST_MEMORY", SWELL // 2)

    fault = tried(target(swell), BAD)

    assert fault is not None
    assert (fault.kind, fault.where) == ("over memory", "peak")
    assert tried(target(swell), b"good") is None


def test_a_hang_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.corpora.contained.SECONDS", 1)

    fault = tried(target(spin), BAD)

    assert fault is not None
    assert fault.kind == "hang"


def test_a_row_of_inputs_ends_at_the_first_that_is_not_well() -> None:
    for one in (crash, fail):
        assert together(target(one), [b"a", b"b", BAD, b"c"]).done == 2
    assert together(target(crash), [b"a", b"b"]).done == 2


def test_an_input_is_made_as_small_as_it_can_be() -> None:
    noise = bytes(range(32, 127)) * 20

    assert smaller(noise + BAD + noise, lambda data: BAD in data, tries=400) == BAD
    assert BAD in smaller(noise + BAD + noise, lambda data: BAD in data, tries=5)


@pytest.mark.parametrize("one", [crash, fail, lie])
def test_a_nursery_finds_keeps_and_counts_each_mistake_once(
    one: Callable[[bytes], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TARGETS, "planted", target(one))
    told: list[str] = []
    nursery = Nursery("planted", 1, tmp_path, told.append)
    nursery.run(iter(range(300)))

    [path] = tmp_path.iterdir()
    assert read(path).data == BAD
    assert nursery.tally.inputs == 300
    assert list(nursery.tally.findings) == [path.stem]
    assert not nursery.tally.is_clean
    assert [str(path) in line for line in told] == [True]


def test_the_cpu_of_children_is_counted() -> None:
    def busy(_: bytes) -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_utime < 1:
            pass

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    together(target(busy), [b"x"])

    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before >= 0.5
