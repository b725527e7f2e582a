"""Whatever a decoder does, it costs one original: not the batch that it came in, and not the next one."""

import resource
from collections.abc import Iterator

import pytest
from tests.aws.world import SETTINGS, Invocation, World, batch, failed, notice

from pixmill.aws.worker import Worker
from pixmill.confinement import Allowance, Confined
from pixmill.manifest import Manifest

from .evil import evil

pytestmark = pytest.mark.usefixtures("sabotaged")

GOOD = [f"{number}.jpg" for number in range(9)]
ALL = [*GOOD[:4], "evil.jpg", *GOOD[4:]]

FATES = {
    "segfault": "decoder-crashed",
    "abort": "decoder-crashed",
    "leave": "decoder-crashed",
    "babble": "decoder-crashed",
    "spin": "decoder-too-slow",
    "spin_in_c": "decoder-too-slow",
    "sleep": "decoder-too-slow",
    "eat": "too-much-memory",
    "eat_in_c": "too-much-memory",
}
MEMORY = 768 << 20


# Where memory shall end first, time must not: to be given all of it takes a third of a second of the
# processor, or several, as the machine has it.
PATIENT = Allowance(memory=MEMORY)
HASTY = Allowance(memory=MEMORY, cpu=1, still=2)


@pytest.fixture
def allowance(request: pytest.FixtureRequest) -> Allowance:
    return getattr(request, "param", HASTY)


@pytest.fixture
def confined(allowance: Allowance) -> Iterator[Confined]:
    with Confined(allowance) as engine:
        yield engine


def statuses(world: World) -> dict[str, str]:
    """What the manifests say: the code of what was rejected, or the status."""
    manifests = [
        Manifest.from_json(found[1])
        for meta in world.destination.list("manifests/")
        if (found := world.destination.get(meta.key))
    ]
    return {each.source.key: each.reason.code if each.reason else each.status for each in manifests}


@pytest.mark.parametrize(
    ("name", "allowance"),
    [(name, HASTY if fate == "decoder-too-slow" else PATIENT) for name, fate in FATES.items()],
    ids=FATES,
    indirect=["allowance"],
)
def test_one_is_rejected_and_the_others_are_complete(name: str, confined: Confined) -> None:
    world = World()
    for key in GOOD:
        world.upload(key)
    world.upload("evil.jpg", evil(name))
    worker = Worker(SETTINGS, world.source, world.destination, world.write, confined)

    answer = worker.handle(batch(*(notice(f"in/{key}") for key in ALL)), Invocation())

    assert failed(answer) == []
    found = statuses(world)
    fates = {FATES[name]}
    if name == "eat_in_c" and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10 > MEMORY // 4:
        fates.add("decoder-crashed")  # the kernel never tells less of a child's peak than its parent's
    assert found.pop("evil.jpg") in fates
    assert found == dict.fromkeys(GOOD, "complete")
    world.upload("next.jpg")
    assert failed(worker.handle(batch(notice("in/next.jpg")), Invocation())) == []
    assert statuses(world)["next.jpg"] == "complete"


def test_what_the_functions_time_does_not_suffice_for_comes_again(confined: Confined) -> None:
    """The world's fault: it is not known yet whether the original would have come to an end."""
    world = World()
    world.upload("evil.jpg", evil("sleep"))
    worker = Worker(SETTINGS, world.source, world.destination, world.write, confined)
    short = SETTINGS.reserve_seconds * 1000 + 1

    answer = worker.handle(batch(notice("in/evil.jpg")), Clock(round(short), leap=19_500))

    assert failed(answer) == ["m0"]
    assert statuses(world) == {}
    world.upload("next.jpg")
    assert failed(worker.handle(batch(notice("in/next.jpg")), Invocation())) == []
    assert statuses(world)["next.jpg"] == "complete"


class Clock(Invocation):
    """An invocation whose time makes a leap once an original was begun."""

    def __init__(self, milliseconds: int, leap: int) -> None:
        super().__init__(milliseconds)
        self._leap = leap
        self._asked = 0

    def get_remaining_time_in_millis(self) -> int:
        self._asked += 1
        return self.milliseconds - (self._leap if self._asked > 2 else 0)
