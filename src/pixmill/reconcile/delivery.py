"""What a call by a queue may rely on, so that it need not look after a first manifest.

Whoever writes a manifest where there was none has made way for nobody, so what it wrote can be undone by a
removal alone. Hence a removal comes again, unless nobody can be at work who has found no manifest.
"""

import msgspec


class Delivery(msgspec.Struct, frozen=True):
    """A call that a queue's message stands for, and that is made again if it asks to be, raises or dies.

    That is not before every call has ended which was under way at its end: the queue hides the message for
    longer than a call can last.

    Attributes:
        repeated: whether the message was here before.
        told: when the change happened that it tells of, in seconds since the epoch; the first of several.
        begun: whoever is at work now has begun after this time, in seconds since the epoch.
    """

    repeated: bool
    told: float
    begun: float

    def doubts(self, written: float | None) -> bool:
        """Whether a manifest may have come after the news, and so from somebody who does not know of it."""
        return written is None or written >= self.told

    def precedes_all(self, written: float | None) -> bool:
        """Whether a manifest was there before anybody began who is at work now, and before the news."""
        return written is not None and written < min(self.told, self.begun)
