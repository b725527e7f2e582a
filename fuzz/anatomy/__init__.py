"""How files are taken apart and put together again, so that an edit makes another file and not just noise."""

from fuzz.anatomy.anatomy import Anatomy, Number
from fuzz.anatomy.bitmap import BMP, ICO
from fuzz.anatomy.boxes import BOXES
from fuzz.anatomy.gif import GIF
from fuzz.anatomy.jpeg import JPEG
from fuzz.anatomy.plain import PLAIN, TEXT
from fuzz.anatomy.png import PNG
from fuzz.anatomy.profile import PROFILE
from fuzz.anatomy.riff import RIFF
from fuzz.anatomy.tiff import TIFF

PICTURES = {
    "jpeg": JPEG,
    "png": PNG,
    "webp": RIFF,
    "gif": GIF,
    "tiff": TIFF,
    "avif": BOXES,
    "heic": BOXES,
    "bmp": BMP,
    "ico": ICO,
}
"""By the names that formats have in the engine."""

__all__ = ["BOXES", "PICTURES", "PLAIN", "PROFILE", "TEXT", "TIFF", "Anatomy", "Number"]
