"""What a folder may hold that a bucket cannot, and what a file system may refuse."""

import errno
import os
import signal
import socket
import stat
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixmill.errors import Failed, Refused
from pixmill.storage import ANY, Conflict, Expected, Meta
from pixmill.storage.folder import FolderStore

Unprivileged: TypeAlias = Callable[[], AbstractContextManager[None]]

NAMES = st.binary(min_size=1, max_size=30).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in {b".", b".."}
)


def write(store: FolderStore, key: str, data: bytes = b"1", expect: Expected = ANY) -> str:
    return store.put(key, data, media_type="image/jpeg", expect=expect)


def keys(store: FolderStore) -> set[str]:
    return {meta.key for meta in store.list()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "photos"
    path.mkdir()
    (path / "a.jpg").write_bytes(b"a")
    return path


@pytest.fixture
def alarm() -> Iterator[None]:
    """Whoever waits for a FIFO's writer waits for ever."""

    def ring(*_: object) -> None:
        pytest.fail("it hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarm")
def test_what_is_no_file_is_not_there_and_never_waited_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(root / "fifo.jpg")
    (root / "device.jpg").symlink_to("/dev/zero")
    (root / "folder.jpg").mkdir()
    monkeypatch.chdir(root)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        store = FolderStore(root)

        assert keys(store) == {"a.jpg"}
        for name in ["fifo.jpg", "device.jpg", "folder.jpg", "socket.jpg"]:
            assert store.head(name) is None
            assert store.get(name) is None
            store.delete(name)
            assert os.path.lexists(root / name)
            with pytest.raises(Failed, match="something that is no file is in its place"):
                write(store, name, expect=None)


def test_links_to_files_are_followed_and_links_to_folders_are_not(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.jpg").write_bytes(b"bb")
    (root / "file.jpg").symlink_to(tmp_path / "elsewhere" / "b.jpg")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (root / "circle").symlink_to(root)
    (root / "self.jpg").symlink_to("self.jpg")
    (root / "dangling.jpg").symlink_to("nowhere")
    store = FolderStore(root)

    assert {meta.key: meta.size for meta in store.list()} == {"a.jpg": 1, "file.jpg": 2}
    found = store.get("file.jpg")
    assert found
    assert found[1] == b"bb"
    assert store.head("self.jpg") is None
    assert store.get("dangling.jpg") is None


def test_a_linked_root_is_the_folder_it_leads_to(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)

    assert FolderStore(tmp_path / "link").location == str(root)


@given(path=st.lists(NAMES, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_any_name_is_listed_and_got_by_the_listed_key(tmp_path: Path, path: list[bytes]) -> None:
    store = FolderStore(tmp_path / "any", create=True)
    file = os.path.join(os.fsencode(tmp_path / "any"), *path)  # noqa: PTH118 - bytes
    os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 - bytes
    with open(file, "wb") as opened:  # noqa: PTH123 - bytes
        opened.write(b"x")

    if path[0] != b".pixmill":
        (meta,) = store.list()
        assert store.get(meta.key) == (meta, b"x")
        assert meta.key.encode()
        store.delete(meta.key)
    assert not list(store.list())
    assert not list((tmp_path / "any").glob("[!.]*"))


def test_names_that_are_no_utf8_spoil_nothing(root: Path) -> None:
    for name in [b"caf\xe9.jpg", b"nl\nx.jpg", "ü.jpg".encode()]:
        (root / os.fsdecode(name)).write_bytes(b"1")

    assert keys(FolderStore(root)) == {"a.jpg", "caf\ufffdE9.jpg", "nl\nx.jpg", "ü.jpg"}


def test_no_key_leaves_the_root(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "deep" / "root", create=True)
    for key in ["../out", "../../out", "/out", "a/../../out", ".", "b/.."]:
        write(store, key)

    assert {entry.name for entry in tmp_path.iterdir()} == {"deep"}
    assert {entry.name for entry in (tmp_path / "deep").iterdir()} == {"root"}
    assert len(keys(store)) == 6


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_a_folder_that_may_not_be_read_is_an_error_and_named(
    open_folder: Path, mode: int, unprivileged: Unprivileged
) -> None:
    private = open_folder / "private"
    private.mkdir()
    (private / "b.jpg").write_bytes(b"b")
    private.chmod(mode)
    try:
        with unprivileged(), pytest.raises(Failed, match="private") as caught:
            list(FolderStore(open_folder).list())
    finally:
        private.chmod(0o755)

    assert caught.value.code == "permission-denied"


def test_a_folder_of_the_system_s_own_may_be_closed(open_folder: Path, unprivileged: Unprivileged) -> None:
    (open_folder / "a.jpg").touch()
    (open_folder / "lost+found").mkdir(0o000)

    with unprivileged():
        assert keys(FolderStore(open_folder)) == {"a.jpg"}
    (open_folder / "lost+found").chmod(0o755)


def test_a_file_that_may_not_be_read_is_listed_and_told(
    open_folder: Path, unprivileged: Unprivileged
) -> None:
    (open_folder / "b.jpg").write_bytes(b"b")
    (open_folder / "b.jpg").chmod(0o000)
    store = FolderStore(open_folder)

    with unprivileged():
        assert keys(store) == {"b.jpg"}
        with pytest.raises(Failed) as caught:
            store.get("b.jpg")

    assert caught.value.code == "permission-denied"


def test_files_and_folders_may_vanish_while_they_are_listed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "many", create=True)
    for number in range(60):
        write(store, f"{number % 10}/{number}")

    listing = store.list()
    seen = {next(listing).key}
    for number in range(60):
        store.delete(f"{number % 10}/{number}")
    seen.update(meta.key for meta in listing)

    assert len(seen) < 60
    assert not keys(store)


def test_a_listing_needs_no_memory_for_its_length(tmp_path: Path) -> None:
    root = tmp_path / "many"
    for folder in range(10):
        (root / str(folder)).mkdir(parents=True)
        for number in range(300):
            (root / str(folder) / f"{number:0100}.jpg").touch()
    store = FolderStore(root)

    tracemalloc.start()
    count = sum(1 for _ in store.list())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 3_000
    assert peak < 150_000  # the keys alone are three times as much


def test_a_root_that_goes_away_is_not_an_empty_one(root: Path) -> None:
    store = FolderStore(root)
    (root / "a.jpg").unlink()
    root.rmdir()

    with pytest.raises(Refused) as caught:
        list(store.list())

    assert caught.value.code == "source-not-found"


def test_a_file_that_is_written_while_it_is_read_is_noticed(root: Path) -> None:
    file = root / "growing.jpg"
    file.write_bytes(bytes(20_000_000))
    done = threading.Event()

    def grow() -> None:
        with file.open("ab", buffering=0) as opened:
            while not done.wait(0.0001):
                opened.write(b"x")

    with ThreadPoolExecutor(1) as pool:
        growing = pool.submit(grow)
        try:
            with pytest.raises(Failed) as caught:
                _ = [FolderStore(root).get("growing.jpg") for _ in range(50)]
        finally:
            done.set()
        growing.result()

    assert caught.value.code == "changed-meanwhile"


def test_a_written_file_bears_the_time_of_its_writing_to_the_nanosecond(root: Path) -> None:
    # The kernel's stamp may stand still for some milliseconds, and so let two writes look the same.
    for _ in range(20):
        before = time.time_ns()
        write(FolderStore(root), "b.jpg")
        assert before <= (root / "b.jpg").stat().st_mtime_ns <= time.time_ns()


def test_touching_a_file_changes_its_etag_and_reading_it_does_not(root: Path) -> None:
    store = FolderStore(root)
    first = store.head("a.jpg")
    store.get("a.jpg")
    os.link(root / "a.jpg", root / "second-name.jpg")
    assert store.head("a.jpg") == first

    (root / "a.jpg").write_bytes(b"b")
    assert store.head("a.jpg") != first


def test_an_emptied_folder_goes_and_the_root_stays(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "root", create=True)
    for key in ["a/b/c/d.jpg", "a/e.jpg"]:
        write(store, key)

    store.delete("a/b/c/d.jpg")
    assert {entry.name for entry in (tmp_path / "root" / "a").iterdir()} == {"e.jpg"}
    store.delete("a/e.jpg")
    assert {entry.name for entry in (tmp_path / "root").iterdir()} == {".pixmill"}


def test_putting_and_deleting_in_one_folder_do_not_hinder_each_other(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "root", create=True)

    def churn(name: str) -> None:
        for _ in range(300):
            write(store, f"a/b/c/{name}", expect=None)
            store.delete(f"a/b/c/{name}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(churn, "uvwxyz"))

    assert not keys(store)


def test_a_file_in_the_place_of_a_folder_is_told(root: Path) -> None:
    with pytest.raises(Failed, match=r"a\.jpg/b/c: what should be its folder is a file") as caught:
        write(FolderStore(root), "a.jpg/b/c")

    assert caught.value.code == "place-taken"


def test_a_written_file_can_be_read_by_whom_the_umask_lets(root: Path) -> None:
    umask = os.umask(0o027)
    try:
        write(FolderStore(root), "b.jpg")
    finally:
        os.umask(umask)

    assert stat.S_IMODE((root / "b.jpg").stat().st_mode) == 0o640


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "new", create=True)

    assert not keys(store)
    assert store.get("a") is None
    store.delete("a")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_without_hard_links_will_do(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    store = FolderStore(root)

    etag = write(store, "b.jpg", b"b", expect=None)
    assert store.get("b.jpg") == (Meta("b.jpg", etag, 1), b"b")
    with pytest.raises(Conflict):
        write(store, "b.jpg", b"c", expect=None)
    assert not list((root / ".pixmill" / "tmp").iterdir())


def test_a_name_too_long_for_the_file_system_is_told(root: Path) -> None:
    store = FolderStore(root)

    with pytest.raises(Failed) as caught:
        write(store, "x" * 300)

    assert caught.value.code == "storage-unavailable"
    assert not list((root / ".pixmill" / "tmp").iterdir())


def test_what_may_not_be_written_is_told(open_folder: Path, unprivileged: Unprivileged) -> None:
    open_folder.chmod(0o555)
    store = FolderStore(open_folder)

    with unprivileged():
        with pytest.raises(Failed) as caught:
            write(store, "a.jpg")
        assert caught.value.code == "permission-denied"
        with pytest.raises(Failed) as caught, store.claim():
            pass
        assert caught.value.code == "permission-denied"
    open_folder.chmod(0o755)
