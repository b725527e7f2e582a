"""That all contenders do the same job: same sizes, same format, same picture."""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

SIZES = ((800, 600), (150, 150))
SAME = 8.0  # mean difference in levels: other resamplers, encoders and roundings of a side stay below


def check(folder: Path, reference: Path, photos: int) -> tuple[int, ...]:
    """Compare a folder's renditions with the reference's. Returns the mean bytes of each rendition."""
    sizes: list[int] = []
    for rendition, size in enumerate(SIZES):
        total = 0
        for photo in range(photos):
            name = f"{photo}-{rendition}.jpg"
            difference = compare(folder / name, reference / name, size)
            if difference > SAME:
                raise SystemExit(f"{folder.name} made another picture of {name}: {difference:.1f} levels off")
            total += (folder / name).stat().st_size
        sizes.append(total // photos)
    return tuple(sizes)


def compare(one: Path, other: Path, size: tuple[int, int]) -> float:
    with Image.open(one) as a, Image.open(other) as b:
        if (a.format, a.size, a.mode) != ("JPEG", size, "RGB"):
            raise SystemExit(f"{one}: expected an RGB JPEG of {size}, got {a.mode} {a.format} of {a.size}")
        return sum(ImageStat.Stat(ImageChops.difference(a, b)).mean) / 3
