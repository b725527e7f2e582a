"""The table of prices is whole, and says what is wrong with one that is not."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pixmill.errors import Refused
from pixmill.estimate import Prices
from pixmill.estimate.prices import NAMES, OURS

TEXT = OURS.read_text("utf-8")


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], Refused]:
    """What is said of a table with such a text."""

    def load(text: str) -> Refused:
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(Refused) as caught:
            Prices.load(path)
        assert caught.value.code == "invalid-option"
        assert str(path) in caught.value.message
        return caught.value

    return load


def without(name: str) -> str:
    return re.sub(rf"\[{name}\]\n(?:.+\n)+", "", TEXT)


def test_ours_is_dated_and_says_where_each_price_is_from() -> None:
    prices = Prices.load()

    assert (prices.region, re.fullmatch(r"20\d\d-\d\d", prices.date) is not None) == ("us-east-1", True)
    assert all(price.source and price.unit and price.dollars > 0 for price in prices.by_name.values())


def test_a_price_is_exact() -> None:
    price = Prices.load()["s3-storage"]

    assert (price.dollars, price.each) == (Decimal("0.023"), Fraction(23, 1000))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_price_is_named(refused: Callable[[str], Refused], name: str) -> None:
    assert f"lacks `{name}`." in refused(without(name)).message


def test_all_that_is_missing_is_named_at_once(refused: Callable[[str], Refused]) -> None:
    said = refused('date = "2026-11"\nregion = "eu-central-1"\n').message

    assert all(f"`{name}`" in said for name in NAMES)


@pytest.mark.parametrize("name", ["date", "region"])
def test_a_table_without_a_date_or_a_region_is_refused(refused: Callable[[str], Refused], name: str) -> None:
    assert f"lacks `{name}`" in refused(re.sub(rf"(?m)^{name} = .*$", "", TEXT)).message


def test_an_unknown_price_is_refused_with_the_nearest_one(refused: Callable[[str], Refused]) -> None:
    error = refused(TEXT + '[s3-write]\ndollars = 1\nper = 1\nunit = "a"\nsource = "b"\n')

    assert "has `s3-write`" in error.message
    assert error.hint == "Did you mean `s3-writes`?"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("dollars = -1\nper = 1", "0 or more"),
        ("dollars = nan\nper = 1", "0 or more"),
        ("dollars = inf\nper = 1", "0 or more"),
        ("dollars = 1\nper = 0", "1 or more"),
        ("dollars = true\nper = 1", "dollars"),
        ("per = 1", "dollars"),
        ("dollars = 1\nper = 1\nfree = 5", "free"),
    ],
)
def test_a_price_that_is_none_is_named(refused: Callable[[str], Refused], entry: str, expected: str) -> None:
    said = refused(f'{without("logs")}\n[logs]\n{entry}\nunit = "GB"\nsource = "somewhere"\n').message

    assert "`logs`" in said
    assert expected in said


@pytest.mark.parametrize("text", ["s3-writes = [", "\udcff"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(Refused, match="is not TOML in UTF-8"):
        Prices.load(path)


def test_prices_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        Prices.load(tmp_path / "none.toml")

    assert caught.value.code == "source-not-found"


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        Prices.load(tmp_path)
