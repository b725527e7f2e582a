"""The chunks of a WebP (WebP container specification)."""

from pixmill.engine.structure.bounds import too_many
from pixmill.errors import Rejected
from pixmill.recipe.limits import MOST_FRAMES

_FIRST, _HEAD = 12, 8
_MOST_CHUNKS = MOST_FRAMES + 10_000


def check(data: bytes) -> None:
    """Count the frames and the other chunks, which libwebp looks through from the start for each frame.

    Raises:
        Rejected: `too-many-frames` or `too-many-parts`.
    """
    position, chunks, frames = _FIRST, 0, 0
    while position + _HEAD <= len(data):
        frames += data[position : position + 4] == b"ANMF"
        chunks += 1
        if frames > MOST_FRAMES:
            raise Rejected("too-many-frames", f"The animation has more than {MOST_FRAMES:,} frames.")
        if chunks > _MOST_CHUNKS:
            raise too_many("chunks")
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        position += _HEAD + size + size % 2


def is_cut(data: bytes) -> bool:
    """Whether the file is shorter than its first chunk."""
    return 8 + int.from_bytes(data[4:8], "little") > len(data)
