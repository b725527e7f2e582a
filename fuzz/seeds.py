"""Inputs to start from: the public test sets where they were fetched, and files made here."""

import itertools
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image
from tests.corpora.sources import listed
from tests.engine import planted
from tests.engine.pictures import encoded, exif, scene

from fuzz.anatomy import PICTURES
from fuzz.target import Seed
from pixmill.engine.formats import FORMATS, sniff
from pixmill.errors import Rejected

_LARGEST = 96 << 10
_OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "jpeg": ({}, {"progressive": True}, {"restart_marker_rows": 1}, {"exif": exif(Orientation=6)}),
    "png": ({}, {"bits": 4}),
    "webp": ({"lossless": False, "quality": 40}, {}),
    "tiff": ({}, {"compression": "tiff_lzw"}, {"compression": "packbits"}, {"compression": "tiff_deflate"}),
}
_MODES = {
    "jpeg": ("RGB", "L", "CMYK"),
    "png": ("RGB", "RGBA", "L", "LA", "P", "1"),
    "webp": ("RGB", "RGBA"),
    "gif": ("RGB", "P"),
    "tiff": ("RGB", "RGBA", "L", "1", "CMYK"),
    "avif": ("RGB", "RGBA"),
    "heic": ("RGB", "RGBA"),
    "bmp": ("RGB", "L", "1", "P"),
    "ico": ("RGBA",),
}
_MOVING = ("gif", "webp", "png")


@cache
def pictures() -> tuple[Seed, ...]:
    """Files of every format that the engine reads, each small."""
    files = itertools.chain(made(), fetched())
    return tuple({data: Seed(data, PICTURES[name]) for data, name in map(_named, files) if name}.values())


def made() -> list[bytes]:
    """Files of every format, mode and variant that Pillow writes, and those with all metadata."""
    found = [planted.original(name) for name in planted.INPUTS]
    for name in FORMATS:
        for mode, options in itertools.product(_MODES[name], _OPTIONS.get(name, ({},))):
            if not (options.get("bits") and mode != "P"):
                found.append(encoded(scene(40, 28, mode), name, **options))
    frames = [scene(24, 16), scene(24, 16).rotate(90), scene(24, 16).transpose(Image.Transpose.ROTATE_180)]
    found += [encoded(frames[0], name, save_all=True, append_images=frames[1:]) for name in _MOVING]
    return found


def fetched() -> list[bytes]:
    """The small ones of the public test sets, as far as `make corpora` has fetched them."""
    paths = (path for source in listed() if source.folder.is_dir() for path in source.pictures().values())
    return [path.read_bytes() for path in paths if path.stat().st_size <= _LARGEST]


def texts(folder: Path, *suffixes: str) -> list[bytes]:
    """The files below a folder that end like this."""
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in suffixes]


def _named(data: bytes) -> tuple[bytes, str | None]:
    try:
        return data, sniff(data).name
    except Rejected:
        return data, None
