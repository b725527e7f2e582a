"""The first sketch's way: Pillow, the picture decoded anew for each size (fault 40), padded on white."""

import io
import sys

from PIL import Image
from serve import serve

SIZES = ((800, 600), (150, 150))
Image.MAX_IMAGE_PIXELS = None  # the photos are ours

if any(path.endswith(".heic") for path in sys.argv):
    # The sketch read no HEIC (fault 38). This is how Pillow is taught to.
    from pi_heif import register_heif_opener  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    register_heif_opener()


def render(data: bytes) -> list[bytes]:
    return [resized(data, size) for size in SIZES]


def resized(data: bytes, size: tuple[int, int]) -> bytes:
    image: Image.Image = Image.open(io.BytesIO(data))
    if image.mode == "RGBA":
        background = Image.new("RGB", image.size, "white")
        background.paste(image, mask=image.getchannel("A"))
        image = background
    elif image.mode != "RGB":
        image = image.convert("RGB")
    image.thumbnail(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", size, "white")
    canvas.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=85)
    return output.getvalue()


if __name__ == "__main__":
    serve(render)
