"""ICC profiles as bytes: what space they are for, and whether converting by them would change anything."""

import struct
from functools import lru_cache

# The colorants of sRGB adapted to D50 as ICC profiles carry them (IEC 61966-2-1, ICC.1:2022 annex E), and
# its tone curve at three places. Tolerances hold the many slightly different sRGB profiles in the wild,
# and keep out Adobe RGB, Display P3 and gamma 2.2.
_COLORANTS = {
    b"rXYZ": (0.4361, 0.2225, 0.0139),
    b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7141),
}
_TONES = ((0.25, 0.0509), (0.5, 0.2140), (0.75, 0.5225))
_COLORANT_TOLERANCE = 0.0025
_TONE_TOLERANCE = 0.0025
_MOST_TAGS = 256
_MATRIX = {*_COLORANTS, b"rTRC", b"gTRC", b"bTRC"}


def is_rgb(profile: bytes) -> bool:
    """Whether these bytes are an ICC profile of an RGB space."""
    return profile[36:40] == b"acsp" and profile[16:20] == b"RGB "


@lru_cache(maxsize=64)
def is_srgb(profile: bytes) -> bool:
    """Whether converting by this profile would change nothing: it is a matrix profile of sRGB."""
    try:
        tags = _tags(profile)
        return (
            is_rgb(profile)
            and not {b"A2B0", b"A2B1"} & tags.keys()
            and all(_near(_xyz(tags[tag]), expected) for tag, expected in _COLORANTS.items())
            and all(_tone_is_srgb(tags[tag]) for tag in (b"rTRC", b"gTRC", b"bTRC"))
        )
    except (KeyError, struct.error, ValueError, TypeError, OverflowError, ZeroDivisionError):
        return False


def fits(profile: bytes, channels: int) -> bool:
    """Whether a profile is whole and is for so many channels: libvips would silently take another."""
    try:
        tags = _tags(profile)
    except struct.error:
        return False
    needed = {b"RGB ": (3, _MATRIX), b"CMYK": (4, {b"A2B0"}), b"GRAY": (1, {b"kTRC"})}
    count, curves = needed.get(profile[16:20], (0, set[bytes]()))
    return profile[36:40] == b"acsp" and count == channels and (b"A2B0" in tags or curves <= tags.keys())


def rgb_space(profile: bytes) -> str:
    """The colour space of an RGB picture with this profile."""
    return "rgb" if is_rgb(profile) and not is_srgb(profile) else "srgb"


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """The tags that lie within the profile."""
    count = struct.unpack_from(">I", profile, 128)[0]
    if count > _MOST_TAGS:
        return {}
    entries = (struct.unpack_from(">4sII", profile, 132 + 12 * i) for i in range(count))
    return {
        tag: profile[offset : offset + size] for tag, offset, size in entries if offset + size <= len(profile)
    }


def _xyz(tag: bytes) -> tuple[float, ...]:
    return tuple(value / 65536 for value in struct.unpack_from(">3i", tag, 8))


def _near(found: tuple[float, ...], expected: tuple[float, ...]) -> bool:
    return all(abs(a - b) < _COLORANT_TOLERANCE for a, b in zip(found, expected, strict=True))


def _tone_is_srgb(tag: bytes) -> bool:
    return all(abs(_tone(tag, at) - expected) < _TONE_TOLERANCE for at, expected in _TONES)


def _tone(tag: bytes, at: float) -> float:
    """Evaluate a `curv` or a `para` of type 3 or 4 (ICC.1:2022, 10.6 and 10.18)."""
    if tag[:4] == b"curv":
        count = struct.unpack_from(">I", tag, 8)[0]
        if count < 2:  # noqa: PLR2004 - none: linear; one: a pure gamma
            raise ValueError("not a table")
        place = at * (count - 1)
        low = int(place)
        first, second = struct.unpack_from(">HH", tag, 12 + 2 * min(low, count - 2))
        return (first + (second - first) * (place - low)) / 65535
    if tag[:4] != b"para" or struct.unpack_from(">H", tag, 8)[0] not in {3, 4}:
        raise ValueError("not a curve of sRGB's kind")
    gamma, a, b, c, d = (value / 65536 for value in struct.unpack_from(">5i", tag, 12))
    return (a * at + b) ** gamma if at >= d else c * at
