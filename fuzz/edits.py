"""The edits that make one input of another: of bits, of runs, of numbers, of pieces, and across two files."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fuzz.anatomy import Anatomy, Number

_LONGEST_RUN = 64
_EDGES = (0, 1, 2, 3, 4, 7, 8, 15, 16, 100, 127, 255, 256, 999, 4096)


class Stuff(NamedTuple):
    """What an edit has at hand.

    Attributes:
        anatomy: of the file.
        other: another file of its kind.
        tokens: words that mean something to whoever reads it.
    """

    anatomy: Anatomy
    other: bytes
    tokens: Sequence[bytes]


Edit = Callable[[random.Random, bytes, Stuff], bytes]


def flip(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Turn some bits."""
    del stuff
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def scribble(dice: random.Random, data: bytes, _: Stuff) -> bytes:
    """Overwrite a run with anything, or with one byte."""
    start, end = _run(dice, data)
    size = end - start
    run = dice.randbytes(size) if dice.random() < 0.5 else dice.choice((b"\0", b"\xff", b" ")) * size  # noqa: PLR2004
    return data[:start] + run + data[end:]


def lose(dice: random.Random, data: bytes, _: Stuff) -> bytes:
    """Leave out a run."""
    start, end = _run(dice, data)
    return data[:start] + data[end:]


def stutter(dice: random.Random, data: bytes, _: Stuff) -> bytes:
    """Have a run several times."""
    start, end = _run(dice, data)
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 50)) + data[end:]


def end_early(dice: random.Random, data: bytes, _: Stuff) -> bytes:
    """Cut the file off."""
    return data[: dice.randrange(len(data))]


def say(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Put a word in, or over what is there."""
    if not stuff.tokens:
        return data
    token, at = dice.choice(stuff.tokens), dice.randrange(len(data) + 1)
    return data[:at] + token + data[at + dice.choice((0, len(token))) :]


def borrow(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Put a run of the other file in, or over what is there."""
    start, end = _run(dice, stuff.other)
    at = dice.randrange(len(data) + 1)
    return data[:at] + stuff.other[start:end] + data[at + dice.choice((0, end - start)) :]


def miscount(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Change numbers that decoders believe."""
    numbers = stuff.anatomy.numbers(data)
    if not numbers:
        return flip(dice, data, stuff)
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        number = dice.choice(numbers)
        value = _odd(
            dice, int.from_bytes(changed[number.at : number.at + number.width], number.order), number
        )
        changed[number.at : number.at + number.width] = value.to_bytes(number.width, number.order)
    return bytes(changed)


def drop(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Leave out a piece."""
    pieces = stuff.anatomy.pieces(data)
    del pieces[dice.randrange(len(pieces))]
    return _joined(dice, pieces, stuff)


def double(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Have a piece again, there or elsewhere."""
    pieces = stuff.anatomy.pieces(data)
    at = dice.randrange(len(pieces))
    to = at if dice.random() < 0.5 else dice.randrange(len(pieces))  # noqa: PLR2004
    pieces[to:to] = [pieces[at]] * dice.choice((1, 1, 1, 2, 40))
    return _joined(dice, pieces, stuff)


def swap(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Have two pieces change places."""
    pieces = stuff.anatomy.pieces(data)
    one, two = dice.randrange(len(pieces)), dice.randrange(len(pieces))
    pieces[one], pieces[two] = pieces[two], pieces[one]
    return _joined(dice, pieces, stuff)


def graft(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Put a piece of the other file in, or in the place of one."""
    pieces, others = stuff.anatomy.pieces(data), stuff.anatomy.pieces(stuff.other)
    at = dice.randrange(len(pieces))
    pieces[at : at + dice.randrange(2)] = [dice.choice(others)]
    return _joined(dice, pieces, stuff)


def cross(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Begin like this file and end like the other."""
    pieces, others = stuff.anatomy.pieces(data), stuff.anatomy.pieces(stuff.other)
    at = dice.randrange(len(pieces)) + 1
    tail = min(len(others), at) if dice.random() < 0.5 else dice.randrange(len(others))  # noqa: PLR2004
    return _joined(dice, pieces[:at] + others[tail:], stuff)


def within(dice: random.Random, data: bytes, stuff: Stuff) -> bytes:
    """Edit the inside of one piece, and put its length and checksum right."""
    pieces = stuff.anatomy.pieces(data)
    at = dice.randrange(len(pieces))
    pieces[at] = dice.choice((flip, scribble, lose, stutter, say))(dice, pieces[at], stuff)
    return b"".join(stuff.anatomy.mended([piece for piece in pieces if piece] or [data]))


EDITS: tuple[Edit, ...] = (
    flip,
    scribble,
    lose,
    stutter,
    end_early,
    say,
    borrow,
    miscount,
    miscount,
    miscount,
    drop,
    double,
    swap,
    graft,
    cross,
    within,
    within,
)
"""All edits; some are there several times, because they find more."""


def _run(dice: random.Random, data: bytes) -> tuple[int, int]:
    start = dice.randrange(len(data))
    return start, min(len(data), start + dice.randrange(1, _LONGEST_RUN))


def _joined(dice: random.Random, pieces: list[bytes], stuff: Stuff) -> bytes:
    """Mostly whole again, so that a decoder gets beyond the first checksum."""
    if pieces and dice.random() < 0.8:  # noqa: PLR2004
        pieces = stuff.anatomy.mended(pieces)
    return b"".join(pieces)


def _odd(dice: random.Random, value: int, number: Number) -> int:
    """A number near the one that was there, or near an edge, or any."""
    most = 256**number.width - 1
    found = dice.choice(
        (
            value + dice.choice((-2, -1, 1, 2)),
            value * 2,
            value // 2,
            dice.choice(_EDGES),
            most - dice.choice((0, 0, 1, 7)),
            most // 2 + dice.randrange(2),
            dice.randrange(most + 1),
            1 << dice.randrange(8 * number.width),
        )
    )
    return min(max(found, 0), most)
