"""A plain list of keys, written by a hand."""

import pytest

from pixmill.errors import Failed
from pixmill.events import Change, changes, messages


def test_keys_are_taken_as_they_are() -> None:
    keys = ["cats/cat.png", "red flower.jpg", "a%2Bb+c.png", "猫.png"]

    assert changes({"keys": keys, "bucket": "uploads"}) == [Change("uploads", key) for key in keys]


@pytest.mark.parametrize("event", [{"keys": ["a.png"]}, {"keys": ["a.png"], "bucket": None}])
def test_the_bucket_may_be_left_out(event: object) -> None:
    assert changes(event) == [Change(None, "a.png")]


@pytest.mark.parametrize("key", ["", None, 7, ["a.png"], "\ud83d.png"])
def test_one_bad_key_spoils_no_other(key: object) -> None:
    bad, good = messages({"keys": [key, "b.png"]})

    assert bad.error
    assert "keys[0]: expected" in bad.error.message
    assert [change.key for change in good.changes] == ["b.png"]


@pytest.mark.parametrize("keys", [[], "a.png", {}, {"a.png": 1}, 0, False])
def test_a_hand_that_names_no_key_is_told_so(keys: object) -> None:
    with pytest.raises(Failed, match="keys: expected a list with something in it"):
        messages({"keys": keys})


def test_a_slip_of_the_hand_is_not_passed_over() -> None:
    with pytest.raises(Failed, match=r"no fields but 'keys' and 'bucket', got .* the fields 'buckett'"):
        messages({"keys": ["a.png"], "buckett": "uploads"})


@pytest.mark.parametrize("bucket", ["", 7, []])
def test_a_bucket_must_be_a_name(bucket: object) -> None:
    with pytest.raises(Failed, match="bucket: expected a text"):
        messages({"keys": ["a.png"], "bucket": bucket})
