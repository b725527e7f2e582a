"""The parts that hold state, by themselves."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixmill.errors import Refused
from pixmill.keys import is_litter
from pixmill.local import changes
from pixmill.local.changes import Changes
from pixmill.local.desk import Desk
from pixmill.local.known import Known
from pixmill.local.naming import alternatives, key_for
from pixmill.local.snippet import picture
from pixmill.manifest import Entry, Manifest, Source
from pixmill.storage import Meta
from pixmill.storage.names import path_of

KEYS = st.sampled_from(["a", "b", "c/d", "c/e", "c0", "c/", "cd"])
LISTING = st.dictionaries(KEYS, st.sampled_from(["1", "2"]))


def metas(listing: dict[str, str]) -> list[Meta]:
    return [Meta(key, etag, 1) for key, etag in listing.items()]


@given(before=LISTING, after=LISTING)
def test_two_listings_differ_by_what_is_new_changed_and_gone(
    before: dict[str, str], after: dict[str, str]
) -> None:
    known = Known()
    known.compare(metas(before))

    changed, gone = known.compare(metas(after))

    assert {meta.key for meta in changed} == {key for key in after if before.get(key) != after[key]}
    assert set(gone) == before.keys() - after.keys()
    assert known.compare(metas(after)) == ([], [])
    assert list(known.below("c/")) == sorted(key for key in after if key.startswith("c/") and key != "c/")


def test_a_listing_that_breaks_off_changes_nothing() -> None:
    known = Known()
    known.compare(metas({"a": "1", "b": "1"}))

    def broken() -> Iterator[Meta]:
        yield Meta("a", "2", 1)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        known.compare(broken())

    assert known.compare(metas({"a": "1", "b": "1"})) == ([], [])


@given(st.lists(st.tuples(st.sampled_from(["add", "take", "done", "drop"]), KEYS)))
def test_a_key_is_never_in_two_hands_and_none_is_forgotten(steps: list[tuple[str, str]]) -> None:
    desk = Desk()
    in_hand: list[str] = []
    owed: set[str] = set()
    for step, key in steps:
        if step == "add":
            desk.add(key)
            owed.add(key)
        elif step == "take" and (taken := desk.take()) is not None:
            assert taken not in in_hand
            in_hand.append(taken)
            owed.discard(taken)
        elif step == "done" and in_hand:
            desk.done(in_hand.pop())
        elif step == "drop":
            owed.update(in_hand)
            in_hand.clear()
            desk.drop_all()
    for key in in_hand:
        desk.done(key)
    left: set[str] = set()
    while (key := desk.take()) is not None:
        left.add(key)
        desk.done(key)
    assert left == owed
    assert desk.is_empty


@given(st.lists(st.one_of(KEYS, st.none()), max_size=40), st.integers(1, 5))
def test_a_reader_of_changes_misses_none_and_none_comes_twice(names: list[str | None], most: int) -> None:
    """None in the list is a moment at which the reader comes."""
    log: Changes[str] = Changes()
    mark, owed = log.mark, list[str]()
    for name in [*names, None]:
        if name is not None:
            log.add(name)
            owed = [*(each for each in owed if each != name), name]
            continue
        got: list[str] = []
        while batch := log.since(mark, most):
            assert not batch.is_reset
            mark = batch.mark
            got += batch.names
            if len(batch.names) < most:
                break
        assert got == owed
        owed = []


def test_a_reader_that_was_away_for_too_long_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST", 3)
    log: Changes[str] = Changes()
    early = log.mark
    for name in "abc":
        log.add(name)
    assert log.since(early, 9).names == ["a", "b", "c"]
    log.add("d")

    assert log.since(early, 9).is_reset
    assert not log.since(log.mark, 9).is_reset
    assert log.since(f"{log.mark}9", 9).is_reset  # of the future


@given(st.text())
def test_whatever_a_file_is_called_its_key_is_safe(name: str) -> None:
    try:
        key = key_for(name)
    except Refused:
        return
    segments = key.split("/")
    assert all(segment.strip(". ") == segment or segment[0] != "." for segment in segments)
    assert not {"", ".", ".."} & set(segments)
    assert key.isprintable()
    assert len(key.encode()) <= 1000
    assert not is_litter(key) or is_litter(name.replace("\\", "/"))
    assert path_of(key).decode() == key or "%" in key
    assert key_for(key) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("cat.jpg", "cat.jpg"),
        ("e\u0301te\u0301.jpg", "été.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("CON.jpg", "_CON.jpg"),
        (" spaces .jpg ", "spaces .jpg"),
        ("at 9.41\u202fAM.png", "at 9.41 AM.png"),
        (".hidden.jpg", "hidden.jpg"),
        ("a/./b//c.jpg", "a/b/c.jpg"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("日" * 100, "日" * 66),
        ("a:b*c?.jpg", "a_b_c_.jpg"),
    ],
)
def test_names_are_made_safe(name: str, key: str) -> None:
    assert key_for(name) == key


def test_other_names_keep_the_extension() -> None:
    names = alternatives(".jpg")

    assert [next(names), next(names)] == [".jpg", ".jpg (2)"]


def test_the_snippet_takes_a_shape_that_every_browser_can_show() -> None:
    def entry(rendition: str, kind: str, width: int, height: int) -> Entry:
        return Entry(
            rendition=rendition,
            format=kind,
            fingerprint="",
            key=f"{rendition}/a.jpg.{kind}",
            etag="e",
            media_type=f"image/{kind}",
            width=width,
            height=height,
            bytes=1,
            frames=1,
        )

    manifest = Manifest(
        status="complete",
        source=Source(key="a.jpg", etag="s", bytes=1),
        recipe="",
        renditions=(entry("hero", "avif", 1200, 480), entry("standard", "jpeg", 800, 600)),
        engine={},
        timings_ms={},
    )

    assert '<img src="/standard/a.jpg.jpeg"' in picture(manifest)
    assert "hero" not in picture(manifest)
