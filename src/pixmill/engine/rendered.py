"""What the engine gives for one original."""

import msgspec

from pixmill.engine.formats import ImageFormat
from pixmill.engine.header import Probe
from pixmill.recipe import Format


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """One rendition in one format.

    Attributes:
        rendition: its name in the recipe.
        declared: the format as the recipe declares it.
        format: the format it has; None if it was not made.
        data: the encoded file; empty if it was not made.
        width: in pixels; 0 if it was not made.
        height: in pixels; 0 if it was not made.
        frames: 1, or the number of frames of an animation; 0 if it was not made.
        notes: see `pixmill.manifest.Entry`.
        reason: why it was not made.
    """

    rendition: str
    declared: Format
    format: ImageFormat | None = None
    data: bytes = b""
    width: int = 0
    height: int = 0
    frames: int = 0
    notes: tuple[str, ...] = ()
    reason: str | None = None

    def __repr__(self) -> str:
        """Without the bytes, which nobody reads in a traceback."""
        made = f"{self.width}x{self.height}, {len(self.data):,} bytes" if self.format else self.reason
        return f"Output({self.rendition!r}, {self.declared!r}, {made})"


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that came of one original.

    Attributes:
        probe: what the original is.
        outputs: one for each rendition and format that was asked for, in the recipe's order.
        thumbhash: a ThumbHash of the picture.
        colour: its dominant colour as "#rrggbb".
        timings_ms: wall milliseconds by stage.
    """

    probe: Probe
    outputs: tuple[Output, ...]
    thumbhash: bytes
    colour: str
    timings_ms: dict[str, float]
