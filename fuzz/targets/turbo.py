"""Plain JPEGs, decoded by hand: with the pixels that libvips gives, and never a jump out of libjpeg."""

from math import ceil

from fuzz import seeds
from fuzz.law import hold
from fuzz.target import Seed, Target
from fuzz.targets.tokens import PICTURES
from pixmill.engine import lanczos, structure, turbo, vips
from pixmill.geometry import Size

_SHRINKS = (1, 2, 4, 8)
_LARGEST = 1_000_000  # pixels: a damaged header may say anything
_LONGEST = 10_000  # of longer sides it may be left to libvips, for the memory that rows take
_PARTS = (1, 2, 3, lanczos.MOST)


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
        _reduce(data, size, shrink, is_whole=made is not None)
        if made is None:
            continue
        with vips.decoding(data, "jpeg"):
            theirs = vips.load(data, "jpeg", access="sequential", fail_on="warning", shrink=shrink)
            same = theirs.write_to_memory() == made.write_to_memory()
        hold((made.width, made.height) == (theirs.width, theirs.height), "both have one size")
        hold(same, "both have the same pixels")


def _reduce(data: bytes, size: Size, shrink: int, *, is_whole: bool) -> None:
    """What is decoded and reduced at once is there exactly where it is when it is only decoded."""
    shrunk = [ceil(side / shrink) for side in size]
    results = {Size(*(ceil(side / part) for side in shrunk)) for part in _PARTS} | {Size(1, 1)}
    for result in (each for each in results if lanczos.serves(Size(*shrunk), each)):
        made = turbo.reduced(data, size, shrink, result)
        hold(not turbo.is_stuck(), "libjpeg finds nothing to stop at when its rows are reduced")
        if max(size) <= _LONGEST:
            hold((made is not None) == is_whole, "what can be decoded can be reduced at once")
        if made is not None:
            hold((made.width, made.height, made.bands) == (*result, 3), "the result has the size asked for")


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
