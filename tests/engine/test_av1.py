"""An AVIF takes the memory that its own stream asks for, whatever its container says."""

import struct

import pytest
from tests.engine.bombs.nested import avif_within

from pixmill import engine
from pixmill.engine.structure import av1, items

from .pictures import encoded, scene


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize("size", [(1, 1), (96, 64), (1000, 3)])
def test_the_stream_has_the_size_of_the_picture(mode: str, size: tuple[int, int]) -> None:
    data = encoded(scene(*size, mode), "avif")

    found = {av1.pixels(each) for each in items.contents(data)}

    assert found == {size[0] * size[1]}


def test_an_animation_is_found_by_its_chunks() -> None:
    frames = [scene(96, 64), scene(96, 64).rotate(180)]
    data = encoded(frames[0], "avif", save_all=True, append_images=frames[1:])
    without_items = data.replace(b"iloc", b"skip")

    assert 96 * 64 in {av1.pixels(each) for each in items.contents(without_items)}


def test_a_stream_that_is_larger_than_its_container_says_is_counted() -> None:
    found = engine.probe(avif_within(1024))

    assert found.stored == (64, 64)
    assert found.memory == 1024 * 1024 * 18


def test_an_item_in_two_parts_is_put_together() -> None:
    """Or a header that is cut in two would be missed."""
    data = encoded(scene(96, 64), "avif")
    start = data.index(b"mdat") + 4
    parts = struct.pack(">4I", start, 5, start + 5, len(data) - start - 5)
    fields = b"\x00\x00\x00\x00\x44\x00\x00\x01\x00\x01\x00\x00\x00\x02" + parts
    box = struct.pack(">I", len(fields) + 8) + b"iloc" + fields
    file = data.replace(b"iloc", b"skip") + box

    assert [av1.pixels(each) for each in items.contents(file)] == [96 * 64]


def test_parts_over_one_another_are_no_more_than_the_file() -> None:
    parts = struct.pack(">II", 0, 0) * 900
    fields = b"\x00\x00\x00\x00\x44\x00\x00\x01\x00\x01\x00\x00" + struct.pack(">H", 900) + parts
    file = struct.pack(">I", len(fields) + 8) + b"iloc" + fields

    assert [len(each) for each in items.contents(file)] == [len(file)]


@pytest.mark.parametrize("timing", [0, 1])
def test_what_stands_before_the_size_of_a_film_is_skipped(timing: int) -> None:
    """Timing, decoder model and operating points, in all their parts."""
    fields = [(0, 3), (0, 1), (0, 1), (timing, 1)]
    if timing:
        fields += [(1, 32), (1, 32), (1, 1), (1, 3), (1, 2), (1, 1), (4, 5), (1, 32), (4, 5), (4, 5)]
    fields += [(1, 1), (1, 5)]
    for level in (5, 9):
        fields += [(1, 12), (level, 5), *([(1, 1)] if level > 7 else [])]
        fields += [(1, 1), (31, 5), (31, 5), (1, 1)] if timing else []
        fields += [(1, 1), (3, 4)]
    fields += [(11, 4), (10, 4), (3000, 12), (1500, 11)]
    bits = "".join(f"{value:0{count}b}" for value, count in fields)
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")

    assert av1.pixels(b"\x12\x00\x0a" + bytes((len(body),)) + body) == 3001 * 1501


@pytest.mark.parametrize("units", [b"", b"\x0a", b"\x0a\xff\xff", b"\x80\x0a\x05", b"\x0e\x00", bytes(50)])
def test_what_makes_no_sense_has_no_size_worth_counting(units: bytes) -> None:
    assert av1.pixels(units) <= 1
