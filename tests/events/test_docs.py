"""docs/events.md says what is understood and what asks for nothing: it cannot fall behind."""

import re
from pathlib import Path

from pixmill.events import ENVELOPES, eventbridge, s3
from pixmill.events.sns import NOTIFICATION

TEXT = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_envelope_has_a_row_and_every_row_an_envelope() -> None:
    rows = re.findall(r"^\| (an? [^|]+) \|", section("What is understood"), re.MULTILINE)

    assert sorted(rows) == sorted(envelope.name for envelope in (*ENVELOPES, NOTIFICATION))


def test_every_event_that_asks_for_nothing_is_listed_and_no_other() -> None:
    table = section("What asks for nothing").split("Everything else")[0]

    assert sorted(re.findall(r"`([^`]+)`", table)) == sorted(s3.QUIET | eventbridge.QUIET)
