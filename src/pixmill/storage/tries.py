"""Trying again, with pauses that chance spreads, until it works or the time is over."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from pixmill.storage.patience import Patience

T = TypeVar("T")
_GROWTH = 3


def tried(call: Callable[[], T], patience: Patience, *, passes: Callable[[Exception], bool]) -> T:
    """The answer of a call, tried again as long as its error is one that passes.

    Raises:
        Exception: the last try's error.
    """
    started, pause = time.monotonic(), patience.first_pause
    for _ in range(patience.tries - 1):
        try:
            return call()
        except Exception as error:
            if not passes(error) or time.monotonic() - started > patience.begin:
                raise
        longest = min(patience.pause, pause * _GROWTH)
        pause = random.uniform(min(patience.first_pause, longest), longest)  # noqa: S311 - keeps no secret
        time.sleep(pause)
    return call()
