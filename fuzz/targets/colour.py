"""ICC profiles: any profile is of use for a picture or is left aside, and the picture comes out in sRGB."""

from collections.abc import Iterator

from tests.engine import planted, profiles

from fuzz import seeds
from fuzz.anatomy import PROFILE
from fuzz.law import hold
from fuzz.target import Seed, Target
from fuzz.targets.tokens import PROFILES
from pixmill.engine import colour, vips

_SIDE = 6
_SIGNATURE = 36  # where a profile has its own
_LARGEST = 1 << 16
_SPACES = {1: "b-w", 3: "srgb", 4: "cmyk"}


def one(data: bytes) -> None:
    """Only libvips' own error may come out, which the decoder turns into a rejection."""
    hold(not colour.is_srgb(data) or colour.is_rgb(data), "sRGB is an RGB space")
    for bands, space in _SPACES.items():
        ramp = bytes(range(_SIDE * _SIDE * bands))
        picture = vips.Image.new_from_memory(ramp, _SIDE, _SIDE, bands, "uchar").copy(interpretation=space)
        try:
            done, _ = colour.to_srgb(picture, data)
        except vips.VipsError:
            continue
        hold((done.width, done.height, done.bands) == (_SIDE, _SIDE, 3), "colours change, sizes do not")
        hold(done.format == "uchar", "sRGB has 8 bits")
        again, _ = colour.to_srgb(picture, data)
        hold(done.write_to_memory() == again.write_to_memory(), "a profile means the same twice")


def _seeds() -> list[Seed]:
    made = [
        planted.profile(),
        profiles.cmyk(),
        profiles.rgb(profiles.SRGB, profiles.parametric()),
        profiles.rgb(profiles.SRGB, profiles.table(), version=2),
        profiles.rgb(profiles.ADOBE, profiles.power(2.2)),
        profiles.grey(profiles.power(2.2)),
        profiles.grey(profiles.table(64)),
    ]
    return [Seed(data, PROFILE) for data in dict.fromkeys((*made, *filter(None, _embedded())))]


def _embedded() -> Iterator[bytes]:
    """The profiles that files hold in one piece."""
    for seed in seeds.pictures():
        start = seed.data.find(b"acsp") - _SIGNATURE
        if start >= 0:
            yield seed.data[
                start : start + min(_LARGEST, int.from_bytes(seed.data[start : start + 4], "big"))
            ]


TARGET = Target("colour", one, _seeds, PROFILES, share=2, is_guided=False)
