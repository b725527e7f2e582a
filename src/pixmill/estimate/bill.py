"""Bills: what is used, what it costs, and how one comes from the other. Exact: only showing rounds."""

from fractions import Fraction

import msgspec

from pixmill.estimate.prices import Price

TIMES = "\u00d7"

_EXACT = 1000
"""From here on a number is shown without a fraction."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a bill.

    Attributes:
        name: what it is for, such as "S3 writes".
        quantity: how much of the price's unit is used.
        price: what that costs.
        how: where the quantity comes from, as arithmetic for people.
    """

    name: str
    quantity: Fraction
    price: Price
    how: str

    @property
    def dollars(self) -> Fraction:
        """What it costs."""
        return self.quantity * self.price.each

    @property
    def arithmetic(self) -> str:
        """All of it, from what was counted to what it costs."""
        much = f"{amount(self.quantity)} {self.price.unit}"
        made = f"{self.how} = {much}" if self.how != much else much
        per = f" per {self.price.per:,}" if self.price.per > 1 else ""
        return f"{made} at {self.price.dollars}{per} = {float(self.dollars):,.2f}"


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What one way of making renditions costs.

    Attributes:
        name: the way's.
        items: what grows with the number of originals.
        monthly: what each month costs, whatever is uploaded.
        unmade: how many originals of the sample it makes nothing of.
    """

    name: str
    items: tuple[Item, ...]
    monthly: tuple[Item, ...]
    unmade: int

    @property
    def total(self) -> Fraction:
        """Dollars for all originals, without what each month costs."""
        return sum((item.dollars for item in self.items), Fraction(0))

    @property
    def monthly_total(self) -> Fraction:
        """Dollars a month, whatever is uploaded."""
        return sum((item.dollars for item in self.monthly), Fraction(0))


def amount(number: Fraction | int) -> str:
    """A number for people: whole if it is large or happens to be, else with four digits.

    >>> amount(Fraction(1_000_000)), amount(Fraction(1_234_567, 10)), amount(Fraction(200, 3))
    ('1,000,000', '123,457', '66.67')
    """
    number = Fraction(number)
    if number.denominator == 1 or number >= _EXACT:
        return f"{round(number):,}"
    return f"{float(number):.4g}"
