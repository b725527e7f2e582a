"""Bytes at equal SSIMULACRA2: Pixmill's JPEGs against libjpeg-turbo's of the same pixels.

A curve of libjpeg-turbo's bytes over its scores is measured for each rendition, with Huffman tables made to
measure, and read at the score that Pixmill's own JPEG has. So a lower nominal quality wins nothing.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from statistics import geometric_mean
from tempfile import TemporaryDirectory
from typing import Any

from curve import bytes_at
from photos import Case
from PIL import Image
from quality import LOSSLESS, RECIPE
from reference import on_white
from similarity import Scorer

from pixmill.engine import render

QUALITIES = (50, 65, 74, 80, 85, 90, 95)


def compare(cases: Sequence[Case], scorer: Scorer) -> list[dict[str, Any]]:
    """For each rendition of each photo: bytes as a share of libjpeg-turbo's at the same score."""
    found: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        for case in cases:
            print(f"bytes at equal quality for {case.name} ...", file=sys.stderr)
            for photo in case.photos:
                found += _shares(photo, Path(folder), scorer)
    return found


def _shares(photo: Path, folder: Path, scorer: Scorer) -> list[dict[str, Any]]:
    data = photo.read_bytes()
    lossless, delivered = render(data, LOSSLESS).outputs, render(data, RECIPE).outputs
    found: list[dict[str, Any]] = []
    for pixels, jpeg in zip(lossless, delivered, strict=True):
        plain = on_white(Image.open(BytesIO(pixels.data)))
        files = {"original.png": _encoded(plain, "PNG"), "ours.jpg": jpeg.data}
        files |= {f"{quality}.jpg": _encoded(plain, "JPEG", quality) for quality in QUALITIES}
        for name, content in files.items():
            (folder / name).write_bytes(content)
        names = [name for name in files if name.endswith("jpg")]
        ours, *theirs = scorer.scores((folder / "original.png", folder / name) for name in names)
        sizes = [len(files[name]) for name in names]
        curve = list(zip(theirs, sizes[1:], strict=True))
        found.append(
            {
                "photo": photo.name,
                "rendition": jpeg.rendition,
                "score": round(ours, 2),
                "bytes": sizes[0],
                "share": round(sizes[0] / bytes_at(ours, curve), 4),
            }
        )
    return found


def _encoded(image: Image.Image, form: str, quality: int = 0) -> bytes:
    file = BytesIO()
    if form == "PNG":
        image.save(file, form)
    else:
        image.save(file, form, quality=quality, optimize=True)
    return file.getvalue()


def mean_shares(found: list[dict[str, Any]]) -> dict[str, float]:
    """The geometric mean for each rendition."""
    names = dict.fromkeys(row["rendition"] for row in found)
    shares = {name: [row["share"] for row in found if row["rendition"] == name] for name in names}
    return {name: round(geometric_mean(each), 4) for name, each in shares.items()}
