"""The directories of a TIFF or BigTIFF: whole numbers by their tags (TIFF 6.0, section 2)."""

import struct
from collections.abc import Collection
from typing import NamedTuple

from pixmill.engine.structure.bounds import too_many
from pixmill.errors import Rejected

_MOST_TAGS, _MOST_PAGES, _MOST_NUMBERS = 4096, 4096, 1 << 18

_TYPES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTHS = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}


class Directory(NamedTuple):
    """The first directory.

    Attributes:
        tags: those that were asked for, as far as they hold whole numbers.
        end: where the last of all its values ends.
    """

    tags: dict[int, tuple[int, ...]]
    end: int


class _Form(NamedTuple):
    """How numbers are written, as formats of `struct`, and the bytes that things take."""

    short: str
    word: str
    head: int
    entry: int
    inline: int
    first: int


def first(data: bytes, wanted: Collection[int]) -> Directory:
    """Read the first directory. Only what is wanted is unpacked: a thousand tags may share sixty megabytes.

    Raises:
        struct.error, OverflowError: the file ends before it does.
        Rejected: `corrupt` or `too-many-parts`.
    """
    form = _form(data)
    offset = _number(data, form.word, form.first)
    tags: dict[int, tuple[int, ...]] = {}
    end = 0
    for entry in range(_count(data, form, offset)):
        at = offset + form.head + entry * form.entry
        tag, kind = _number(data, form.short[0] + "H", at), _number(data, form.short[0] + "H", at + 2)
        number = _number(data, form.word, at + 4)
        size = _WIDTHS.get(kind, 0) * number
        value = at + form.entry - form.inline
        if size > form.inline:
            value = _number(data, form.word, value)
        end = max(end, value + size)
        if tag in wanted and number and kind in _TYPES and tag not in tags and value + size <= len(data):
            if number > _MOST_NUMBERS:
                raise too_many("strips or tiles")
            tags[tag] = struct.unpack_from(f"{form.short[0]}{number}{_TYPES[kind]}", data, value)
    return Directory(tags, end)


def count_pages(data: bytes) -> None:
    """Count the directories that follow one another, which libtiff reads all, as far as the file goes.

    Raises:
        Rejected: `too-many-parts`.
    """
    form = _form(data)
    offset, seen = _number(data, form.word, form.first), set[int]()
    try:
        while offset and offset not in seen:
            seen.add(offset)
            if len(seen) > _MOST_PAGES:
                raise too_many("pages")
            after = offset + form.head + _number(data, form.short, offset) * form.entry
            offset = _number(data, form.word, after)
    except (struct.error, OverflowError):
        return


def _form(data: bytes) -> _Form:
    order = "<" if data[:2] == b"II" else ">"
    if data[2:4] in (b"+\x00", b"\x00+"):
        return _Form(order + "Q", order + "Q", head=8, entry=20, inline=8, first=8)
    return _Form(order + "H", order + "I", head=2, entry=12, inline=4, first=4)


def _count(data: bytes, form: _Form, offset: int) -> int:
    count = _number(data, form.short, offset)
    if count > _MOST_TAGS:
        raise Rejected("corrupt", "The TIFF's directory is implausibly long.")
    return count


def _number(data: bytes, form: str, at: int) -> int:
    return struct.unpack_from(form, data, at)[0]
