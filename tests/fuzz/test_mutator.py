"""Inputs repeat themselves, and files come apart: or no finding could be had again, no decoder reached."""

import random
import zlib
from itertools import takewhile

import pytest
from fuzz.anatomy import PICTURES, PLAIN, PROFILE, TEXT, Anatomy
from fuzz.edits import EDITS, Edit, Stuff, within
from fuzz.mutator import Mutator
from fuzz.seeds import made
from fuzz.targets import TARGETS
from hypothesis import given
from hypothesis import strategies as st
from tests.engine import planted
from tests.engine.pictures import encoded, scene

from fuzz import anatomy
from pixmill.engine.formats import sniff

ANATOMIES = {each.name: each for each in (*PICTURES.values(), PLAIN, PROFILE, TEXT)}
# Without those that have bytes behind their ends.
FILES = [(sniff(data).name, data) for data in made()[len(planted.INPUTS) :]]


@pytest.mark.parametrize("name", TARGETS)
def test_the_same_seed_and_number_give_the_same_input(name: str) -> None:
    one, again, other = (Mutator(TARGETS[name], seed) for seed in (1, 1, 2))
    inputs = [one.input(number) for number in range(50)]

    assert inputs == [again.input(number) for number in range(50)]
    assert inputs != [other.input(number) for number in range(50)]
    assert len(set(inputs)) > 30


@given(st.binary(max_size=400))
@pytest.mark.parametrize("kind", ANATOMIES.values(), ids=ANATOMIES)
def test_any_bytes_can_be_taken_apart(kind: Anatomy, data: bytes) -> None:
    taken_apart(kind, data)


@pytest.mark.parametrize("name", PICTURES)
def test_a_file_that_was_taken_apart_and_mended_is_the_same(name: str) -> None:
    kind = PICTURES[name]
    for data in [data for found, data in FILES if found == name]:
        taken_apart(kind, data)
        assert kind.numbers(data)
        assert len(kind.pieces(data)) > 1
        assert b"".join(kind.mended(kind.pieces(data))) == data


def taken_apart(kind: Anatomy, data: bytes) -> None:
    pieces = kind.pieces(data)
    assert b"".join(pieces) == data
    assert all(pieces)
    assert all(each.at >= 0 and each.at + each.width <= len(data) for each in kind.numbers(data))
    kind.mended(pieces or [b""])


@given(st.integers(0, 1 << 32), st.sampled_from(EDITS), st.binary(min_size=1, max_size=200))
def test_any_edit_takes_any_bytes(number: int, edit: Edit, data: bytes) -> None:
    dice = random.Random(number)  # noqa: S311 - it must repeat itself
    kind = dice.choice(list(ANATOMIES.values()))

    edit(dice, data, Stuff(kind, dice.randbytes(20), (b"IHDR",)))


def test_what_was_mended_has_right_checksums() -> None:
    """Else every edit of a PNG would end at its first chunk."""
    data = encoded(scene(), "png")
    stuff = Stuff(anatomy.PICTURES["png"], data, ())
    changes = [within(random.Random(number), data, stuff) for number in range(40)]  # noqa: S311 - as above
    changes = [changed for changed in changes if changed != data and changed[:16] == data[:16]]
    assert len(changes) > 10
    for changed in changes:
        chunks = stuff.anatomy.pieces(changed)[1:]
        # What is shorter stays as it is, and leads a reader astray as well.
        for piece in takewhile(lambda piece: len(piece) >= 12, chunks):
            assert int.from_bytes(piece[:4], "big") == len(piece) - 12
            assert int.from_bytes(piece[-4:], "big") == zlib.crc32(piece[4:-4])
