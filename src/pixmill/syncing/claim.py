"""A destination to oneself."""

import time
from contextlib import ExitStack

from pixmill.errors import Refused
from pixmill.storage import Store

_PATIENCE = 3.0  # seconds


def claim(destination: Store, stack: ExitStack) -> tuple[int, ...]:
    """Claim a destination; the workers of a sync that was killed let go of it within moments.

    Args:
        destination: what to claim.
        stack: holds the claim.

    Returns:
        The files that hold it, as `Store.claim` gives them.

    Raises:
        Refused: "destination-busy": somebody else holds it, and not only for moments.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return stack.enter_context(destination.claim())
        except Refused as refusal:
            if refusal.code != "destination-busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
