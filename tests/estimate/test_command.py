"""`pixmill estimate` as users have it."""

import json
import re
from pathlib import Path

import pytest
from tests.cli.command import Run, jpeg

from pixmill.estimate.prices import OURS


@pytest.fixture
def photos(here: Path) -> Path:
    """Two pictures, of which one is broken."""
    folder = here / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg())
    (folder / "broken.jpg").write_bytes(jpeg()[:200])
    return folder


def cell(out: str, row: str) -> list[str]:
    """The cells of a line."""
    found = re.search(rf"^{row}  +(.*)$", out, re.MULTILINE)
    assert found, out
    return re.split(r"  +", found[1])


def test_it_prints_both_bills_and_what_they_rest_on(quick: Run, photos: Path) -> None:
    done = quick("estimate", photos)

    assert done.status == 0, done.err
    assert "2 pictures, rejected: 1 truncated" in done.out
    assert cell(done.out, "S3 writes") == ["2,000,000 requests", "10.00", "1,000,000 requests", "5.00"]
    assert cell(done.out, "SNS messages") == ["1,000,000 messages", "0.50"]
    assert cell(done.out, "Alarms") == ["8 alarm metrics", "0.80", "2 alarm metrics", "0.20"]
    assert "us-east-1 as of 20" in done.out
    assert "Assumed, not measured" in done.out
    assert "makes nothing of 1 of 2 pictures" in done.out
    assert "CloudFront" not in done.out


def test_arithmetic_is_shown_if_asked_for(quick: Run, photos: Path) -> None:
    brief, full = quick("estimate", photos), quick("estimate", photos, "--verbose")

    line = "S3 writes: 1,000,000 \u00d7 2 = 2,000,000 requests at 5.00 per 1,000,000 = 10.00"
    assert line in full.out
    assert line not in brief.out


def test_json_holds_all_of_it(quick: Run, photos: Path) -> None:
    options = ("--images", "2000", "--batch", "4", "--memory", "2048", "--architecture", "x86_64")

    done = quick(
        "estimate", photos, *options, "--views", "3", "--keep-months", "0.5", "--speed", "1.5", "--json"
    )

    (line,) = done.out.splitlines()
    said = json.loads(line)
    assert said["sample"]["rejected"] == {"truncated": 1}
    assert said["deployment"] == {
        "images": 2000,
        "memory_mb": 2048,
        "architecture": "x86_64",
        "batch": 4,
        "keep_months": 0.5,
        "views": 3,
    }
    assert said["assumed"] == {"speed": 1.5, "latency_ms": 30.0}
    ours = said["ways"]["pixmill"]
    items = {item["name"]: item for item in ours["items"]}
    assert items["Lambda requests"]["quantity"] == 500
    assert items["S3 writes"]["dollars"] == 0.02
    assert items["CloudFront requests"]["quantity"] == 3000
    assert ours["dollars"] == pytest.approx(sum(item["dollars"] for item in ours["items"]))
    assert set(said["ways"]) == {"pixmill", "first-sketch"}


def test_the_recipe_decides(quick: Run, photos: Path, here: Path) -> None:
    (here / "one.toml").write_text('[[rendition]]\nname = "a"\nwidth = 10\nformats = ["jpeg"]\n')

    done = quick("estimate", photos / "a.jpg", "--recipe", "one.toml")

    assert cell(done.out, "S3 writes")[0] == "2,000,000 requests"


def test_other_prices_are_taken_and_named(quick: Run, photos: Path, here: Path) -> None:
    dear = (
        OURS.read_text("utf-8").replace("dollars = 5.00", "dollars = 50.00", 1).replace("us-east-1", "mars-1")
    )
    (here / "mine.toml").write_text(dear)

    done = quick("estimate", photos, "--prices", "mine.toml")

    assert cell(done.out, "S3 writes")[1] == "100.00"
    assert "mars-1" in done.out


def test_a_missing_price_is_refused_by_name_before_anything_is_measured(quick: Run, here: Path) -> None:
    (here / "mine.toml").write_text(OURS.read_text("utf-8").replace("[s3-writes]", "[s3-wrights]"))

    done = quick("estimate", "no-such-folder", "--prices", "mine.toml")

    assert (done.status, done.out) == (2, "")
    assert "error[invalid-option]: mine.toml lacks `s3-writes`." in done.err


@pytest.mark.parametrize(
    "options",
    [("--images", "0"), ("--memory", "127"), ("--batch", "0"), ("--speed", "0"), ("--speed", "nan")],
)
def test_impossible_options_are_refused(quick: Run, photos: Path, options: tuple[str, str]) -> None:
    done = quick("estimate", photos, *options)

    assert (done.status, done.out) == (2, "")
    assert "error[invalid-option]" in done.err


def test_a_sample_that_is_not_there_is_refused(quick: Run) -> None:
    done = quick("estimate", "no-such-folder")

    assert (done.status, done.out) == (2, "")
    assert "error[source-not-found]" in done.err
