"""Plain JPEGs, decoded by hand: with the pixels that libvips gives, and never a jump out of libjpeg."""

from fuzz import seeds
from fuzz.law import hold
from fuzz.target import Seed, Target
from fuzz.targets.tokens import PICTURES
from pixmill.engine import structure, turbo, vips
from pixmill.geometry import Size

_SHRINKS = (1, 2, 4, 8)
_LARGEST = 1_000_000  # pixels: a damaged header may say anything


def one(data: bytes) -> None:
    """What is decoded by hand is what libvips gives, which has nothing to say against it."""
    if not structure.baseline.is_plain(data):
        return
    size = _size(data)
    if size.width * size.height > _LARGEST:
        return
    for shrink in (each for each in _SHRINKS if each <= min(size)):
        made = turbo.pixels(data, size, shrink)
        hold(not turbo.is_stuck(), "libjpeg finds nothing to stop at")
        if made is None:
            continue
        with vips.decoding(data, "jpeg"):
            theirs = vips.load(data, "jpeg", access="sequential", fail_on="warning", shrink=shrink)
            same = theirs.write_to_memory() == made.write_to_memory()
        hold((made.width, made.height) == (theirs.width, theirs.height), "both have one size")
        hold(same, "both have the same pixels")


def _size(data: bytes) -> Size:
    """What the frame header says, where the engine has it from libvips."""
    position = 2
    while data[position + 1] not in {0xC0, 0xC1}:
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    height, width = (int.from_bytes(data[position + at : position + at + 2], "big") for at in (5, 7))
    return Size(width, height)


def _seeds() -> list[Seed]:
    return [seed for seed in seeds.pictures() if structure.baseline.is_plain(seed.data)]


TARGET = Target("turbo", one, _seeds, PICTURES, share=4, is_guided=False)
