"""Whatever goes wrong with the post, word of every change comes in the end."""

import json
from collections import Counter

from pixmill import events
from pixmill.errors import Failed

from .originals import Change
from .post import Post, aged, notification

CHANGES = [Change(f"a b+%2F/{number}.jpg", None if number % 5 == 0 else b"") for number in range(500)]


def sent(seed: int, *, trouble: bool = True) -> tuple[Post, list[tuple[str, str | None]]]:
    messages: list[tuple[str, str | None]] = []
    post = Post(seed, "uploads", lambda body, about: messages.append((body, about)))
    post.trouble = trouble
    for change in CHANGES:
        post.tell(change)
    post.finish()
    return post, messages


def test_every_change_is_told_of_at_least_once() -> None:
    post, messages = sent(3)

    told = Counter(about for _, about in messages)
    assert {change.key for change in CHANGES} <= told.keys()
    assert told[None] == post.counts["invalid"] == len(post.nonsense) > 0
    assert len(messages) == len(CHANGES) + post.counts["duplicated"] + post.counts["invalid"]
    assert post.counts["lost"] == post.counts["replayed"] > 0
    assert post.counts["delayed"] > 0


def test_word_does_not_come_in_order() -> None:
    _, messages = sent(3)
    order = [about for _, about in messages if about]

    assert order != sorted(order, key=[change.key for change in CHANGES].index)


def test_a_message_is_about_the_key_that_it_names_or_not_understood() -> None:
    for body, about in sent(3)[1]:
        try:
            changes = events.changes(json.loads(body))
        except (Failed, json.JSONDecodeError):
            assert about is None
            continue
        if about is None:
            assert {change.bucket for change in changes} == {"elsewhere"}
        else:
            assert [(change.key, change.bucket) for change in changes] in (
                [(about, "uploads")],
                [(about, None)],
            )


def test_without_trouble_there_is_one_word_of_each() -> None:
    post, messages = sent(3, trouble=False)

    assert [about for _, about in messages] == [change.key for change in CHANGES]
    assert dict(post.counts) == {"changes": len(CHANGES)}


def test_what_comes_again_later_is_older() -> None:
    body = notification("uploads", CHANGES[0])

    (before,), (after,) = events.changes(json.loads(body)), events.changes(json.loads(aged(body)))

    assert before.time is not None
    assert after.time is not None
    assert (before.time - after.time).total_seconds() == 3600
    assert aged('{"keys": ["a"]}') == '{"keys": ["a"]}'
