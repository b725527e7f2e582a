"""What one original may cost while it is rendered."""

from typing import Self

import msgspec

from pixmill.recipe import Limits

# A header gives no more than an idea of what decoding needs, and encoding comes on top of it.
_TIMES = 2
_COPIES = 4

# Whatever the estimate is: libraries, threads and buffers of a picture that streams through.
_LEAST = 128 << 20


class Allowance(msgspec.Struct, frozen=True):
    """What one original may cost.

    Attributes:
        memory: bytes, beyond those that the process takes at rest.
        cpu: seconds of the processor; some hundred times the usual.
        still: seconds for which the process may do nothing at all.
    """

    memory: int
    cpu: float = 20.0
    still: float = 30.0

    @classmethod
    def under(cls, limits: Limits, **more: float) -> Self:
        """Enough for whatever a recipe's limits admit, as far as the process has it."""
        memory = _TIMES * limits.max_memory + _COPIES * limits.max_bytes
        if limits.room is not None:
            # The original's own bytes are not part of that.
            memory = min(memory, limits.room + limits.max_bytes)
        return cls(max(memory, _LEAST), **more)
