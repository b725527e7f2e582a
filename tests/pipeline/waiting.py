"""Waiting with an end."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

_PAUSE = 0.05  # seconds between two looks


def until(look: Callable[[], Seen], within: float, what: str, told: Callable[[], object] = str) -> Seen:
    """Look again and again until there is something to see, and return it.

    Args:
        look: what it returns is looked for to be true.
        within: seconds.
        what: is waited for, for the error.
        told: what else the error should say.

    Raises:
        TimeoutError: it did not come.
    """
    end = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within:g} s for {what}. {told()}")
        time.sleep(_PAUSE)
    return seen
