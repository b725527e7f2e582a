"""No shortcut is visible: a rendition is what Lanczos makes of the whole picture, to within a bound.

The reference is Pillow's: the file decoded in full and reduced by Lanczos3. The bounds are mean levels of the
worst channel. On these photos 1.4, 2.0 and 2.5 are what is left over where SSIMULACRA2 gives 92 and more;
half a pixel of drift at one edge is 3.5 and more.
"""

import io
from pathlib import Path

import pytest
from PIL import Image

from pixmill.recipe import Rendition

from .pictures import distance, encoded, opened, outputs, rendered

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
NAMES = ("dogs at the window.jpg", "paint-brushes.jpg", "raccoon-print.jpg", "travel/sunset.jpg")
BOUNDS = {2: 1.4, 4: 2.0, 8: 2.5}
MARGIN = 1.7  # a little more than the decoder has to leave


def awkward(name: str, shrink: int) -> Image.Image:
    """A photo with sides of which the decoder leaves out as much as it can: almost a whole pixel."""
    with Image.open(PHOTOS / name) as photo:
        width, height = (side - side % 16 + shrink - 1 for side in photo.size)
        return photo.convert("RGB").resize((width, height))


def whole(data: bytes, size: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize("shrink", [2, 4, 8])
@pytest.mark.parametrize("name", NAMES)
def test_a_shrunk_jpeg_is_the_picture(name: str, shrink: int, progressive: bool) -> None:  # noqa: FBT001
    picture = awkward(name, shrink)
    data = encoded(picture, "jpeg", quality=88, subsampling=2, progressive=progressive)
    side = int(max(picture.size) / shrink / MARGIN)

    found = opened(rendered(data, width=side, height=side))

    assert distance(found, whole(data, found.size)) < BOUNDS[shrink]


@pytest.mark.parametrize("name", NAMES)
def test_a_scaled_webp_is_the_picture(name: str) -> None:
    picture = awkward(name, 2)
    data = encoded(picture, "webp", lossless=False, quality=90, method=0)

    found = opened(rendered(data, width=picture.width // 4, height=picture.height // 4))

    assert distance(found, whole(data, found.size)) < BOUNDS[4]


@pytest.mark.parametrize("factor", [2.3, 5.1, 11.7, 14.2])
def test_a_picture_in_memory_is_reduced_by_lanczos(factor: float) -> None:
    picture = awkward("travel/sunset.jpg", 8)
    data = encoded(picture, "bmp")

    found = opened(rendered(data, width=int(picture.width / factor)))

    assert distance(found, whole(data, found.size)) < 1


def test_a_rendition_made_from_another_is_the_picture() -> None:
    picture = awkward("dogs at the window.jpg", 4)
    data = encoded(picture, "jpeg", quality=88, subsampling=2)

    renditions = (Rendition(name=str(width), width=width, formats=("png",)) for width in (500, 120))

    found = opened(outputs(data, *renditions)[1])

    assert distance(found, whole(data, found.size)) < BOUNDS[2]
