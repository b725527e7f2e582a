"""Photographs for uploads: clippings of the sample photos, no two the same, in the sizes of web and phone."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

_SAMPLES = Path(__file__).parents[2] / "examples" / "photos"
_NAMES = ("Löwenzahn.jpg", "dogs at the window.jpg", "paint-brushes.jpg", "raccoon-print.jpg")
_SIZES = ((640, 480), (800, 1200), (1600, 1200), (2048, 1365))
_QUALITY = 85


def photos(count: int) -> Iterator[bytes]:
    """So many JPEGs."""
    samples = [Image.open(_SAMPLES / name).convert("RGB") for name in _NAMES]
    for number in range(count):
        sample, size = samples[number % len(_NAMES)], _SIZES[number // len(_NAMES) % len(_SIZES)]
        # From a little further inside each time, and scaled to the size asked for.
        inset = number * 0.4
        box = (inset, inset, sample.width - inset, sample.height - inset)
        file = io.BytesIO()
        sample.resize(size, Image.Resampling.BILINEAR, box).save(file, "JPEG", quality=_QUALITY)
        yield file.getvalue()
