"""What a process knows and may do once it has seen a picture, be it a fork or a new interpreter."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.local.waiting import until
from tests.sync.pictures import photo

from pixmill.confinement.process import Process

from .evil import SABOTAGE, evil
from .memory import holds
from .test_confined import alive

SECRET = "planted-" + 4 * "secret-"

# It has its engine look at one picture, tells of the process, and then has it hang over another one.
PROGRAM = """
import sys, threading, time
sys.path.insert(0, {folder!r})
if {fork}:
    import sitecustomize
else:
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
from pixmill.confinement import Allowance, Confined
from pixmill.recipe import Recipe
engine = Confined(Allowance(memory=200 << 20))
engine.render(bytes.fromhex({photo!r}), Recipe.default())
print(engine._cell._process.id, flush=True)
engine.render(bytes.fromhex({evil!r}), Recipe.default())
"""


@contextmanager
def hanging(way: str) -> Generator[tuple[int, int]]:
    """A program and its engine's process, which hangs."""
    program = PROGRAM.format(
        folder=str(SABOTAGE), fork=way == "fork", photo=photo().hex(), evil=evil("sleep").hex()
    )
    environment = {**os.environ, "AWS_SECRET_ACCESS_KEY": SECRET, "X": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment, cwd="/"
    ) as parent:
        assert parent.stdout
        try:
            yield parent.pid, int(parent.stdout.readline())
        finally:
            parent.kill()


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_it_has_its_limits_and_no_way_out(way: str) -> None:
    with hanging(way) as (parent, process):
        limits = Path(f"/proc/{process}/limits").read_text()
        descriptors = {each.name: str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}
        status = Path(f"/proc/{process}/status").read_text()
        command = Path(f"/proc/{process}/cmdline").read_bytes()

    assert (command == Path("/proc/self/cmdline").read_bytes()) is False
    assert (b"pixmill.confinement.child" in command) is (way == "spawn")
    for name in ("Max open files", "Max file size", "Max core file size"):
        assert re.search(rf"^{name} +0 +0 ", limits, re.MULTILINE)
    assert re.search(r"^Max cpu time +2[0-9] ", limits, re.MULTILINE)
    (space,) = re.findall(r"^Max address space +([0-9]+) +([0-9]+) ", limits, re.MULTILINE)
    assert space[0] == space[1]
    assert 200 << 20 < int(space[0]) < 1 << 30
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
    assert [target.partition(":")[0] for _, target in sorted(descriptors.items()) if "pipe" in target] == [
        *("pipe", "pipe")
    ]
    assert parent != process
    assert set(descriptors) == {"0", "1", "2", "3"}
    assert descriptors["1"] == descriptors["2"]


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_its_memory_holds_no_credentials(way: str) -> None:
    with hanging(way) as (parent, process):
        assert holds(parent, SECRET.encode()), "the test does not find what is there"
        assert not holds(process, SECRET.encode())


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_it_dies_with_its_parent_in_the_middle_of_a_decoder(way: str) -> None:
    with hanging(way) as (parent, process):
        assert alive(process)
        os.kill(parent, signal.SIGKILL)

        assert until(lambda: not alive(process))


def test_a_process_that_does_not_come_to_life_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pixmill").mkdir()
    (tmp_path / "pixmill" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    process = Process.started()

    ended = process.end(at_once=False)

    assert ended.status == 1
    assert "pixmill.confinement" in process.last_words
