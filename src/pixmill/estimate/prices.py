"""The table of prices: a dated file, the same for ours and for a user's own."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from pixmill.errors import Refused
from pixmill.recipe.problems import did_you_mean

OURS = Path(__file__).with_name("prices.toml")
"""List prices of us-east-1."""

NAMES = (
    "lambda-compute-arm64",
    "lambda-compute-x86_64",
    "lambda-requests",
    "s3-writes",
    "s3-reads",
    "s3-storage",
    "sqs-requests",
    "sns-messages",
    "logs",
    "traces",
    "metrics",
    "alarms",
    "cloudfront-requests",
    "cloudfront-transfer",
)
"""Every price that an estimate needs."""


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What something costs.

    Attributes:
        dollars: for so many of its unit.
        per: how many those are.
        unit: what is counted, such as "requests".
        source: where the price is published, in words.
    """

    dollars: Decimal
    per: int
    unit: str
    source: str

    @property
    def each(self) -> Fraction:
        """Dollars for one."""
        return Fraction(self.dollars) / self.per


class Prices(msgspec.Struct, frozen=True):
    """All of them.

    Attributes:
        date: when they were looked up, as the file has it.
        region: for which region of AWS.
        by_name: the prices.
    """

    date: str
    region: str
    by_name: dict[str, Price]

    def __getitem__(self, name: str) -> Price:
        return self.by_name[name]

    @classmethod
    def load(cls, path: Path = OURS) -> "Prices":
        """Read a table of prices.

        Raises:
            Refused: `source-not-found`: there is no such file; `invalid-option`: it cannot be read, or lacks
                something, or has something that it should not.
        """
        entries = _entries(path)
        head = {name: entries.pop(name, None) for name in ("date", "region")}
        for name, value in head.items():
            if not (isinstance(value, str) and value.strip()):
                raise _wrong(path, f"lacks `{name}`, a text")
        if missing := [name for name in NAMES if name not in entries]:
            raise _wrong(path, f"lacks {_listed(missing)}")
        if unknown := [name for name in entries if name not in NAMES]:
            raise _wrong(path, f"has {_listed(unknown)}, which no estimate asks for", _near(unknown[0]))
        by_name = {name: _price(path, name, entries[name]) for name in NAMES}
        return cls(str(head["date"]), str(head["region"]), by_name)


def _entries(path: Path) -> dict[str, Any]:
    try:
        # Decimals, so that 0.1 is a tenth of a dollar.
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(
            "source-not-found", f"There are no prices at {path}.", hint="Check the spelling."
        ) from None
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _wrong(path, f"is not TOML in UTF-8: {error}") from error


def _price(path: Path, name: str, entry: object) -> Price:
    try:
        price = msgspec.convert(entry, Price)
    except msgspec.ValidationError as error:
        raise _wrong(path, f"has a price `{name}` that is none: {error}") from error
    if not (price.dollars.is_finite() and price.dollars >= 0):
        raise _wrong(path, f"has a price `{name}` whose dollars are {price.dollars}, not 0 or more")
    if price.per < 1:
        raise _wrong(path, f"has a price `{name}` that is per {price.per}, not 1 or more")
    return price


def _near(word: str) -> str | None:
    near = did_you_mean(word, NAMES)
    return near and near[0].upper() + near[1:]


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _wrong(path: Path, what: str, hint: str | None = None) -> Refused:
    return Refused(
        "invalid-option", f"{path} {what}.", hint=hint or f"Compare it with Pixmill's own, {OURS}."
    )
