"""What every store promises. A new kind of store passes this or is none."""

import contextlib
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixmill.errors import Failed
from pixmill.storage import ANY, SOURCE_ETAG, STATE, Conflict, Expected, Meta, Store, open_store
from pixmill.storage.folder import FolderStore

ORDINARY = [
    "cat.png",
    "cats/2026/cat.png",
    "a#b.jpg",
    "y#7.jpg",
    "x#1",
    "100%.jpg",
    "p%20q.jpg",
    "caf%C3%A9.jpg",
    "%2E%2E/x",
    "%",
    "a?b=c&d.jpg",
    "a b+c.jpg",
    " leading and trailing ",
    "ü (1).png",
    "u\u0308.png",
    "日本/語.png",
    "😀.gif",
    "\ufeffbom\u2028line\x85.jpg",
    "\ufffdFF\ufffd.jpg",
    "~tilde~0123",
    ".hidden/.file",
    "end./.../..x",
    "back\\slash:colon*star|pipe<lt>gt\"quote'.jpg",
    "&amp;<Key>.jpg",
    "x" * 240 + ".jpg",
]
AWKWARD = [
    "/lead",
    "//lead",
    "trail/",
    "a//b",
    "a/./b",
    "./a/b",
    "a/../a/b",
    "../a/b",
    "nl\nx",
    "nul\0",
    "tab\t",
    "\x7f",
]


def write(store: Store, key: str, data: bytes, expect: Expected = ANY) -> str:
    return store.put(key, data, media_type="image/jpeg", expect=expect)


def listed(store: Store, prefix: str = "") -> dict[str, Meta]:
    metas = list(store.list(prefix))
    found = {meta.key: meta for meta in metas}
    assert len(found) == len(metas), "a key was listed twice"
    return found


def test_what_was_put_is_what_is_there(store: Store) -> None:
    etag = write(store, "cats/cat.jpg", b"meow")

    found = store.get("cats/cat.jpg")
    assert found
    meta, data = found
    assert data == b"meow"
    assert isinstance(data, bytes)
    assert (meta.key, meta.etag, meta.size) == ("cats/cat.jpg", etag, 4)
    head = store.head("cats/cat.jpg")
    assert head
    assert head[:3] == meta[:3]
    assert listed(store)["cats/cat.jpg"][:3] == meta[:3]


def test_an_etag_has_no_quotes_and_stays_while_the_object_does(store: Store) -> None:
    etag = write(store, "a", b"1")
    write(store, "b", b"2")

    head = store.head("a")
    assert head
    assert head.etag == etag
    assert '"' not in etag


def test_a_bucket_tells_when_an_object_was_written_and_a_folder_does_not(store: Store) -> None:
    store.put("a", b"1", media_type="image/png", expect=None)

    got, looked = store.get("a"), store.head("a")

    assert got is not None
    assert looked is not None
    assert got[0].modified == looked.modified
    assert (looked.modified is None) == isinstance(store, FolderStore)


def test_what_is_not_there_is_none_and_no_error(store: Store) -> None:
    write(store, "a/b", b"1")

    for key in ["missing", "a", "a/b/c", "a/bb", "NoSuchBucket.jpg", "x" * 300]:
        assert store.head(key) is None
        assert store.get(key) is None
        store.delete(key)
    assert list(listed(store)) == ["a/b"]


def test_an_empty_store_lists_nothing(store: Store) -> None:
    assert not listed(store)
    assert not listed(store, "standard/")


def test_expecting_nothing_never_overwrites(store: Store) -> None:
    etag = write(store, "a", b"first", None)

    with pytest.raises(Conflict):
        write(store, "a", b"second", None)

    found = store.get("a")
    assert found
    assert found[1] == b"first"
    assert found[0].etag == etag


def test_expecting_an_etag_replaces_that_object_only(store: Store) -> None:
    first = write(store, "a", b"1", None)
    second = write(store, "a", b"2", first)

    for stale in [first, "0", ""]:
        with pytest.raises(Conflict):
            write(store, "a", b"3", stale)
    found = store.get("a")
    assert found
    assert (found[0].etag, found[1]) == (second, b"2")


def test_expecting_an_etag_never_creates(store: Store) -> None:
    etag = write(store, "a", b"1")
    store.delete("a")

    with pytest.raises(Conflict):
        write(store, "a", b"2", etag)

    assert store.head("a") is None


def test_every_write_of_other_bytes_gives_another_etag(store: Store) -> None:
    etags = [write(store, "a", b"%03d" % number) for number in range(50)]

    assert len(set(etags)) == 50


@pytest.mark.parametrize("size", [0, 1, 6 * 1024 * 1024])
def test_any_size_goes_with_any_condition(store: Store, size: int) -> None:
    data = bytes(size)
    etag = write(store, "a", data, None)
    etag = write(store, "a", data, etag)
    etag = write(store, "a", data, ANY)

    assert store.get("a") == (store.head("a"), data)
    assert (listed(store)["a"].etag, listed(store)["a"].size) == (etag, size)


def test_deleting_removes_one_object(store: Store) -> None:
    for key in ["a/b", "a/bc", "a/b.jpg", "d"]:
        write(store, key, b"1")

    store.delete("a/b")
    store.delete("d")

    assert set(listed(store)) == {"a/bc", "a/b.jpg"}
    assert store.get("a/b") is None


def test_a_listing_of_a_folder_holds_what_is_below_it(store: Store) -> None:
    for key in ["standard/a", "standard/b/c", "standard2/d", "standard.jpg", "x/standard/e"]:
        write(store, key, b"1")

    assert set(listed(store, "standard/")) == {"standard/a", "standard/b/c"}
    assert set(listed(store, "standard/b/")) == {"standard/b/c"}
    assert not listed(store, "stand/")
    assert not listed(store, "standard.jpg/")


def test_a_prefix_is_a_folder(store: Store) -> None:
    with pytest.raises(ValueError, match="must end in a slash"):
        store.list("standard")


def test_a_listing_goes_on_beyond_one_page(store: Store) -> None:
    keys = {f"f{number % 7}/{number}" for number in range(250)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(partial(write, store, data=b"1"), keys))

    assert set(listed(store)) == keys


def test_the_drawer_is_reached_by_name_and_never_listed(store: Store) -> None:
    write(store, ".pixmill/state.json", b"{}", None)
    write(store, "a/.pixmill/picture", b"1")

    found = store.get(".pixmill/state.json")
    assert found
    assert found[1] == b"{}"
    assert set(listed(store)) == {"a/.pixmill/picture"}
    assert not listed(store, ".pixmill/")


@pytest.mark.parametrize("key", ORDINARY)
def test_an_ordinary_key_comes_back_as_it_went(store: Store, key: str) -> None:
    etag = write(store, key, key.encode(), None)

    assert {key: etag} == {meta.key: meta.etag for meta in store.list()}
    found = store.get(key)
    assert found
    assert found[1] == key.encode()
    assert store.head(key) is not None
    with pytest.raises(Conflict):
        write(store, key, b"", None)
    write(store, key, b"new", etag)
    store.delete(key)
    assert store.head(key) is None
    assert not listed(store)


@pytest.mark.parametrize("awkward", AWKWARD)
def test_an_awkward_key_reaches_its_own_object_or_raises(store: Store, awkward: str) -> None:
    neighbours = ["lead", "trail", "a/b", "b", "nlx", "nul", "tab"]
    for key in neighbours:
        write(store, key, b"neighbour")
    before = listed(store)

    refusal = ""
    try:
        etag = write(store, awkward, b"own", None)
    except Failed as failed:
        refusal = failed.message
        for verb in [store.head, store.get, store.delete]:
            with contextlib.suppress(Failed):
                assert verb(awkward) is None
    else:
        found = store.get(awkward)
        assert found
        assert (found[0].key, found[0].etag, found[1]) == (awkward, etag, b"own")
        assert set(listed(store)) == {awkward, *neighbours}
        store.delete(awkward)

    # Of buckets, only S3 takes such keys, given botocore; in a folder "trail" and "trail/" are in each
    # other's way. The test server answers 404 to a line break: test_exact.py sees to that.
    assert re.search(r"\A\Z|does not support|not installed|is a file\.|404 Not Found", refusal)
    assert before == listed(store)


@given(key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_key_reaches_its_own_object_or_raises(store: Store, key: str) -> None:
    try:
        etag = write(store, key, b"own", None)
    except Failed:
        assert not listed(store)
        return

    assert {key: etag} == {meta.key: meta.etag for meta in store.list()}
    store.delete(key)
    assert not listed(store)


def test_of_many_creators_one_wins_and_the_others_know(store: Store) -> None:
    for attempt in range(10):

        def create(number: int, key: str = f"a{attempt}/b") -> bytes | None:
            data = b"%d" % number
            with contextlib.suppress(Conflict):
                write(store, key, data, None)
                return data
            return None

        with ThreadPoolExecutor(6) as pool:
            winners = [data for data in pool.map(create, range(6)) if data is not None]

        found = store.get(f"a{attempt}/b")
        assert found
        assert winners == [found[1]]


def test_a_reader_sees_one_write_or_another_never_a_mixture(store: Store) -> None:
    versions = [bytes([number]) * 300_000 for number in range(4)]
    write(store, "a", versions[0])

    def keep_writing() -> None:
        for data in itertools.islice(itertools.cycle(versions), 40):
            write(store, "a", data)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(keep_writing)
        while not writing.done():
            found = store.get("a")
            assert found
            assert found[1] in versions
        writing.result()


def test_a_location_opens_the_same_store(store: Store) -> None:
    write(store, "a", b"1")

    if store.location is None:
        pytest.skip("memory cannot be reached from elsewhere")
    again = open_store(store.location)
    assert again.location == store.location
    assert again.get("a") == store.get("a")


def test_a_claim_lets_its_holder_write(store: Store) -> None:
    with store.claim() as held:
        write(store, "a", b"1")
        assert all(descriptor > 2 for descriptor in held)

    with store.claim():
        assert set(listed(store)) == {"a"}


def test_a_store_tells_what_we_made(store: Store) -> None:
    write(store, "theirs", b"1")
    assert not store.made_by_us("theirs")

    # A bucket keeps metadata, a folder goes by the state that a sync leaves there.
    store.put("ours", b"1", media_type="image/webp", expect=None, metadata={SOURCE_ETAG: "e"})
    write(store, STATE, b"{}")
    assert store.made_by_us("ours")
