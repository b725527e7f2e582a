"""The photos: three of `examples/photos`, at camera size, with grain, in the formats of uploads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyvips

EXAMPLES = Path(__file__).parents[1] / "examples" / "photos"
MADE_BY = "1"  # raise it whenever this file makes other pictures

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


@dataclass(frozen=True)
class Case:
    """Photos of one size and format, measured together.

    Attributes:
        repeat: how often each photo is rendered in one measurement, so that each lasts about as long.
        counts: whether it belongs to the mean that the budgets are about.
    """

    name: str
    photos: list[Path]
    repeat: int
    counts: bool = False

    @property
    def bytes(self) -> int:
        return sum(photo.stat().st_size for photo in self.photos) // len(self.photos)


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


# name, width, height, ending, encoder, repeat, counts
KINDS: tuple[tuple[str, int, int, str, Save, int, bool], ...] = (
    ("2 MP JPEG", 1632, 1224, "jpg", save_jpeg, 5, True),
    ("12 MP JPEG", 4032, 3024, "jpg", save_jpeg, 2, True),
    ("24 MP JPEG", 5712, 4284, "jpg", save_jpeg, 1, True),
    ("12 MP progressive", 4032, 3024, "jpg", save_progressive, 1, False),
    ("4 MP PNG", 2304, 1728, "png", save_png, 1, False),
    ("4 MP PNG, alpha", 2304, 1728, "png", save_cutout, 1, False),
    ("12 MP WebP", 4032, 3024, "webp", save_webp, 1, False),
)


def make_cases(folder: Path) -> list[Case]:
    """Make what is not there yet, and say what there is."""
    cases: list[Case] = []
    for name, width, height, ending, save, repeat, counts in KINDS:
        photos: list[Path] = []
        for number, subject in enumerate(SUBJECTS, 1):
            stem = name.lower().replace(",", "").replace(" ", "-")
            path = folder / MADE_BY / f"{stem}-{number}.{ending}"
            if not path.exists():
                make(path, subject, width, height, save)
            photos.append(path)
        cases.append(Case(name, photos, repeat, counts))
    return cases


def own_cases(folder: Path) -> list[Case]:
    """The JPEGs of somebody's folder as one case."""
    photos = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg"})
    return [Case(folder.name or "your photos", photos, 1, counts=True)]


def make(path: Path, subject: Subject, width: int, height: int, save: Save) -> None:
    if subject.upright:
        width, height = height, width
    source = pyvips.Image.thumbnail(str(EXAMPLES / subject.file), width, height=height, crop="centre")
    grain = pyvips.Image.gaussnoise(width, height, sigma=subject.grain, mean=0, seed=1).gaussblur(0.5)
    grainy = (source + grain).cast("uchar").copy(interpretation="srgb")
    path.parent.mkdir(parents=True, exist_ok=True)
    half_made = path.with_suffix(f".half{path.suffix}")
    save(grainy, str(half_made))
    half_made.rename(path)


def vignette(width: int, height: int) -> Picture:
    """An alpha channel: opaque in the middle, clear in the corners."""
    place = pyvips.Image.xyz(width, height)
    across, down = (2 * place[0] / width - 1), (2 * place[1] / height - 1)
    return (600 - 480 * (across * across + down * down)).cast("uchar")
