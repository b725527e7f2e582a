"""Bytes and texts without a form of their own: JSON, TOML, keys."""

import re

from fuzz.anatomy.anatomy import Anatomy, Number, unmended

_LENGTH = 16
_WORDS = re.compile(rb'"(?:\\.|[^"\\\n]){0,400}"|[A-Za-z_.-]{1,80}|[0-9]{1,80}|\s{1,80}|.', re.DOTALL)


def _words(data: bytes) -> list[bytes]:
    return _WORDS.findall(data)


def _runs(data: bytes) -> list[bytes]:
    return [data[start : start + _LENGTH] for start in range(0, len(data), _LENGTH)]


def _no_numbers(_: bytes) -> list[Number]:
    return []


TEXT = Anatomy("text", _words, unmended, _no_numbers)
PLAIN = Anatomy("plain", _runs, unmended, _no_numbers)
