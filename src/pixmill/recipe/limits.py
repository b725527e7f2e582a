"""What an original may cost."""

import re
from typing import Any

import msgspec

from pixmill.recipe.reading import Place, Reader, as_integer, integer, number


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What an original may cost. Judged from its header, before any pixel is decoded.

    Attributes:
        max_bytes: of the file.
        max_megapixels: width x height x frames, in millions.
        max_side: width or height, in pixels.
        max_frames: of an animation.
        max_memory: bytes that decoding may need, as estimated from the header.
    """

    max_bytes: int = 64 << 20
    max_megapixels: float = 100.0
    max_side: int = 65535
    max_frames: int = 1000
    max_memory: int = 1 << 30

    @property
    def room(self) -> int | None:
        """Bytes that the process has for decoding, whatever the recipe says; None if nobody knows."""
        return None

    def within(self, room: int) -> "Limits":
        """The same limits, for a process that has so many bytes for decoding."""
        return _Within(**self.to_dict(), own_room=room)

    def to_dict(self) -> dict[str, Any]:
        """What a recipe says of them."""
        return {name: getattr(self, name) for name in Limits.__struct_fields__}


class _Within(Limits, frozen=True, kw_only=True):
    """Limits where the process's own memory counts as well. That is no part of what a recipe says."""

    own_room: int

    @property
    def room(self) -> int | None:
        return self.own_room


MOST_SIDE = 65535
"""Pixels of a side, and the most that any recipe can allow."""

MOST_FRAMES = 10_000
"""Frames of an animation, and the most that any recipe can allow: libvips' time for WebP is their square."""

MOST_BYTES = 1 << 50
MOST_MEGAPIXELS = 1_000_000

_SIZE = r"([0-9]{1,16})(?:\.([0-9]{1,16}))? ?([kmgt]?)(i?)b"
_EXPECTED_SIZE = 'a number of bytes (1 to 1 PiB), or a size such as "64MiB" or "25 MB"'


def read_size(value: object, place: Place) -> int | None:
    """Read a number of bytes, or a number with a unit: decimal (kB, MB) or binary (KiB, MiB)."""
    found = as_integer(value)
    if isinstance(value, str) and (match := re.fullmatch(_SIZE, value, re.IGNORECASE)):
        whole, part, prefix, binary = match.groups(default="")
        power = " kmgt".index(prefix.lower() or " ")
        if power or not binary:
            # In integers, so that "0.1GB" is what it says; a part of a byte does not count.
            found = int(whole + part) * (1024 if binary else 1000) ** power // 10 ** len(part)
    if found is not None and 1 <= found <= MOST_BYTES:
        return found
    return place.wrong(_EXPECTED_SIZE, value)


LIMITS: dict[str, Reader[Any]] = {
    "max_bytes": read_size,
    "max_megapixels": number("a number above 0, at most 1000000", lambda n: 0 < n <= MOST_MEGAPIXELS),
    "max_side": integer(1, MOST_SIDE),
    "max_frames": integer(1, MOST_FRAMES),
    "max_memory": read_size,
}
"""How to read each limit."""
