"""Every file has a key, every key has a file, and both ways agree."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pixmill.errors import Failed
from pixmill.storage.names import path_of, segment_of

# Pieces that make escapes, real and apparent, likely.
PIECES = ["%", "\ufffd", "25", "00", "2E", "FF", "C3", "A9", "E9", ".", "/", "\0", "é", "\n", "x"]
TRICKY = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
KEYS = (TRICKY | st.text(st.characters(exclude_categories=["Cs"]))).filter(bool)
NAMES = (
    st.binary(min_size=1, max_size=12)
    | st.lists(st.sampled_from([piece.encode() for piece in PIECES] + [b"\xff", b"\xc3", b"\xa9"])).map(
        b"".join
    )
).map(lambda name: re.sub(rb"[/\0]", b"_", name))
PATHS = st.lists(NAMES.filter(lambda name: name not in {b"", b".", b".."}), min_size=1, max_size=4).map(
    b"/".join
)


def key_of(path: bytes) -> str:
    names = path.split(b"/")
    return "/".join(segment_of(name, alone=len(names) == 1) for name in names)


@given(PATHS)
@example(b"%")
@example(b"%/%25")
@example(b"\xef\xbf\xbd\xff")
def test_every_file_has_a_key_that_leads_back_to_it(path: bytes) -> None:
    key = key_of(path)

    assert path == path_of(key)
    assert key
    assert key.encode()  # no lone surrogates


@given(KEYS)
@example("../../etc/passwd")
@example("/absolute")
@example("a//b")
@example("folder/")
@example("%")
@example("%25")
@example("/")
def test_every_key_has_a_file_inside_the_root_that_leads_back_to_it(key: str) -> None:
    try:
        path = path_of(key)
    except Failed:
        # The one exception: UTF-8 spelt out byte by byte in escapes, which no listing brings forth.
        assert re.search("\ufffd[C-F][0-9A-F].*\ufffd[89AB][0-9A-F]", key)
        return

    assert key == key_of(path)
    assert all(name not in {b"", b".", b".."} and b"\0" not in name for name in path.split(b"/"))


@pytest.mark.parametrize(
    "key",
    [
        "a#b.jpg",
        "100%.jpg",
        "p%20q.jpg",
        "caf%C3%A9.jpg",
        "ü (1).png",
        "a b+c.jpg",
        ".hidden",
        "end.",
        "nl\nx",
    ],
)
def test_ordinary_names_are_their_own_keys(key: str) -> None:
    assert f"a/{key}".encode() == path_of(f"a/{key}")
    assert key.encode() == path_of(key)


@pytest.mark.parametrize("key", ["", "\ud800", "a\udcff", "\ufffdC3\ufffdA9"])
def test_a_key_that_no_listing_brings_forth_is_refused(key: str) -> None:
    with pytest.raises(Failed) as caught:
        path_of(key)

    assert caught.value.code == "storage-unavailable"
