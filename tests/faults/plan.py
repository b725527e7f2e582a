"""Which request is to go wrong, and how: decided by a seed, for each request by itself.

What happens to a request depends on the seed, its verb, its target and how often that was asked for before;
not on what other requests come between. So the same seed does the same to the same requests in whatever order
they come.
"""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "error",
    "throttled",
    "busy",
    "expired",
    "denied",
    "reset",
    "lost",
    "misreported",
    "truncated",
    "slow",
    "stalled",
    "late",
]
"""What may happen to a request:

    error        500 in place of an answer, and nothing was done
    throttled    the same with 503 SlowDown
    busy         the same with 429
    expired      the same with 400 ExpiredToken
    denied       the same with 403
    reset        the connection is reset, and nothing was done
    lost         it takes effect, then the connection is reset
    misreported  it takes effect, then 500
    truncated    the answer's body ends before its Content-Length does
    slow         the answer's body trickles
    stalled      it takes effect, then nothing comes until the client or the proxy's patience is at its end
    late         the answer takes its time
"""

UNDONE: frozenset[Kind] = frozenset(("error", "throttled", "busy", "expired", "denied", "reset"))
"""Kinds of which the server hears nothing."""

OF_BODIES: frozenset[Kind] = frozenset(("truncated", "slow"))
"""Kinds that take a body to happen to."""


class Plan:
    """Faults by seed.

    Args:
        seed: decides everything.
        rates: for each kind, the share of requests that it befalls; what is left out never happens. Together
            at most 1. Kinds that are about an answer's body befall only GET.
    """

    def __init__(self, seed: int, rates: Mapping[Kind, float]) -> None:
        if sum(rates.values()) > 1 + 1e-9:
            raise ValueError(f"these rates make more than 1: {dict(rates)}")
        self._seed = seed
        self._rates = dict(rates)
        self._asked: Counter[tuple[str, str]] = Counter()

    def fault(self, verb: str, target: str) -> Kind | None:
        """What happens to the next request of this verb for this target; None if nothing does."""
        times = self._asked[verb, target]
        self._asked[verb, target] += 1
        left = random.Random(f"{self._seed} {verb} {target} {times}").random()  # noqa: S311 - a plan, no secret
        for kind, rate in self._rates.items():
            left -= rate
            if left < 0:
                return kind if verb == "GET" or kind not in OF_BODIES else None
        return None
