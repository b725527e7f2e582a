"""What a rendition should look like: Lanczos3 from the whole picture.

Pillow decodes all of it, and reduces each channel in one step, in floats, rounded once at the end. Not
libvips: its own resampling is what is judged. In gamma space, as all contenders do.
"""

import hashlib
from pathlib import Path

from agreement import SIZES
from PIL import Image
from pillow_heif import register_heif_opener

Image.MAX_IMAGE_PIXELS = None  # the photos are ours
register_heif_opener()


def references(photo: Path, folder: Path) -> list[Path]:
    """One PNG for each size, without padding; kept, since a photo does not change."""
    state = photo.stat()
    name = hashlib.sha256(f"{photo} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:16]
    paths = [folder / f"{name}-{number}.png" for number in range(len(SIZES))]
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(photo) as image:
            whole = on_white(image)
        for path, box in zip(paths, SIZES, strict=True):
            reduced(whole, box).save(path)
    return paths


def on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(rgba, mask=rgba.getchannel("A"))
    return canvas


def reduced(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    scale = min(1.0, *(room / side for room, side in zip(box, image.size, strict=True)))
    size = tuple(max(1, int(side * scale + 0.5)) for side in image.size)
    channels = (channel.convert("F").resize(size, Image.Resampling.LANCZOS) for channel in image.split())
    # Converting back cuts the fraction off.
    return Image.merge(
        "RGB", [channel.point(lambda level: level * 1 + 0.5).convert("L") for channel in channels]
    )
