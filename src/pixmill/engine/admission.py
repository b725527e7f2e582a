"""The judgement of an original against the limits: no pixel is decoded here, and no decoder loaded."""

from pixmill.engine.header import Probe
from pixmill.errors import Rejected
from pixmill.recipe import Limits


def admit_size(size: int, limits: Limits) -> None:
    """Judge the number of bytes, before they are fetched.

    Raises:
        Rejected: `too-many-bytes`.
    """
    if size > limits.max_bytes:
        raise Rejected(
            "too-many-bytes", f"The file has {size:,} bytes; the recipe allows {limits.max_bytes:,}."
        )


def admit(found: Probe, limits: Limits, *, results: int = 0) -> None:
    """Judge a header against the limits.

    Args:
        found: what the header says.
        limits: the recipe's.
        results: bytes that the frames of an animation take after they are reduced.

    Raises:
        Rejected: `too-long-a-side`, `too-many-frames`, `too-many-pixels`, `too-much-memory`, or, where the
            process has less than the recipe allows, `too-large-for-function`.
    """
    width, height = found.stored
    if max(width, height) > limits.max_side:
        raise Rejected(
            "too-long-a-side",
            f"The picture is {width} x {height} pixels; the recipe allows {limits.max_side} a side.",
        )
    if found.frames > limits.max_frames:
        raise Rejected(
            "too-many-frames",
            f"The animation has {found.frames:,} frames; the recipe allows {limits.max_frames:,}.",
        )
    megapixels = width * height * found.frames / 1e6
    if megapixels > limits.max_megapixels:
        frames = f" in {found.frames} frames" if found.frames > 1 else ""
        raise Rejected(
            "too-many-pixels",
            f"The picture has {megapixels:,.1f} megapixels ({width} x {height}{frames}); "
            f"the recipe allows {limits.max_megapixels:,}.",
        )
    needed = found.memory + results
    said = f"Decoding this {found.format.name.upper()} would need about {needed >> 20:,} MiB"
    if needed > limits.max_memory:
        raise Rejected("too-much-memory", f"{said}; the recipe allows {limits.max_memory >> 20:,} MiB.")
    if limits.room is not None and needed > limits.room:
        raise Rejected(
            "too-large-for-function", f"{said}; this function has {limits.room >> 20:,} MiB for it."
        )
