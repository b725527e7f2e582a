"""The first sketch's way with one picture: Pillow, decoded anew for each of two sizes, padded on white.

As docs/decisions/0010-estimate.md describes it, faults included: what it costs is what is asked here.
"""

import io
from pathlib import PurePosixPath

from PIL import Image

_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp"))
_BOXES = ((800, 600), (150, 150))
_QUALITY = 85


def takes(key: str) -> bool:
    """Whether it looks at a picture at all, which it decides by the name."""
    return PurePosixPath(key).suffix.lower() in _SUFFIXES


def render(data: bytes) -> list[bytes]:
    """Both of its renditions.

    Raises:
        Exception: whatever Pillow raises; the sketch reports success then and writes nothing.
    """
    return [_rendition(data, box) for box in _BOXES]


def _rendition(data: bytes, box: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        picture: Image.Image = opened
        if picture.mode == "RGBA":
            picture = Image.new("RGB", opened.size, "white")
            picture.paste(opened, mask=opened.getchannel("A"))
        elif picture.mode != "RGB":
            picture = opened.convert("RGB")
        picture.thumbnail(box, Image.Resampling.LANCZOS)
        sheet = Image.new("RGB", box, "white")
        sheet.paste(picture, ((box[0] - picture.width) // 2, (box[1] - picture.height) // 2))
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
