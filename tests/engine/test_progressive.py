"""Scans that a small rendition cannot show are left out, and nothing else changes.

What the picture loses by it is in test_quality.py.
"""

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixmill import engine
from pixmill.engine.progressive import trimmed
from pixmill.errors import Rejected
from pixmill.geometry import Size
from pixmill.recipe import Rendition

from .pictures import distance, encoded, noisy, opened, recipe, rendered, scene

SIZE = Size(640, 480)
SMALL = Size(100, 75)
PICTURE = noisy(*SIZE)
FINE = encoded(PICTURE, "jpeg", quality=92, subsampling=2, progressive=True)
COARSE = encoded(PICTURE, "jpeg", quality=20, subsampling=2, progressive=True)
BASELINE = encoded(PICTURE, "jpeg", quality=92, subsampling=2)
START_OF_SCAN, END = b"\xff\xda", b"\xff\xd9"
MARKERS = [at for at in range(len(FINE)) if FINE[at] == 0xFF and FINE[at + 1] != 0]


def shown(data: bytes, shrink: int = 4) -> Image.Image:
    """What Pillow makes of a file, shrunk while it is decoded."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (SIZE.width // shrink, SIZE.height // shrink))
        return picture.convert("RGB")


def test_bits_that_are_too_fine_are_left_out() -> None:
    shorter = trimmed(FINE, SIZE, SMALL, 4)

    assert len(shorter) < len(FINE) / 2
    assert shorter.count(START_OF_SCAN) < FINE.count(START_OF_SCAN)
    assert distance(shown(shorter), shown(FINE)) < 5  # the picture is noise, and has lost some of it


def test_coefficients_that_the_decoder_does_not_use_change_nothing() -> None:
    shorter = trimmed(COARSE, SIZE, SMALL, 8)

    assert len(shorter) < len(COARSE)
    assert shown(shorter, 8).tobytes() == shown(COARSE, 8).tobytes()


def test_bits_that_can_be_seen_are_kept() -> None:
    coarse = encoded(PICTURE, "jpeg", quality=5, subsampling=2, progressive=True)

    assert trimmed(coarse, SIZE, Size(300, 225), 2) is coarse


def test_nothing_is_left_out_that_a_kept_scan_builds_upon() -> None:
    """At a quarter the high coefficients are not used, but are refined together with low ones that are."""
    shorter = trimmed(COARSE, SIZE, SMALL, 4)

    assert shown(shorter).tobytes() == shown(COARSE).tobytes()
    assert opened(rendered(COARSE, width=SMALL.width)).size == SMALL


def test_the_larger_the_rendition_the_more_is_kept() -> None:
    lengths = [len(trimmed(FINE, SIZE, Size(width, width * 3 // 4), 2)) for width in (20, 80, 120, 300)]

    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_colour_keeps_what_its_sampling_needs(subsampling: int) -> None:
    data = encoded(scene(*SIZE), "jpeg", quality=80, subsampling=subsampling, progressive=True)

    assert distance(shown(trimmed(data, SIZE, SMALL, 4)), shown(data)) < 2


def test_a_picture_that_is_not_shrunk_stays_as_it_is() -> None:
    assert trimmed(FINE, SIZE, SMALL, 1) is FINE


@pytest.mark.parametrize(
    "data",
    [
        BASELINE,
        FINE.removesuffix(END),
        FINE[: FINE.rindex(START_OF_SCAN)],
        FINE.replace(START_OF_SCAN, b"\x00" + START_OF_SCAN, 1),
        FINE.replace(b"\xff\xc2", b"\xff\xca", 1),
        FINE.replace(b"\xff\xdb", b"\xff\xe9"),
        b"",
        b"\xff\xd8",
    ],
    ids=[
        "baseline",
        "no end",
        "a scan is missing, and the end",
        "a stray byte",
        "arithmetic",
        "no tables",
        "nothing",
        "a start",
    ],
)
def test_what_is_not_in_plain_order_stays_as_it_is(data: bytes) -> None:
    assert trimmed(data, SIZE, SMALL, 4) is data


@given(st.randoms(use_true_random=False), st.integers(1, 40), st.sampled_from([2, 4, 8]))
def test_any_bytes_come_back_whole_or_shorter(source: random.Random, count: int, shrink: int) -> None:
    """Whatever a file says of itself, nothing is raised and nothing is added."""
    damaged = bytearray(FINE)
    for _ in range(count):
        # The segments between the scans are a small part of the file, and all that is read of it.
        at = source.choice(MARKERS)
        damaged[min(at + source.randrange(12), len(FINE) - 1)] = source.randrange(256)
    data = bytes(damaged)

    found = trimmed(data, SIZE, SMALL, shrink)

    assert found is data or (len(found) < len(data) and found.startswith(data[:2]))


def test_a_cut_file_is_rejected_wherever_it_is_cut() -> None:
    """Also within a scan that would not have been looked at."""
    small = Rendition(name="small", width=SMALL.width, formats=("png",))
    for part in range(5, 100, 10):
        with pytest.raises(Rejected):
            engine.render(FINE[: len(FINE) * part // 100], recipe(small))


def test_what_is_left_out_makes_no_difference_to_what_is_seen() -> None:
    small = {"width": SMALL.width, "height": SMALL.height}

    assert distance(opened(rendered(FINE, **small)), opened(rendered(BASELINE, **small))) < 2
