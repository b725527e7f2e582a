"""What holds between processes, and on file systems that are full or read-only."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pixmill.errors import Refused
from pixmill.storage.folder import FolderStore

HOLD = """
import sys, time
from pixmill.storage.folder import FolderStore
with FolderStore(sys.argv[1], create=True).claim():
    print("held", flush=True)
    time.sleep(60)
"""

HOLD_BY_CHILD = """
import subprocess, sys, time
from pixmill.storage.folder import FolderStore
with FolderStore(sys.argv[1], create=True).claim() as held:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=held)
    print(child.pid, flush=True)
    time.sleep(60)
"""

WRITE = """
import itertools, sys
from pixmill.storage import ANY
from pixmill.storage.folder import FolderStore
store = FolderStore(sys.argv[1], create=True)
for number in itertools.count():
    data = bytes([number % 256]) * (1_000_000 + number % 7)
    for key, expect in [(f"new/{sys.argv[2]}/{number}", None), ("same", ANY)]:
        store.put(key, data, media_type="x", expect=expect)
    if number == 0:
        print("writing", flush=True)
"""

FULL = """
import subprocess, sys
from pathlib import Path
from pixmill.errors import Failed
from pixmill.storage import ANY
from pixmill.storage.folder import FolderStore
root = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(root)], check=True)
store = FolderStore(root)
etag = store.put("small", b"1", media_type="x", expect=None)
for key, expect in [("large", None), ("large", ANY), ("small", etag)]:
    try:
        store.put(key, bytes(1_000_000), media_type="x", expect=expect)
    except Failed as failed:
        print(failed.code)
print(sorted(meta.key for meta in store.list()), store.get("small")[1])
print([entry.name for entry in (root / ".pixmill" / "tmp").iterdir()])
subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
for verb in [lambda: store.put("new", b"1", media_type="x", expect=ANY), lambda: store.delete("small")]:
    try:
        verb()
    except Failed as failed:
        print(failed.code)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=10)


def test_one_sync_at_a_time_and_a_dead_one_does_not_count(tmp_path: Path) -> None:
    other = start(HOLD, tmp_path)
    try:
        assert said(other) == "held"
        store = FolderStore(tmp_path)
        with pytest.raises(Refused) as caught, store.claim():
            pass
        assert caught.value.code == "destination-busy"
        store.put("a", b"1", media_type="x", expect=None)  # its own workers get through
    finally:
        end(other)

    with store.claim(), pytest.raises(Refused), FolderStore(tmp_path).claim():
        pass
    with store.claim():
        pass


def test_workers_that_outlive_their_killed_parent_hold_its_claim(tmp_path: Path) -> None:
    parent = start(HOLD_BY_CHILD, tmp_path)
    worker = int(said(parent))
    try:
        parent.kill()
        parent.wait(timeout=10)
        with pytest.raises(Refused), FolderStore(tmp_path).claim():
            pass
    finally:
        os.kill(worker, signal.SIGKILL)
        end(parent)

    deadline = time.monotonic() + 10
    while True:
        try:
            with FolderStore(tmp_path).claim():
                return
        except Refused:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_killed_writer_leaves_nothing_half_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, create=True)
    spares = tmp_path / ".pixmill" / "tmp"
    chance = random.Random(1)  # noqa: S311 - moments to kill at
    leftovers = 0
    for attempt in range(60):
        writer = start(WRITE, tmp_path, attempt)
        try:
            assert said(writer) == "writing"
            time.sleep(chance.uniform(0, 0.03))
        finally:
            end(writer)

        for meta in store.list():
            found = store.get(meta.key)
            assert found
            data = found[1]
            assert data == data[:1] * len(data)
            assert 1_000_000 <= len(data) < 1_000_007
        leftovers += len(list(spares.iterdir()))
        with store.claim():
            assert not list(spares.iterdir())
        for meta in list(store.list("new/")):
            store.delete(meta.key)
        if leftovers >= 3 and attempt >= 8:
            break

    assert leftovers >= 3, "no writer was hit in the middle of a write"


def test_a_full_or_read_only_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    probe = [unshare or "", "-rm", "mount", "-t", "tmpfs", "none", tmp_path]
    if not unshare or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("needs a mount namespace of its own, which this system does not grant")

    run = subprocess.run(
        [unshare, "-rm", sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=False
    )

    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "no-space",
        "no-space",
        "no-space",
        "['small'] b'1'",
        "[]",
        "permission-denied",
        "permission-denied",
    ]
