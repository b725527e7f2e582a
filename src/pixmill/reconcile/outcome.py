"""What a call found and did."""

from typing import Literal

import msgspec

from pixmill.manifest import Entry, Manifest
from pixmill.reconcile import records

Action = Literal["current", "made", "rejected", "removed"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one call found and did.

    Attributes:
        key: the original's key.
        action: "current" (nothing was to be done), "made", "rejected" or "removed".
        manifest: the manifest that stands now; None if removed.
        manifest_etag: its entity tag; None if removed.
        made: the entries whose objects were written by this call.
        removed: how many objects were deleted by this call.
        again: whether the call is to be made again later, well as it went; only of one with a `Delivery`.
    """

    key: str
    action: Action
    manifest: Manifest | None = None
    manifest_etag: str | None = None
    made: tuple[Entry, ...] = ()
    removed: int = 0
    again: bool = False

    @property
    def objects(self) -> dict[str, str]:
        """Key and etag of every rendition that the manifest names."""
        return records.objects(self.manifest)
