"""ICC profiles: built after ICC.1:2022, and the two that libvips carries."""

import struct
from collections.abc import Mapping, Sequence

from pixmill.engine import vips

Colorants = tuple[tuple[float, float, float], ...]

SRGB: Colorants = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))
DISPLAY_P3: Colorants = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE: Colorants = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_D50 = (0.9642, 1.0, 0.8249)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def parametric() -> bytes:
    """The curve of sRGB as a formula, as version 4 profiles have it."""
    return b"para" + bytes(4) + struct.pack(">HH5i", 3, 0, *(round(value * 65536) for value in _SRGB_CURVE))


def table(entries: int = 1024) -> bytes:
    """The curve of sRGB as a table, as version 2 profiles have it."""
    gamma, a, b, c, d = _SRGB_CURVE
    places = [i / (entries - 1) for i in range(entries)]
    values = [(a * x + b) ** gamma if x >= d else c * x for x in places]
    return struct.pack(f">4sII{entries}H", b"curv", 0, entries, *(round(value * 65535) for value in values))


def power(gamma: float) -> bytes:
    """A pure power."""
    return struct.pack(">4sIIH", b"curv", 0, 1, round(gamma * 256))


def rgb(colorants: Colorants, curve: bytes, *, version: int = 4) -> bytes:
    """A matrix profile of an RGB space."""
    tags = {name: _xyz(value) for name, value in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True)}
    return profile(b"RGB ", {**tags, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}, version=version)


def grey(curve: bytes) -> bytes:
    """A profile of a grey."""
    return profile(b"GRAY", {b"kTRC": curve})


def cmyk() -> bytes:
    """The CMYK profile that libvips carries, with tables in both directions."""
    return bytes(vips.call("profile_load", "cmyk"))


def profile(space: bytes, tags: Mapping[bytes, bytes], *, version: int = 4) -> bytes:
    """A profile with a name, a white point and these tags."""
    name = "Test".encode("utf-16-be")
    text = (
        b"mluc" + struct.pack(">5I", 0, 1, 12, 0x656E5553, len(name)) + struct.pack(">I", 28) + name
        if version == 4
        else b"desc" + struct.pack(">II", 0, 5) + b"Test\x00" + bytes(78)
    )
    copying = text if version == 4 else b"text" + bytes(4) + b"None\x00"
    everything = {b"desc": text, b"cprt": copying, b"wtpt": _xyz(_D50), **tags}
    directory, body = struct.pack(">I", len(everything)), b""
    start = 128 + 4 + 12 * len(everything)
    for tag, value in everything.items():
        directory += struct.pack(">4sII", tag, start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"test", version << 24, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp").ljust(68 - 24, b"\x00")
    head += struct.pack(">3i", *(round(value * 65536) for value in _D50))
    return head.ljust(128, b"\x00") + directory + body


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def colorant(tag: bytes) -> bytes:
    """One of sRGB's colorants as a tag."""
    return _xyz(SRGB[(b"rXYZ", b"gXYZ", b"bXYZ").index(tag)])
