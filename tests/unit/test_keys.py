"""Names of renditions: never shared, never too long, never ambiguous."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pixmill.keys import is_litter, manifest_key, rendition_key, split, stem

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="/")
SEGMENTS = (
    st.text(LETTERS, max_size=8)
    | st.builds(str.__mul__, LETTERS, st.integers(60, 300))
    | st.sampled_from(["", ".", "..", "a.jpg", "a.jpg.jpg", "~" + "0" * 32, "a~" + "f" * 32])
)
KEYS = st.lists(SEGMENTS, min_size=1, max_size=9).map("/".join).filter(bool)
LONG = [
    "x" * 250,
    "é" * 130,
    "/".join(["y" * 200] * 6),
    "/".join(["z" * 166, "z" * 243, "z" * 243, "z" * 243, "zz" * 100]),
]


@given(KEYS, KEYS)
def test_two_keys_have_two_stems(one: str, other: str) -> None:
    assert (one == other) == (stem(one) == stem(other))


@given(KEYS)
@example("x" * 250)
@example("/".join(["y" * 200] * 6))
def test_a_key_that_looks_like_a_shortened_one_does_not_take_its_place(key: str) -> None:
    assert stem(key) == key or stem(stem(key)) != stem(key)


@given(KEYS)
def test_what_is_short_stays_as_it_is(key: str) -> None:
    if (
        all(len(segment.encode()) < 200 and "~" not in segment for segment in key.split("/"))
        and len(key.encode()) < 900
    ):
        assert key == stem(key)


@given(KEYS)
@example(LONG[0])
@example(LONG[1])
@example(LONG[2])
@example(LONG[3])
def test_every_store_can_hold_the_names(key: str) -> None:
    for name in [rendition_key("r" * 64, key, "jpeg"), manifest_key(key)]:
        assert len(name.encode()) <= 1024
        assert all(len(segment.encode()) <= 255 for segment in name.split("/"))


@given(st.text(LETTERS, min_size=1), KEYS, st.text("abcdefgijpw0123", min_size=1))
def test_a_rendition_key_is_taken_apart_as_it_was_put_together(
    rendition: str, key: str, extension: str
) -> None:
    assert (rendition, stem(key), extension) == split(rendition_key(rendition, key, extension))
    assert ("manifests", stem(key), "json") == split(manifest_key(key))


@pytest.mark.parametrize("key", ["", "a", "a.jpg", "a/b", "a/.jpg", "a/b.", "/a.jpg", "a/b.c/d", "a/"])
def test_a_key_of_another_shape_is_none_of_ours(key: str) -> None:
    assert split(key) is None


@pytest.mark.parametrize("key", LONG)
def test_a_shortened_stem_keeps_its_beginning(key: str) -> None:
    assert stem(key) != key
    assert stem(key)[:90] == key[:90]


@pytest.mark.parametrize("key", LONG[2:])
def test_a_shortened_path_keeps_whole_folders(key: str) -> None:
    *folders, _ = stem(key).split("/")

    assert len(folders) >= 3
    assert key.split("/")[: len(folders)] == folders


@pytest.mark.parametrize(
    "key",
    [
        "Thumbs.db",
        "a/.DS_Store",
        "._a.jpg",
        "a/__MACOSX/b/c.jpg",
        ".git/x.png",
        "lost+found/#12",
        ".Trash-1000/files/a.jpg",
    ],
)
def test_litter_is_no_original(key: str) -> None:
    assert is_litter(key)


@pytest.mark.parametrize(
    "key", ["a.jpg", ".hidden/a.jpg", ".hidden.jpg", "git/a.jpg", "a.git/a.jpg", "lost+found"]
)
def test_a_hidden_picture_is_an_original_like_any_other(key: str) -> None:
    assert not is_litter(key)
