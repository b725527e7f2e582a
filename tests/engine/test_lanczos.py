"""Lanczos3 in C does what Lanczos3 says, in its own memory only, and the same on all processors."""

import math
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    addressof,
    c_int,
    c_long,
    c_size_t,
    c_uint32,
    c_void_p,
    memmove,
    string_at,
)
from fractions import Fraction
from itertools import product
from math import ceil
from pathlib import Path

import hatch_build
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixmill.engine import lanczos, libjpeg
from pixmill.geometry import Size

ROOT = Path(hatch_build.__file__).parent
EMULATOR = shutil.which("qemu-aarch64")

Rows = list[list[float]]

ODD = [
    (Size(1, 1), Size(1, 1)),
    (Size(7, 5), Size(7, 5)),
    (Size(7, 5), Size(3, 1)),
    (Size(33, 17), Size(32, 17)),
    (Size(33, 17), Size(11, 2)),
    (Size(37, 211), Size(37, 211)),
    (Size(37, 211), Size(5, 100)),
    (Size(37, 211), Size(4, 18)),
    (Size(1500, 9), Size(125, 8)),
]
"""Sizes that fill no vector, and what they are reduced to."""


def kernel(x: float) -> float:
    """The one of Lanczos with three lobes."""
    if x == 0:
        return 1
    return 3 * math.sin(math.pi * x) * math.sin(math.pi * x / 3) / (math.pi * x) ** 2 if abs(x) < 3 else 0


def shares(samples: int, results: int, scale: float) -> list[dict[int, float]]:
    """What each result along an axis takes of which samples."""
    made: list[dict[int, float]] = []
    wide = max(scale, 1)
    for result in range(results):
        centre = (result + 0.5) * scale - 0.5
        taken: dict[int, float] = {}
        for sample in range(math.floor(centre - 3 * wide), ceil(centre + 3 * wide) + 1):
            there = min(max(sample, 0), samples - 1)
            taken[there] = taken.get(there, 0) + kernel((sample - centre) / wide)
        whole = sum(taken.values())
        made.append({there: share / whole for there, share in taken.items() if share})
    return made


def reduced_down(rows: Rows, results: int, scale: float) -> Rows:
    width = range(len(rows[0]))
    return [
        [sum(share * rows[row][x] for row, share in taken.items()) for x in width]
        for taken in shares(len(rows), results, scale)
    ]


def turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def plane(rows: Rows, result: Size, across: float, down: float) -> Rows:
    """One component, reduced by the letter."""
    return turned(reduced_down(turned(reduced_down(rows, result.height, down)), result.width, across))


def level(value: float) -> int:
    return min(max(math.floor(value + 0.5), 0), 255)


def interleaved(planes: Sequence[Rows]) -> bytes:
    return bytes(
        level(value)
        for rows in zip(*planes, strict=True)
        for pixel in zip(*rows, strict=True)
        for value in pixel
    )


def by_the_letter(pixels: bytearray, size: Size, result: Size) -> bytes:
    """RGB, reduced by the letter."""
    stride = 3 * size.width
    planes = [
        [list(map(float, pixels[y * stride + band : (y + 1) * stride : 3])) for y in range(size.height)]
        for band in range(3)
    ]
    scales = size.width / result.width, size.height / result.height
    return interleaved([plane(rows, result, *scales) for rows in planes])


def noise(size: Size, seed: int = 0) -> bytearray:
    return bytearray(random.Random(seed).randbytes(size.width * size.height * 3))  # noqa: S311 - it repeats


def reduced(pixels: bytearray, size: Size, result: Size, *, plainly: bool = False) -> bytearray:
    made = lanczos.reduced(memoryview(pixels), size, result, plainly=plainly)
    assert made is not None
    return made


def furthest(first: bytes | bytearray, second: bytes | bytearray) -> int:
    """By how much samples differ at most."""
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


@st.composite
def sizes(draw: st.DrawFn, longest: int = 60) -> tuple[Size, Size]:
    """A picture's size, and one that it can be reduced to."""
    size = Size(draw(st.integers(1, longest)), draw(st.integers(1, longest)))
    return size, Size(*(draw(st.integers(ceil(side / lanczos.MOST), side)) for side in size))


@given(sizes=sizes(), seed=st.integers(0, 1 << 30), plainly=st.booleans())
def test_lanczos_by_the_letter(sizes: tuple[Size, Size], seed: int, plainly: bool) -> None:  # noqa: FBT001
    """With what the processor can do, and with what all of its kind can do."""
    size, result = sizes
    pixels = noise(size, seed)

    assert lanczos.serves(size, result) == (size != result)
    made = reduced(pixels, size, result, plainly=plainly)

    assert furthest(made, by_the_letter(pixels, size, result)) <= 1


@given(sizes=sizes(200), colour=st.binary(min_size=3, max_size=3), plainly=st.booleans())
def test_one_colour_stays(sizes: tuple[Size, Size], colour: bytes, plainly: bool) -> None:  # noqa: FBT001
    size, result = sizes

    made = reduced(bytearray(colour * (size.width * size.height)), size, result, plainly=plainly)

    assert made == colour * (result.width * result.height)


def test_as_it_is_nothing_changes() -> None:
    pixels = noise(Size(61, 47))

    assert reduced(pixels, Size(61, 47), Size(61, 47)) == pixels


@pytest.mark.parametrize(
    ("size", "result", "serves"),
    [
        (Size(60, 40), Size(60, 40), False),  # there is nothing to do
        (Size(60, 40), Size(61, 40), False),
        (Size(60, 40), Size(60, 41), False),
        (Size(60, 40), Size(5, 40), True),
        (Size(61, 40), Size(5, 40), False),
        (Size(60, 48), Size(60, 4), True),
        (Size(60, 49), Size(60, 4), False),
    ],
)
def test_nothing_is_enlarged_and_nothing_reduced_by_very_much(
    size: Size,
    result: Size,
    serves: bool,  # noqa: FBT001
) -> None:
    assert lanczos.serves(size, result) == serves


@pytest.mark.parametrize("size", [Size(12_000, 36), Size(36, 12_000), Size(65_496, 12)])
def test_the_most_on_strips(size: Size) -> None:
    result = Size(*(side // lanczos.MOST for side in size))
    pixels = noise(size)

    made = reduced(pixels, size, result)

    assert lanczos.serves(size, result)
    assert furthest(made, reduced(pixels, size, result, plainly=True)) <= 1
    if size.width < size.height:
        assert furthest(made, by_the_letter(pixels, size, result)) <= 1


def test_by_far_too_much() -> None:
    """Nobody asks who asked before whether it serves; no harm is done all the same."""
    assert lanczos.reduced(memoryview(noise(Size(600, 2))), Size(600, 2), Size(2, 2)) is None


@pytest.mark.parametrize("length", [0, 1, 7 * 5 * 3 - 1, 7 * 5 * 3 + 1])
def test_pixels_of_another_size_than_told(length: int) -> None:
    with pytest.raises(ValueError, match=str(length)):
        lanczos.reduced(memoryview(bytearray(length)), Size(7, 5), Size(3, 2))


Reader = CFUNCTYPE(c_uint32, c_void_p, POINTER(POINTER(c_void_p)), c_uint32)


class Source:
    """What libjpeg is for a JPEG: it gives the rows of three components, so many at each call."""

    def __init__(
        self, size: Size, shares: tuple[int, int], result: Size, block: int = 8, seed: int = 0
    ) -> None:
        luminance = Part(size, (1, 1), result, shares[1] * block)
        chroma = Part(size, shares, result, block)
        self.parts = [luminance, chroma, chroma]
        chance = random.Random(seed)  # noqa: S311 - it must repeat itself
        self.planes = [
            [chance.randbytes(part.told.room) for _ in range(part.told.height)] for part in self.parts
        ]
        self.calls = ceil(self.parts[0].told.height / self.parts[0].told.rows)
        self.warnings = c_long(0)
        self.called = 0
        self.warns_at = -1
        self._reader = Reader(self._read)  # for as long as it may be called

    def is_reduced(self, result: Size, made: bytearray) -> bool:
        raw = lanczos.Raw(libjpeg.address(self._reader), 1, addressof(self.warnings))
        return lanczos.is_reduced(raw, [part.told for part in self.parts], result, made)

    def by_the_letter(self, result: Size) -> bytes:
        luminance, blue, red = (
            plane(
                [list(map(float, row[: part.told.width])) for row in rows],
                result,
                part.told.across,
                part.told.down,
            )
            for part, rows in zip(self.parts, self.planes, strict=True)
        )
        pixels = [list(zip(*rows, strict=True)) for rows in zip(luminance, blue, red, strict=True)]
        return bytes(
            level(value)
            for row in pixels
            for y, cb, cr in row
            for value in (
                y + 1.402 * (cr - 128),
                y - 0.344136286 * (cb - 128) - 0.714136286 * (cr - 128),
                y + 1.772 * (cb - 128),
            )
        )

    def _read(self, _jpeg: int, lists: "Sequence[Sequence[int]]", _most: int) -> int:
        for rows, samples, part in zip(lists[:3], self.planes, self.parts, strict=True):
            start = self.called * part.told.rows
            for row, content in enumerate(samples[start : start + part.told.rows]):
                memmove(rows[row], content, len(content))
        self.warnings.value += self.called == self.warns_at
        self.called += 1
        return 1


class Part:
    """A component that is stored so many times less fine."""

    def __init__(self, size: Size, shares: tuple[int, int], result: Size, rows: int) -> None:
        width, height = (Fraction(side, share) for side, share in zip(size, shares, strict=True))
        self.told = lanczos.Part(
            width=ceil(width),
            height=ceil(height),
            rows=rows,
            room=ceil(width) + 5,
            across=width / result.width,
            down=height / result.height,
        )


FACTORS = [(1, 1), (2, 1), (1, 2), (2, 2)]


@given(
    sizes=sizes(),
    shares=st.sampled_from(FACTORS),
    block=st.sampled_from((1, 2, 4, 8)),
    seed=st.integers(0, 1 << 30),
)
def test_components_by_the_letter(
    sizes: tuple[Size, Size], shares: tuple[int, int], block: int, seed: int
) -> None:
    """However fine chroma is, and however few rows come at a time."""
    size, result = sizes
    source = Source(size, shares, result, block, seed)
    made = bytearray(result.width * result.height * 3)

    assert source.is_reduced(result, made)

    assert source.called == source.calls
    assert furthest(made, source.by_the_letter(result)) <= 1


@pytest.mark.parametrize("shares", FACTORS)
def test_a_warning_is_told_wherever_it_comes(shares: tuple[int, int]) -> None:
    size, result = Size(40, 100), Size(9, 9)
    made = bytearray(result.width * result.height * 3)

    for call in range(Source(size, shares, result).calls):
        source = Source(size, shares, result)
        source.warns_at = call

        assert not source.is_reduced(result, made)
        assert source.called == call + 1


class Walls:
    """Memory with pages before and behind it that nobody may touch."""

    _PAGE = 1 << 16  # as large as any processor's
    _READ_WRITE, _PRIVATE_ANONYMOUS = 3, 0x22

    def __init__(self) -> None:
        self._libc = CDLL(None)
        self._libc.mmap.restype = c_void_p
        self._libc.mmap.argtypes = c_void_p, c_size_t, c_int, c_int, c_int, c_size_t
        self._libc.mprotect.argtypes = c_void_p, c_size_t, c_int

    def room(self, length: int, *, is_at_end: bool) -> int:
        """Where so many bytes can be, up to the wall behind them or from that before them on."""
        inner = -(-length // self._PAGE) * self._PAGE
        start = self._libc.mmap(
            None, inner + 2 * self._PAGE, self._READ_WRITE, self._PRIVATE_ANONYMOUS, -1, 0
        )
        for wall in (start, start + self._PAGE + inner):
            assert not self._libc.mprotect(wall, self._PAGE, 0)
        return start + self._PAGE + (inner - length if is_at_end else 0)


def between_walls() -> None:
    """For a process of its own, which a step beyond any end would kill."""
    walls, reduce = Walls(), lanczos._found().pixmill_reduce_rgb
    for (size, result), is_at_end, plainly in product(ODD, (False, True), (False, True)):
        pixels = bytes(noise(size))
        source = walls.room(len(pixels), is_at_end=is_at_end)
        memmove(source, pixels, len(pixels))
        length = result.width * result.height * 3
        made = walls.room(length, is_at_end=is_at_end)
        scratch = walls.room(reduce(source, *size, *result, made, None, plainly), is_at_end=is_at_end)

        assert reduce(source, *size, *result, made, scratch, plainly) == 1

        assert string_at(made, length) == reduced(bytearray(pixels), size, result, plainly=plainly)


def components_between_walls() -> None:
    """The same of rows as they come."""
    walls, reduce = Walls(), lanczos._found().pixmill_reduce_jpeg
    for (size, result), shares, is_at_end in product(ODD, FACTORS, (False, True)):
        source = Source(size, shares, result)
        told = (lanczos.Part * 3)(*(part.told for part in source.parts))
        raw = libjpeg.address(source._reader), 1, addressof(source.warnings)
        length = result.width * result.height * 3
        made = walls.room(length, is_at_end=is_at_end)
        scratch = walls.room(reduce(*raw, told, *result, made, None), is_at_end=is_at_end)

        assert reduce(*raw, told, *result, made, scratch) == 1


@pytest.mark.parametrize("act", ["between_walls", "components_between_walls"])
def test_no_step_beyond_any_end(act: str) -> None:
    script = f"from tests.engine import test_lanczos; test_lanczos.{act}()"

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=300, check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("machine", hatch_build.MACHINES)
def test_the_libraries_are_what_the_source_says(machine: str, tmp_path: Path) -> None:
    """If this fails, what the other tests here say is of an older source: run `make` again."""
    made = hatch_build.build(ROOT, tmp_path, machine)

    stands = hatch_build.library(ROOT / hatch_build.FOLDER, machine)
    assert made.read_bytes() == stands.read_bytes()


PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include "lanczos.c"

int main(void) {
    int32_t sizes[4];
    while (fread(sizes, sizeof sizes, 1, stdin)) {
        size_t samples = (size_t)sizes[0] * sizes[1] * 3, results = (size_t)sizes[2] * sizes[3] * 3;
        uint8_t *from = malloc(samples), *to = malloc(results);
        if (fread(from, 1, samples, stdin) != samples) return 1;
        size_t needed = pixmill_reduce_rgb(from, sizes[0], sizes[1], sizes[2], sizes[3], to, NULL, 0);
        char *memory = malloc(needed);
        if (!pixmill_reduce_rgb(from, sizes[0], sizes[1], sizes[2], sizes[3], to, memory, 0)) return 2;
        fwrite(to, 1, results, stdout);
        free(from), free(to), free(memory);
    }
    return 0;
}
"""
"""Reduces one picture after another, each after its size and that of the result."""


@pytest.fixture(scope="module")
def on_aarch64(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A command that reduces pictures by the code for the other processor."""
    if EMULATOR is None:
        pytest.skip("there is no qemu-aarch64: install Debian's package qemu-user")
    folder = tmp_path_factory.mktemp("aarch64")
    source, program = folder / "program.c", folder / "program"
    source.write_text(PROGRAM, encoding="utf-8")
    target = ("-target", "aarch64-linux-musl", "-static", "-std=c11", "-O3", "-fno-builtin", "-Wno-psabi")
    include = ROOT / hatch_build.FOLDER
    command = (sys.executable, "-m", "ziglang", "cc", *target, "-fno-sanitize=all", f"-I{include}")
    subprocess.run([*command, "-o", str(program), str(source)], check=True, timeout=600)
    return [EMULATOR, str(program)]


def test_arm_makes_the_same(on_aarch64: list[str]) -> None:
    """To within one, since some processors round less often on the way."""
    pictures = [(noise(size, 3), size, result) for size, result in ODD]
    given = b"".join(struct.pack("=4i", *size, *result) + pixels for pixels, size, result in pictures)

    done = subprocess.run(on_aarch64, input=given, capture_output=True, timeout=300, check=True)

    expected = b"".join(reduced(*picture, plainly=True) for picture in pictures)
    assert furthest(done.stdout, expected) <= 1
