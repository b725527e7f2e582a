"""Whether what Pixmill makes looks like what it should: SSIMULACRA2 of every photo's renditions.

    .venv/bin/python benchmarks/quality.py [--only TEXT] [--strict]

Each photo's renditions are compared with Lanczos3 from the whole picture (`reference.py`): `pixels` before
they are encoded (the same recipe, as PNG), `JPEG` as delivered. `turbo` is the reference encoded by
libjpeg-turbo at the same nominal quality. Padding is left out, since it is always right.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from packages import HERE, Missing
from photos import GALLERY, Case, make_cases
from PIL import Image
from reference import on_white, references
from rich.console import Console
from rich.table import Table
from similarity import Pair, Scorer, scoring

from pixmill.engine import render
from pixmill.geometry import Size, plan
from pixmill.recipe import Recipe

BUILD = HERE.parent / "build" / "bench"
LEAST, MIDDLE = 90, 92  # of the large rendition's pixels: every photo, and the median
RECIPE = Recipe.default()
LOSSLESS = Recipe(
    renditions=tuple(msgspec.structs.replace(rendition, formats=("png",)) for rendition in RECIPE.renditions)
)
QUALITY = 85


@dataclass(frozen=True)
class Made:
    """One rendition, as files on their way to the scorer."""

    photo: Path
    rendition: str
    reference: Path
    pixels: Path
    jpeg: Path
    turbo: Path

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple((self.reference, path) for path in (self.pixels, self.jpeg, self.turbo))


def made(photo: Path, folder: Path) -> Iterator[Made]:
    """Render a photo in both ways, and cut the padding off."""
    data = photo.read_bytes()
    lossless, delivered = render(data, LOSSLESS), render(data, RECIPE)
    originals = references(photo, BUILD / "references")
    for index, rendition in enumerate(RECIPE.renditions):
        expected = plan(Size(*lossless.probe.size), rendition)
        (left, top), (width, height) = expected.offset, expected.resized
        place = (left, top, left + width, top + height)
        paths = [folder / f"{photo.stem}-{index}-{name}.png" for name in ("pixels", "jpeg", "turbo")]
        outputs = lossless.outputs[index].data, delivered.outputs[index].data
        for path, output in zip(paths, outputs, strict=False):
            on_white(Image.open(BytesIO(output))).crop(place).save(path)
        turbo(originals[index], expected.canvas, expected.offset).crop(place).save(paths[2])
        yield Made(photo, rendition.name, originals[index], *paths)


def turbo(reference: Path, canvas: Size, offset: tuple[int, int]) -> Image.Image:
    """The reference, padded and encoded as one would with libjpeg-turbo."""
    padded = Image.new("RGB", canvas, "white")
    padded.paste(Image.open(reference), offset)
    encoded = BytesIO()
    padded.save(encoded, "JPEG", quality=QUALITY)
    return Image.open(encoded)


def judge(cases: list[Case], scorer: Scorer) -> list[dict[str, Any]]:
    """The scores of every rendition of every photo."""
    found: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        for case in cases:
            print(f"quality of {case.name} ...", file=sys.stderr)
            all_made = [one for photo in case.photos for one in made(photo, Path(folder))]
            scores = iter(scorer.scores(pair for one in all_made for pair in one.pairs))
            for one in all_made:
                pixels, jpeg, libjpeg = (round(next(scores), 2) for _ in one.pairs)
                found.append(
                    {
                        "case": case.name,
                        "photo": one.photo.name,
                        "rendition": one.rendition,
                        "pixels": pixels,
                        "jpeg": jpeg,
                        "libjpeg_turbo": libjpeg,
                    }
                )
    return found


def summary(found: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """By rendition: least and median score of its pixels, and how far its JPEG is below libjpeg-turbo's."""
    result: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(row["rendition"] for row in found):
        rows = [row for row in found if row["rendition"] == name]
        pixels = [row["pixels"] for row in rows]
        gaps = [row["libjpeg_turbo"] - row["jpeg"] for row in rows]
        result[name] = {
            "least": min(pixels),
            "median": round(median(pixels), 2),
            "jpeg_below_libjpeg_turbo_at_most": round(max(gaps), 2),
            "jpeg_below_libjpeg_turbo_median": round(median(gaps), 2),
        }
    return result


def show(found: list[dict[str, Any]]) -> None:
    table = Table(title="SSIMULACRA2 against Lanczos3 from the whole picture", title_justify="left")
    names = list(dict.fromkeys(row["rendition"] for row in found))
    table.add_column("photo", no_wrap=True)
    for name in names:
        for column in ("pixels", "JPEG", "turbo"):
            table.add_column(f"{name} {column}", justify="right")
    for photo in dict.fromkeys(row["photo"] for row in found):
        rows = {row["rendition"]: row for row in found if row["photo"] == photo}
        scores = (rows[name][field] for name in names for field in ("pixels", "jpeg", "libjpeg_turbo"))
        table.add_row(photo, *(f"{score:.1f}" for score in scores))
    for label, of in (("least", min), ("median", median)):
        table.add_section()
        columns = (
            [row[field] for row in found if row["rendition"] == name]
            for name in names
            for field in ("pixels", "jpeg", "libjpeg_turbo")
        )
        table.add_row(label, *(f"{of(column):.1f}" for column in columns))
    Console(width=None if Console().is_terminal else 120).print(table)


def holds(found: list[dict[str, Any]]) -> bool:
    large = summary(found)[RECIPE.renditions[0].name]
    return large["least"] >= LEAST and large["median"] >= MIDDLE


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="TEXT", default="", help="only the cases whose name contains this")
    parser.add_argument("--strict", action="store_true", help="end with 1 if a bar is missed")
    options = parser.parse_args()
    cases = make_cases(BUILD / "photos", options.only, GALLERY)
    try:
        with scoring(BUILD) as scorer:
            found = judge(cases, scorer)
    except Missing as reason:
        raise SystemExit(f"without SSIMULACRA2: {reason}") from None
    show(found)
    print(f"bars: least {LEAST}, median {MIDDLE}, of {RECIPE.renditions[0].name} pixels: ", end="")
    print("hold" if holds(found) else "missed")
    if options.strict and not holds(found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
