"""Resizing what a shrinking decoder left over, without stretching it. In integers, like all geometry."""

# One of so many is nearly always within a fifteenth of a decoded pixel, and never off by more than a half.
_MOST_EXTRA = 16


def aligned(stored: int, shrink: int, result: int) -> tuple[int, int]:
    """How to resize one side of a shrunk picture.

    A decoder that shrinks gives whole pixels only: 847 of 847.75. Resized as if they were all, they come out
    up to a pixel away from where they belong, which is as plain to see as a blur. So both sides of the resize
    get some more pixels at the far end, as many as bring their ratio next to the original's.

    Args:
        stored: pixels of the side in the file.
        shrink: by how much the decoder divides them.
        result: pixels of the side that are wanted.

    Returns:
        How many pixels to resize, no fewer than there are, and to how many; the first `result` of these are
        the picture. Just what is there and what is wanted, if the shrink leaves no remainder.
    """
    whole = shrink * result

    def source(resized: int) -> int:
        return (2 * resized * stored + whole) // (2 * whole)

    def miss(resized: int) -> int:
        return abs(resized * stored - source(resized) * whole)

    resized = min(range(result, result + _MOST_EXTRA), key=miss)
    return source(resized), resized
