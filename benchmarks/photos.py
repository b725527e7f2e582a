"""The photos: three of `examples/photos`, at camera size, with grain, in the formats of uploads."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips
from budgets import BASELINE, PROGRESSIVE
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

EXAMPLES = Path(__file__).parents[1] / "examples" / "photos"
ORIENTATION = 0x0112  # EXIF 2.32
MADE_BY = "2"  # raise it whenever this file makes other pictures

Picture = pyvips.Image
Save = Callable[[Picture, str], None]


@dataclass(frozen=True)
class Subject:
    """One of the examples.

    Attributes:
        grain: standard deviation in levels. It gives the JPEGs the bytes per pixel that phones and cameras
            give theirs: 0.15 to 0.35, in the order below.
    """

    file: str
    upright: bool
    grain: float


SUBJECTS = (
    Subject("Löwenzahn.jpg", upright=False, grain=2.5),
    Subject("travel/sunset.jpg", upright=False, grain=4.5),
    Subject("dogs at the window.jpg", upright=True, grain=6.5),
)

OTHERS = (
    Subject("travel/picos-de-europa.avif", upright=False, grain=2.5),
    Subject("travel/panorama.jpg", upright=False, grain=4.5),
    Subject("travel/waterfall.heic", upright=False, grain=2.5),
    Subject("paint-brushes.jpg", upright=True, grain=6.5),
)


@dataclass(frozen=True)
class Case:
    """Photos of one size and format, measured together.

    Attributes:
        group: the cases that a budget is about.
        repeat: how often each photo is rendered in one measurement, so that each lasts about as long.
    """

    name: str
    group: str
    photos: list[Path]
    repeat: int

    @property
    def bytes(self) -> int:
        return sum(photo.stat().st_size for photo in self.photos) // len(self.photos)

    @property
    def slug(self) -> str:
        return slug(self.name)

    @property
    def endings(self) -> set[str]:
        return {photo.suffix.lower() for photo in self.photos}


def slug(name: str) -> str:
    return name.lower().replace(",", "").replace(" ", "-")


def save_jpeg(picture: Picture, path: str) -> None:
    picture.jpegsave(path, Q=90, subsample_mode="on")


def save_progressive(picture: Picture, path: str) -> None:
    picture.jpegsave(path, Q=90, subsample_mode="on", interlace=True)


def save_png(picture: Picture, path: str) -> None:
    picture.pngsave(path, compression=6)


def save_cutout(picture: Picture, path: str) -> None:
    picture.bandjoin(vignette(picture.width, picture.height)).pngsave(path, compression=6)


def save_webp(picture: Picture, path: str) -> None:
    picture.webpsave(path, Q=90, effort=2)


def save_avif(picture: Picture, path: str) -> None:
    pillow(picture).save(path, quality=75, speed=8)


def save_heic(picture: Picture, path: str) -> None:
    pillow(picture).save(path, quality=70, enc_params={"preset": "ultrafast"})


def pillow(picture: Picture) -> Image.Image:
    return Image.frombytes("RGB", (picture.width, picture.height), picture.write_to_memory())


@dataclass(frozen=True)
class Kind:
    """What the photos of a case are."""

    name: str
    group: str
    width: int
    height: int
    ending: str
    save: Save
    repeat: int = 1
    subjects: tuple[Subject, ...] = SUBJECTS


KINDS = (
    Kind("2 MP JPEG", BASELINE, 1632, 1224, "jpg", save_jpeg, 3),
    Kind("12 MP JPEG", BASELINE, 4032, 3024, "jpg", save_jpeg),
    Kind("24 MP JPEG", BASELINE, 5712, 4284, "jpg", save_jpeg),
    Kind("100 MP JPEG", BASELINE, 11520, 8640, "jpg", save_jpeg),
    Kind("12 MP progressive", PROGRESSIVE, 4032, 3024, "jpg", save_progressive),
    Kind("24 MP progressive", PROGRESSIVE, 5712, 4284, "jpg", save_progressive),
    Kind("4 MP PNG", "PNG", 2304, 1728, "png", save_png),
    Kind("4 MP PNG, alpha", "PNG", 2304, 1728, "png", save_cutout),
    Kind("12 MP WebP", "WebP", 4032, 3024, "webp", save_webp),
    Kind("12 MP AVIF", "AVIF", 4032, 3024, "avif", save_avif),
    Kind("12 MP HEIC", "HEIC", 4032, 3024, "heic", save_heic),
)
# Quality depends on the picture, and is judged on more of them than time is.
GALLERY = (*KINDS, Kind("12 MP JPEG, others", BASELINE, 4032, 3024, "jpg", save_jpeg, subjects=OTHERS))


def make_cases(folder: Path, only: str = "", kinds: Iterable[Kind] = KINDS) -> list[Case]:
    """Make what is not there yet of the cases whose name contains a text, and say what there is."""
    cases: list[Case] = []
    for kind in kinds:
        if only.lower() not in kind.name.lower():
            continue
        photos: list[Path] = []
        for number, subject in enumerate(kind.subjects, 1):
            path = folder / MADE_BY / f"{slug(kind.name)}-{number}.{kind.ending}"
            if not path.exists():
                make(path, subject, kind)
            photos.append(path)
        cases.append(Case(kind.name, kind.group, photos, kind.repeat))
    return cases


def own_cases(folder: Path) -> list[Case]:
    """The JPEGs of somebody's folder as one case, without those to be turned: the sketch does not turn."""
    jpegs = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg"})
    photos = [path for path in jpegs if is_upright(path)]
    if not photos:
        raise SystemExit(
            f"{folder}: expected JPEGs that are stored upright, got none among {len(jpegs)} JPEGs"
        )
    if len(photos) < len(jpegs):
        print(f"without {len(jpegs) - len(photos)} photos that are to be turned", file=sys.stderr)
    return [Case(folder.name or "your photos", BASELINE, photos, 1)]


def is_upright(path: Path) -> bool:
    with Image.open(path) as image:
        return image.getexif().get(ORIENTATION, 1) == 1


def make(path: Path, subject: Subject, kind: Kind) -> None:
    width, height = (kind.height, kind.width) if subject.upright else (kind.width, kind.height)
    source = opened(EXAMPLES / subject.file).thumbnail_image(width, height=height, crop="centre")
    grain = pyvips.Image.gaussnoise(width, height, sigma=subject.grain, mean=0, seed=1).gaussblur(0.5)
    grainy = (source + grain).cast("uchar").copy(interpretation="srgb")
    path.parent.mkdir(parents=True, exist_ok=True)
    half_made = path.with_suffix(f".half{path.suffix}")
    kind.save(grainy, str(half_made))
    half_made.rename(path)


def opened(path: Path) -> Picture:
    """By Pillow: once the engine is imported, libvips opens no files."""
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    picture = pyvips.Image.new_from_memory(upright.tobytes(), *upright.size, 3, "uchar")
    exif: Any = upright.info.get("exif", b"")
    if exif:
        picture.set_type(pyvips.GValue.blob_type, "exif-data", exif)
    return picture.copy(interpretation="srgb")


def vignette(width: int, height: int) -> Picture:
    """An alpha channel: opaque in the middle, clear in the corners."""
    place = pyvips.Image.xyz(width, height)
    across, down = (2 * place[0] / width - 1), (2 * place[1] / height - 1)
    return (600 - 480 * (across * across + down * down)).cast("uchar")
