"""How long a call to a bucket may take, with its tries, its waits and whatever stalls."""

from typing import NamedTuple


class Patience(NamedTuple):
    """The bounds of one call, in seconds.

    Attributes:
        begin: how long after the first try a further one may be begun.
        attempt: how long one try may take, from connecting to the last byte.
        silence: how long a try may wait for a byte. A body on its way up counts as silence.
        connect: how long it may take to reach the server.
        first_pause: how long to wait before the second try.
        pause: how long to wait at most; between the two, chance decides, and the range grows with each try.
        tries: how often at most.
    """

    begin: float = 30.0
    attempt: float = 300.0
    silence: float = 30.0
    connect: float = 5.0
    first_pause: float = 0.2
    pause: float = 5.0
    tries: int = 5

    @property
    def total(self) -> float:
        """After how long a call has ended at the latest."""
        return self.begin + self.pause + self.attempt


AT_A_DESK = Patience()
"""Nobody is waiting but a person, who can interrupt."""


def within(seconds: float) -> Patience:
    """The bounds of a call that has ended after some time, whatever the server does.

    A server that says nothing is left early enough for one more try.

    >>> within(10).total
    10.0
    """
    if seconds <= 0:
        raise ValueError(f"expected more than 0 seconds, got {seconds}")
    return Patience(
        begin=0.4 * seconds,
        attempt=0.5 * seconds,
        silence=min(AT_A_DESK.silence, 0.3 * seconds),
        connect=min(AT_A_DESK.connect, 0.2 * seconds),
        first_pause=min(AT_A_DESK.first_pause, 0.02 * seconds),
        pause=0.1 * seconds,
    )
