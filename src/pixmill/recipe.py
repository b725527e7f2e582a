"""The recipe: the declared set of renditions and limits.

Contract (types only for now; parsing, fingerprints and the schema follow in this module and its siblings).
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Fit = Literal["inside", "contain", "cover", "fill", "outside"]
Format = Literal["jpeg", "webp", "avif", "png", "original"]
OutputFormat = Literal["jpeg", "webp", "avif", "png", "gif", "tiff"]
Keep = Literal["copyright", "icc"]


class Gravity(msgspec.Struct, frozen=True):
    """Where a crop looks, or where a picture sits in its padding.

    Attributes:
        x: 0 (left) to 10000 (right), in ten-thousandths of the picture's upright width.
        y: 0 (top) to 10000 (bottom).
        look: "point" to use x and y; "attention" or "entropy" to let libvips find the place in a `cover`.
    """

    x: int = 5000
    y: int = 5000
    look: Literal["point", "attention", "entropy"] = "point"


class Colour(msgspec.Struct, frozen=True):
    """An sRGB colour, 0-255 a channel; alpha 0 is transparent."""

    red: int
    green: int
    blue: int
    alpha: int = 255


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What an original may cost. Judged from its header, before any pixel is decoded."""

    max_bytes: int = 64 << 20
    max_megapixels: float = 100
    max_side: int = 65535
    max_frames: int = 1000
    max_memory: int = 1 << 30


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One derived image, as declared."""

    name: str
    width: int | None = None
    height: int | None = None
    fit: Fit = "inside"
    gravity: Gravity = Gravity()
    background: Colour = Colour(255, 255, 255)
    enlarge: Literal["never", "allow", "skip"] = "never"
    formats: tuple[Format, ...] = ("jpeg",)
    quality: str | int | Mapping[str, str | int] = "balanced"
    effort: int | Mapping[str, int] | None = None
    sharpen: float = 0.0
    keep: frozenset[Keep] = frozenset()

    def quality_for(self, output: OutputFormat) -> int:
        """The encoder's quality, 1-100, for one output format."""
        raise NotImplementedError

    def effort_for(self, output: OutputFormat) -> int:
        """The encoder's effort in that encoder's own range for one output format."""
        raise NotImplementedError

    def fingerprint(self, declared: Format) -> str:
        """Changes when, and only when, the bytes of this rendition in that format may change."""
        raise NotImplementedError


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Renditions, limits and what to do with truncated originals."""

    renditions: tuple[Rendition, ...]
    limits: Limits = Limits()
    on_truncated: Literal["reject", "accept"] = "reject"

    @property
    def fingerprint(self) -> str:
        """Changes when, and only when, the destination may have to change."""
        raise NotImplementedError
