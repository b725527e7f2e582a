"""That all contenders do the same job: same sizes, same format, same picture."""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

SIZES = ((800, 600), (150, 150))
SAME = 8.0  # mean difference in levels: other resamplers, encoders and roundings of a side stay below


def check(folder: Path, reference: Path | None, photos: int) -> tuple[int, ...]:
    """Compare a folder's renditions with a reference's, if one is given. Returns the mean bytes of each."""
    sizes: list[int] = []
    for rendition, size in enumerate(SIZES):
        total = 0
        for photo in range(photos):
            name = f"{photo}-{rendition}.jpg"
            difference = compare(folder / name, reference / name, size) if reference else 0.0
            if difference > SAME:
                raise SystemExit(f"{folder.name} made another picture of {name}: {difference:.1f} levels off")
            total += (folder / name).stat().st_size
        sizes.append(total // photos)
    return tuple(sizes)


def compare(one: Path, other: Path, size: tuple[int, int]) -> float:
    with Image.open(one) as a, Image.open(other) as b:
        if (a.format, a.mode) != ("JPEG", "RGB"):
            raise SystemExit(f"{one}: expected an RGB JPEG, got {a.mode} {a.format}")
        if not (a.size == size or fits(a.size, size)):
            raise SystemExit(f"{one}: expected a picture of {size}, got one of {a.size}")
        return sum(ImageStat.Stat(ImageChops.difference(padded(a, size), b)).mean) / 3


def fits(size: tuple[int, int], box: tuple[int, int]) -> bool:
    """Whether a picture fits a box as tightly as it can: what those make who cannot pad."""
    gaps = [room - side for side, room in zip(size, box, strict=True)]
    return min(gaps) == 0


def padded(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "white")
    canvas.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return canvas
