"""A message arrives whole, however the pipe cuts it, or not at all."""

import io

from hypothesis import given
from hypothesis import strategies as some

from pixmill.confinement.frames import Inbox, pack, read

bodies = some.lists(some.binary(max_size=50), max_size=5)


@given(bodies, some.integers(1, 60))
def test_messages_arrive_as_they_were_sent(sent: list[bytes], piece: int) -> None:
    stream = b"".join(map(pack, sent))
    inbox, found = Inbox(50), list[bytes]()

    for at in range(0, len(stream), piece):
        found += inbox.take(stream[at : at + piece])

    assert found == sent
    assert not inbox.holds_more


@given(bodies, some.integers(1, 20))
def test_what_ends_in_the_middle_is_no_message(sent: list[bytes], cut: int) -> None:
    stream = b"".join(map(pack, sent)) + pack(b"x" * 20)[:-cut]
    reader = io.BytesIO(stream)

    assert [read(reader) for _ in sent] == sent
    assert read(reader) is None


def test_nobody_makes_us_wait_for_more_than_a_message_may_have() -> None:
    inbox = Inbox(10)

    assert inbox.take(pack(b"x" * 10)) == [b"x" * 10]
    assert not inbox.garbled
    assert inbox.take(pack(b"last") + b"\xff\xff\xff\xff" + pack(b"late")) == [b"last"]
    assert inbox.garbled
    assert inbox.take(pack(b"later")) == []
