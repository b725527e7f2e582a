"""What a sync remembers in the destination, between one run and the next.

`.pixmill/state.json` names every rendition that may have objects there, also those that the recipe has
dropped since. It is written before the first object of a new name, so whatever dies later, its leftovers are
found. `.pixmill/verified` holds the digests that need no second look; it is a cache, and losing it costs
one reading of the manifests.
"""

from typing import Self

import msgspec

from pixmill.storage import ANY, DRAWER, STATE, Store

VERIFIED = f"{DRAWER}/verified"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What `.pixmill/state.json` holds.

    Attributes:
        schema: the version of this shape.
        renditions: every rendition name that may have objects in this destination.
    """

    schema: int = 1
    renditions: tuple[str, ...] = ()

    @classmethod
    def load(cls, destination: Store) -> Self | None:
        """The state; None if no sync has ever written here, or nothing that can be read."""
        found = destination.get(STATE)
        if found is None:
            return None
        try:
            return msgspec.json.decode(found[1], type=cls)
        except msgspec.DecodeError:
            return None

    def save(self, destination: Store) -> None:
        """Write it."""
        destination.put(STATE, msgspec.json.encode(self), media_type="application/json", expect=ANY)


def load_verified(destination: Store) -> bytes:
    """The digests, one behind the other."""
    found = destination.get(VERIFIED)
    return found[1] if found else b""


def save_verified(destination: Store, digests: bytes) -> None:
    """Write the digests, one behind the other."""
    destination.put(VERIFIED, digests, media_type="application/octet-stream", expect=ANY)
