"""Bounded waits: for what will be, never for how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MOST = 30.0  # seconds; only reached when something is wrong


def until(look: Callable[[], T], most: float = MOST, pause: float = 0.02) -> T:
    """The first answer that is true, or the last one."""
    deadline = time.monotonic() + most
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(pause)
    return found
