"""Storage calls that need not wait for one another."""

from collections.abc import Callable
from concurrent.futures import Executor, wait
from typing import Protocol, TypeVar

T = TypeVar("T")


class Together(Protocol):
    """Makes calls, in this order, in another one or at once, and gives their answers in this order.

    None of them is under way any more when it returns or raises. What one of them raises, it raises.
    """

    def __call__(self, *calls: Callable[[], T]) -> tuple[T, ...]:
        """All their answers."""
        ...


def in_turn(*calls: Callable[[], T]) -> tuple[T, ...]:
    """One after the other, for stores that answer at once. After one that raises, none is made."""
    return tuple(call() for call in calls)


class AtOnce:
    """All at once, on threads, for stores behind a network.

    Args:
        pool: of threads that nothing waits on but these calls; whoever calls makes one of them itself, so
            that it goes on, if slowly, when all threads are taken.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    def __call__(self, *calls: Callable[[], T]) -> tuple[T, ...]:
        """See `Together`."""
        if not calls:
            return ()
        others = [self._pool.submit(call) for call in calls[1:]]
        try:
            own = calls[0]()
        finally:
            wait(others)
        return (own, *(other.result() for other in others))
