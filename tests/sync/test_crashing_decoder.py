"""A decoder that dies, hangs, eats memory or is killed costs its own original; but for one that spins, only
if it does so twice."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sync.pictures import fill, photo

from pixmill.errors import Failed
from pixmill.recipe import Recipe
from pixmill.syncing import Summary, processes, sync

Run = Callable[[bytes], tuple[Summary, Path]]

SMALL = Recipe.from_dict(
    {
        "limits": {"max_memory": "384MiB", "max_bytes": "16MiB"},
        "rendition": [{"name": "thumbnail", "width": 16}],
    }
)

# What its workers may take is a little more than this, in which they die of it.
MOST = 640 << 20

# Every Python runs a module of this name when it starts; here it gives the workers a decoder that misbehaves
# on files that ask for it. A file that says "once" does so only until the marker file is there.
SABOTAGE = """
import ctypes, itertools, os, pathlib, signal, time
from pixmill import engine

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
true_render = engine.render
marker = pathlib.Path(__file__).with_name("marker")

def render(data, *rest, **more):
    if data.startswith(b"once") and marker.exists():
        data = marker.read_bytes()
    elif data.startswith((b"once", b"always")):
        marker.write_bytes(bytes.fromhex({photo!r}))
        if b"wait" in data:
            while True:
                time.sleep(0.01)
        if b"spin" in data:
            sum(itertools.repeat(0))
        if b"eat" in data:
            [bytearray(1 << 20) for _ in itertools.count()]
        if b"gorge" in data:
            while True:
                ctypes.memset(libc.malloc(1 << 20), 1, 1 << 20)
        if b"leave" in data:
            os._exit(0)
        if b"babble" in data:
            for descriptor in range(3, 10):
                try:
                    os.write(descriptor, bytes(20))
                except OSError:
                    pass
        os.kill(os.getpid(), signal.SIGKILL if b"kill" in data else signal.SIGSEGV)
    return true_render(data, *rest, **more)

engine.render = render
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    sabotage = tmp_path / "sabotage"
    sabotage.mkdir()
    (sabotage / "sitecustomize.py").write_text(SABOTAGE.format(photo=photo().hex()))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(sabotage), os.environ.get("PYTHONPATH", "")]))
    source = tmp_path / "source"
    fill(source, 12)

    def go(content: bytes) -> tuple[Summary, Path]:
        (source / "album 1" / "evil.jpg").write_bytes(content)
        return sync(source, tmp_path / "destination", SMALL, jobs=2), tmp_path / "destination"

    return go


@pytest.mark.parametrize(
    "content", [b"once segfault", b"once kill", b"once eat", b"once leave", b"once babble"]
)
def test_one_death_is_forgiven(run: Run, content: bytes) -> None:
    summary, _ = run(content)

    assert summary.failures == []
    assert (summary.made, dict(summary.rejected)) == (12, {"truncated": 1})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"always segfault", "decoder-crashed"),
        (b"always leave", "decoder-crashed"),
        (b"always babble", "decoder-crashed"),
        (b"always eat", "too-much-memory"),
        (b"always gorge", "too-much-memory"),
    ],
)
def test_second_death_rejects_the_original_and_the_others_are_done(
    run: Run, content: bytes, code: str
) -> None:
    summary, destination = run(content)

    codes = {code}
    if b"gorge" in content and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10 > MOST // 4:
        codes.add("decoder-crashed")  # the kernel never tells less of a child's peak than its parent's
    assert summary.failures == []
    assert summary.made == 11
    assert summary.rejected["truncated"] == 1
    (code,) = summary.rejected.keys() - {"truncated"}
    assert code in codes
    assert summary.rejected[code] == 1
    assert code.encode() in (destination / "manifests" / "album 1" / "evil.jpg.json").read_bytes()
    again, _ = run(content)
    assert dict(again.rejected) == {code: 1}  # written again, so judged again
    assert again.current == 12


@pytest.mark.parametrize(("times", "rejected"), [("once", {}), ("always", {"decoder-too-slow": 1})])
def test_what_waits_is_given_another_try(
    run: Run, monkeypatch: pytest.MonkeyPatch, times: str, rejected: dict[str, int]
) -> None:
    monkeypatch.setattr(processes, "JOB_SECONDS", 4.0)

    summary, _ = run(f"{times} wait".encode())

    assert dict(summary.rejected) == {"truncated": 1, **rejected}


def test_what_spins_is_not_given_another_try(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it takes the processor depends on nobody else."""
    monkeypatch.setattr(processes, "JOB_CPU_SECONDS", 1.0)

    summary, _ = run(b"once spin")

    assert dict(summary.rejected) == {"truncated": 1, "decoder-too-slow": 1}


def test_killing_from_outside_blames_nobody(run: Run) -> None:
    """The kernel kills by the same signal when memory runs out, which may not be this original's doing."""
    summary, destination = run(b"always kill")

    assert [failure.code for failure in summary.failures] == ["worker-lost"]
    assert summary.made == 11
    assert not (destination / "manifests" / "album 1" / "evil.jpg.json").exists()


def test_workers_that_cannot_start_are_an_error_not_a_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    fill(source, 3)
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(7)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(Failed) as caught:
        sync(source, tmp_path / "destination", SMALL)

    assert caught.value.code == "worker-lost"
    assert not (tmp_path / "destination" / "manifests").exists()
