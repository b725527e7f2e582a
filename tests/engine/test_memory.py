"""The memory that decoding would take is told from the header, and held against what there is."""

import msgspec
import pytest

from pixmill import engine
from pixmill.errors import Rejected
from pixmill.recipe import Limits
from pixmill.settings import Settings

from .files import png_header, tiff
from .pictures import encoded, recipe, rejection, scene


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(
    ("data", "bytes_a_pixel"),
    [
        (encoded(scene(400, 304), "jpeg", progressive=True), 6),
        (encoded(scene(400, 304), "jpeg", progressive=True, subsampling=2), 3),
        (encoded(scene(400, 304, "L"), "jpeg", progressive=True), 2),
        (encoded(scene(400, 304, "CMYK"), "jpeg", progressive=True), 8),
        (png_header(400, 304, interlaced=True), 3),
        (png_header(400, 304, depth=16, kind=6, interlaced=True), 8),
        (encoded(scene(400, 304), "avif"), 18),
        (encoded(scene(400, 304), "heic"), 13),
        (encoded(scene(400, 304), "webp"), 9),
        (encoded(scene(400, 304), "bmp"), 10),
    ],
    ids=[
        *("progressive jpeg", "with chroma halved", "grey", "cmyk"),
        *("interlaced png", "interlaced deep png", "avif", "heic", "webp", "bmp"),
    ],
)
def test_too_much_memory(data: bytes, bytes_a_pixel: int) -> None:
    needed = 400 * 304 * bytes_a_pixel

    assert engine.probe(data).memory == needed
    assert rejection(data, max_memory=needed - 1).code == "too-much-memory"


def test_jpegs_are_counted_in_whole_blocks() -> None:
    """One pixel of a progressive JPEG takes a block of 64 coefficients in each component."""
    data = encoded(scene(1, 1), "jpeg", progressive=True, subsampling=2)

    assert engine.probe(data).memory == 3 * 64 * 2


def test_a_sequential_jpeg_in_several_scans_is_held_as_well() -> None:
    """libjpeg keeps all coefficients until the last component has come."""
    data = encoded(scene(64, 64), "jpeg")
    scan = data.index(b"\xff\xda")
    length = int.from_bytes(data[scan + 2 : scan + 4], "big")
    first_of_three = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    assert engine.probe(data).memory == 0

    found = engine.probe(data[:scan] + first_of_three + data[scan + 2 + length :])

    assert found.memory == 3 * 64 * 64 * 2
    assert not found.progressive


@pytest.mark.parametrize(
    ("more", "held"),
    [
        ({}, 0),
        ({322: [256], 323: [128]}, (4 + 1) * 256 * 128 * 3),
        ({284: [2], 278: [500]}, 1000 * 500 * (3 + 1)),
    ],
    ids=["strip", "tiles", "planes"],
)
def test_a_tiff_is_held_by_its_tiles_or_planes(more: dict[int, list[int]], held: int) -> None:
    tags = {256: [1000], 257: [800], 258: [8, 8, 8], 259: [8], 262: [2], 277: [3], 278: [800], **more}

    assert engine.probe(tiff(tags, bytes(99), tiled=322 in tags)).memory == held


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff"])
def test_what_streams_needs_no_memory_worth_counting(name: str) -> None:
    engine.render(encoded(scene(400, 300), name), recipe(max_memory=1))


@pytest.mark.usefixtures("no_decoder")
def test_what_the_recipe_allows_may_be_too_large_for_the_function() -> None:
    """The recipe's own limit is judged first: no memory helps against it."""
    data = encoded(scene(400, 304), "avif")
    needed = engine.probe(data).memory
    engine.admit(engine.probe(data), Limits().within(needed))

    for limits, code in (
        (Limits().within(needed - 1), "too-large-for-function"),
        (Limits(max_memory=needed - 1).within(needed - 1), "too-much-memory"),
    ):
        with pytest.raises(Rejected) as caught:
            engine.render(data, msgspec.structs.replace(recipe(), limits=limits))
        assert caught.value.code == code


def test_the_memory_of_a_function_is_no_part_of_its_recipe() -> None:
    """Or every manifest would be stale in another function."""
    one = recipe()
    other = msgspec.structs.replace(one, limits=one.limits.within(5))

    assert (other.fingerprint, other.to_dict()) == (one.fingerprint, one.to_dict())


@pytest.mark.parametrize(
    ("memory", "room"), [("1769", (1769 - 256 - 64) << 20), ("256", 0), ("", None), (None, None)]
)
def test_a_functions_settings_know_its_memory(memory: str | None, room: int | None) -> None:
    environment = {"PIXMILL_SOURCE": "s3://a", "PIXMILL_DESTINATION": "s3://b"}
    environment |= {} if memory is None else {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory}

    assert Settings.from_env(environment).recipe.limits.room == room
