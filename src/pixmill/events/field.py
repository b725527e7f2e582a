"""A way through JSON that others wrote: every mistake has a place and a plain sentence.

A sentence names places, names of fields and kinds of values, never a value: an event holds what belongs to
users.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple, NoReturn, cast

import msgspec

from pixmill.errors import Failed

_ENCODED = re.compile("[%+]")
_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}
_NAME = re.compile(r"[A-Za-z][\w:.-]{0,39}", re.ASCII)
_NAMES_SHOWN = 8


class Field(NamedTuple):
    """A value and where it was found.

    Attributes:
        value: any JSON value; None also if there is nothing at that place.
        place: the way from the event to it, such as `Records[0].s3.object.key`.
    """

    value: object
    place: str = ""

    def at(self, *names: str) -> "Field":
        """The field of that name, of that name in it, and so on; one without a value if it is not there."""
        field = self
        for name in names:
            place = f"{field.place}.{name}" if field.place else name
            field = Field(field.fields().get(name), place)
        return field

    def fields(self) -> dict[str, object]:
        """Its fields by their names; none if it is no object."""
        value = self.value
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}

    def items(self) -> list["Field"]:
        """What is in the list; nothing if it is none."""
        value = self.value
        values = cast("list[object]", value) if isinstance(value, list) else []
        return [Field(each, f"{self.place}[{index}]") for index, each in enumerate(values)]

    def some(self) -> list["Field"]:
        """What is in the list, which must be one and have something in it."""
        return self.items() or self._demand("a list with something in it")

    def text(self) -> str:
        """The text, which must be one and not empty."""
        return self.maybe_text() or self._demand("a text")

    def maybe_text(self) -> str | None:
        """The text; None if there is none, or nothing in it, or half a character, which nothing can store."""
        return self.value if isinstance(self.value, str) and self.value and _is_whole(self.value) else None

    def maybe_size(self) -> int | None:
        """The number of bytes; None if it is no such number."""
        ok = isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0
        return cast("int", self.value) if ok else None

    def maybe_time(self) -> datetime | None:
        """The time; None if it is none. Without a time zone it is UTC, as all times of AWS are."""
        try:
            time = datetime.fromisoformat(self.text())
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        except (Failed, ValueError, OverflowError):
            return None

    def decoded(self) -> str:
        """The text, decoded from the form encoding that S3 has in its notifications: exactly once.

        >>> Field("red+flower%2B%252B.jpg").decoded()
        'red flower+%2B.jpg'
        """
        text = self.text()
        if not _ENCODED.search(text):
            return text
        from urllib.parse import unquote_plus  # noqa: PLC0415 - few keys need it, and it takes 2 ms

        try:
            return unquote_plus(text, errors="strict")
        except UnicodeDecodeError:
            # Another key must not come out of it: U+FFFD in place of bytes would be one.
            return self._demand("a URL-encoded key in UTF-8", "bytes that are not UTF-8")

    def opened(self) -> "Field":
        """The JSON in the text."""
        text = self.text()
        try:
            return Field(msgspec.json.decode(text), self.place)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return self._demand("JSON", "another text")

    def description(self) -> str:
        """What it is, without any value of it.

        >>> Field({"b": 1, "a": 2, "jane@example.com": 3}).description()
        "an object with the fields 'a', 'b' and 1 more"
        """
        if self.value is None:
            return "nothing"
        kind = _KINDS.get(type(self.value), "something that is not JSON")
        if self.value in ("", [], {}):
            return f"{kind} that is empty"
        if isinstance(self.value, str) and not _is_whole(self.value):
            return f"{kind} with half a character in it"
        if not self.fields():
            return kind
        shown = sorted(filter(_NAME.fullmatch, self.fields()))[:_NAMES_SHOWN]
        hidden = len(self.fields()) - len(shown)
        listed = f"the fields {', '.join(map(repr, shown))}" if shown else "fields without plain names"
        return f"{kind} with {listed}" + (f" and {hidden} more" if shown and hidden else "")

    def unexpected(self, expected: str, came: str | None = None) -> Failed:
        """The error that says what should have been here, and what was."""
        where = self.place or "The event"
        return Failed("unknown-event", f"{where}: expected {expected}, got {came or self.description()}.")

    def _demand(self, expected: str, came: str | None = None) -> NoReturn:
        raise self.unexpected(expected, came)


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def is_plain(name: str) -> bool:
    """Whether a text looks like a name that a program gave, and may be shown."""
    return _NAME.fullmatch(name) is not None
