"""A confined engine makes what the engine makes, and nothing that happens to its process is lost on it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.engine.pictures import encoded, scene
from tests.local.waiting import until
from tests.sync.pictures import photo

from pixmill import engine
from pixmill.confinement import Allowance, Confined
from pixmill.engine import FORMATS
from pixmill.errors import Failed, Rejected
from pixmill.recipe import Recipe

from .evil import evil

RECIPE = Recipe.from_dict(
    {
        "rendition": [
            {"name": "large", "width": 64, "formats": ["jpeg", "webp", "avif", "png", "original"]},
            {
                "name": "small",
                "width": 16,
                "height": 16,
                "fit": "cover",
                "gravity": "attention",
                "keep": ["icc", "copyright"],
            },
        ]
    }
)


# What a worker does, in a process that is as fresh as Lambda's.
HANDING_ON = """
import json, sys
import pixmill.aws.worker
from pixmill import engine
from pixmill.confinement import Allowance, Confined
from pixmill.recipe import Recipe

with Confined(Allowance(memory=512 << 20)) as confined:
    made = confined.render(sys.stdin.buffer.read(), Recipe.default())
versions = engine.versions()
print(json.dumps({"loaded": sorted(sys.modules), "made": len(made.outputs), "versions": versions}))
"""


@pytest.fixture
def confined() -> Iterator[Confined]:
    with Confined(Allowance(memory=512 << 20)) as engine:
        yield engine


def process_of(confined: Confined) -> int:
    process = confined._cell._process
    assert process
    return process.id


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("first", ["jpeg", "avif"])
def test_every_format_is_rendered_as_the_engine_does(confined: Confined, name: str, first: str) -> None:
    """Behind the shut door nothing can be imported any more."""
    confined.render(encoded(scene(), first), RECIPE)
    data = encoded(scene(mode="RGBA" if FORMATS[name].alpha else "RGB"), name)

    found, expected = confined.render(data, RECIPE), engine.render(data, RECIPE)

    assert (found.probe, found.outputs, found.thumbhash, found.colour) == (
        *(expected.probe, expected.outputs, expected.thumbhash, expected.colour),
    )


def test_only_what_is_asked_for_is_made(confined: Confined) -> None:
    found = confined.render(photo(), RECIPE, only=[("large", "webp")])

    assert [(each.rendition, each.declared) for each in found.outputs] == [("large", "webp")]


@pytest.mark.parametrize("data", [b"", b"no picture", photo()[:300]], ids=["empty", "text", "cut"])
def test_a_rejection_is_the_engines(confined: Confined, data: bytes) -> None:
    with pytest.raises(Rejected) as expected:
        engine.render(data, RECIPE)
    with pytest.raises(Rejected) as found:
        confined.render(data, RECIPE)

    assert found.value.__reduce__() == expected.value.__reduce__()


def test_limits_know_the_functions_memory(confined: Confined) -> None:
    limits = RECIPE.limits.within(1)
    recipe = Recipe(renditions=RECIPE.renditions, limits=limits)

    with pytest.raises(Rejected) as rejected:
        confined.render(encoded(scene(), "webp"), recipe)

    assert rejected.value.code == "too-large-for-function"


def test_one_process_does_them_all(confined: Confined) -> None:
    confined.render(photo(), RECIPE)
    first = process_of(confined)
    for seed in range(5):
        confined.render(photo(seed=seed), RECIPE)

    assert process_of(confined) == first


@pytest.mark.parametrize("state", ["not begun", "at rest"])
def test_a_process_that_was_ended_is_replaced_and_nobody_is_blamed(confined: Confined, state: str) -> None:
    if state == "not begun":
        confined._cell._start()
    else:
        confined.render(photo(), RECIPE)
    first = process_of(confined)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: not alive(first))

    assert confined.render(photo(), RECIPE).outputs
    assert process_of(confined) != first


def test_no_process_is_left_behind() -> None:
    with Confined(Allowance(memory=512 << 20)) as confined:
        confined.render(photo(), RECIPE)
        process = process_of(confined)
        assert alive(process)

    assert not os.path.exists(f"/proc/{process}")  # noqa: PTH110 - not even as a zombie


def test_nor_when_it_is_forgotten() -> None:
    confined = Confined(Allowance(memory=512 << 20))
    confined.render(photo(), RECIPE)
    process = process_of(confined)

    del confined

    assert not os.path.exists(f"/proc/{process}")  # noqa: PTH110


@pytest.mark.usefixtures("sabotaged")
def test_a_mistake_of_our_own_rejects_nothing_and_costs_no_process(confined: Confined) -> None:
    confined.render(photo(), RECIPE)
    first = process_of(confined)

    with pytest.raises(Failed, match="RuntimeError: -1") as failed:
        confined.render(evil("reach_out"), RECIPE)

    assert failed.value.code == "internal-error"
    assert process_of(confined) == first


@pytest.mark.usefixtures("sabotaged")
def test_a_decoder_opens_no_file(confined: Confined) -> None:
    with pytest.raises(Failed, match="Too many open files"):
        confined.render(evil("open_file"), RECIPE)


@pytest.mark.usefixtures("sabotaged")
def test_one_end_from_outside_is_forgiven_and_two_are_not_the_originals_fault(confined: Confined) -> None:
    with pytest.raises(Failed) as failed:
        confined.render(evil("be_killed"), RECIPE)

    assert failed.value.code == "worker-lost"
    assert confined.render(photo(), RECIPE).outputs


@pytest.mark.usefixtures("sabotaged")
def test_the_time_that_is_left_is_kept_to(confined: Confined) -> None:
    confined.render(photo(), RECIPE)

    with pytest.raises(Failed) as failed:
        confined.render(evil("sleep"), RECIPE, within=0.2)
    assert failed.value.code == "out-of-time"
    with pytest.raises(Failed) as failed:
        confined.render(photo(), RECIPE, within=0)
    assert failed.value.code == "out-of-time"
    assert confined.render(photo(), RECIPE).outputs


@pytest.mark.usefixtures("sabotaged")
def test_slow_is_not_still() -> None:
    """A small function has little of the processor, which is not the decoder's doing."""
    with Confined(Allowance(memory=512 << 20, cpu=1, still=0.3)) as confined:
        with pytest.raises(Rejected) as rejected:
            confined.render(evil("spin"), RECIPE)

        assert "twice" not in rejected.value.message


def test_an_interpreter_that_does_not_come_to_life_blames_nobody(
    confined: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")

    with pytest.raises(Failed) as failed:
        confined.render(photo(), RECIPE)

    assert failed.value.code == "worker-lost"


def alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", "rb") as file:  # noqa: PTH123
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except FileNotFoundError:
        return False


def test_a_process_that_hands_its_pictures_on_has_no_decoder() -> None:
    """It has the credentials. And it can still say what made its renditions."""
    done = subprocess.run(
        [sys.executable, "-c", HANDING_ON], input=photo(), capture_output=True, check=True, timeout=60
    )
    said = json.loads(done.stdout)

    assert said["made"] == 2
    assert said["versions"] == engine.versions()
    assert not {"pyvips", "_libvips", "PIL", "pi_heif", "pyjpegli"} & set(said["loaded"])
