"""`pixmill explain`."""

import pytest
from tests.cli.command import Run

from pixmill.errors import CODES


def test_without_a_code_every_code_is_listed_by_fault(quick: Run) -> None:
    done = quick("explain")

    assert done.status == 0
    listed = [line.split()[0] for line in done.out.splitlines() if line.split() and line.split()[0] in CODES]
    assert listed == list(CODES)
    assert [
        line.split(".")[0] for line in done.out.splitlines() if line.startswith("The ") and "fault" in line
    ] == [
        "The original is at fault",
        "The world is at fault",
        "The request is at fault",
    ]


def test_a_code_is_explained_with_what_to_do(quick: Run) -> None:
    out = quick("explain", "truncated").out

    assert CODES["truncated"].meaning in out
    assert CODES["truncated"].hint in out
    assert "The original is at fault." in out


@pytest.mark.parametrize(("word", "near"), [("trunkated", "truncated"), ("not_an_image", "not-an-image")])
def test_an_unknown_code_is_refused_with_the_nearest_one(quick: Run, word: str, near: str) -> None:
    done = quick("explain", word)

    assert (done.status, done.out) == (2, "")
    assert f"error[unknown-code]: There is no error code {word}." in done.err
    assert f"Did you mean {near}?" in done.err


def test_a_word_that_is_near_nothing_gets_no_guess(quick: Run) -> None:
    assert "Did you mean" not in quick("explain", "zzzzzz").err
