"""Pillow, well used: decoded once and shrunk meanwhile, the small rendition made from the large one."""

import io

from PIL import Image
from serve import serve

SIZES = ((800, 600), (150, 150))
Image.MAX_IMAGE_PIXELS = None  # the photos are ours
GAP = 1.5  # how much larger than the rendition a JPEG is decoded, as Pixmill does


def render(data: bytes) -> list[bytes]:
    image: Image.Image = Image.open(io.BytesIO(data))
    made: list[bytes] = []
    for size in SIZES:
        image.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=GAP)
        made.append(padded(image, size))
    return made


def padded(image: Image.Image, size: tuple[int, int]) -> bytes:
    canvas = Image.new("RGB", size, "white")
    place = (size[0] - image.width) // 2, (size[1] - image.height) // 2
    canvas.paste(image, place, mask=image if image.mode == "RGBA" else None)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=85)
    return output.getvalue()


if __name__ == "__main__":
    serve(render)
