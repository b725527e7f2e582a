"""Changes, once they are out of their envelopes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixmill.events import Change, distinct, relative

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TIMES = st.none() | st.integers(-9, 9).map(lambda hours: NOON + timedelta(hours=hours))
CHANGES = st.lists(
    st.builds(Change, st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y", "z"]), time=TIMES)
)


@given(CHANGES)
def test_each_key_stays_once_with_its_earliest_time(changes: list[Change]) -> None:
    result = distinct(changes)

    places = [(change.bucket, change.key) for change in result]
    assert places == list(dict.fromkeys((change.bucket, change.key) for change in changes))
    for change in result:
        times = [
            other.time
            for other in changes
            if (other.bucket, other.key) == (change.bucket, change.key) and other.time
        ]
        assert change in changes
        assert change.time == min(times, default=None)


@pytest.mark.parametrize(
    ("key", "prefix", "expected"),
    [
        ("uploads/cat.png", "uploads", "cat.png"),
        ("uploads/cat.png", "uploads/", "cat.png"),
        ("a/b/cat.png", "a/b", "cat.png"),
        ("cat.png", "", "cat.png"),
        ("/cat.png", "", "/cat.png"),
        ("uploads//cat.png", "uploads", "/cat.png"),
        ("uploads", "uploads", None),
        ("uploads/", "uploads", None),
        ("uploads-2/cat.png", "uploads", None),
        ("Uploads/cat.png", "uploads", None),
        ("cats/uploads/cat.png", "uploads", None),
    ],
)
def test_a_source_has_the_keys_in_its_folder_and_no_others(
    key: str, prefix: str, expected: str | None
) -> None:
    assert expected == relative(key, prefix)
