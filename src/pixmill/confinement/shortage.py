"""How it shows in an error that there was no memory left."""

import re

STATUS = 77
"""The exit status of a process that ends since it has no memory left."""

# As decoders and encoders say it. To the engine that is a file that they cannot decode, as one is that
# oversteps a limit of their own.
_SAID = re.compile(
    "out of memory|(insufficient|not enough) memory|memory alloc(?!.*limit)|cannot allocate", re.IGNORECASE
)


def is_shortage(error: Exception) -> bool:
    """Whether an error of the engine says so."""
    return isinstance(error, MemoryError) or _SAID.search(str(error)) is not None
