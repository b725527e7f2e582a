"""What is known of one original, as the page is told."""

import time
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from pixmill.manifest import Entry, Manifest, Placeholder, Reason
from pixmill.storage import Meta
from pixmill.syncing.work import Failure

Status = Literal["complete", "rejected", "working", "waiting", "failed"]

VISIBLE = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
"""Media types that browsers display."""

_THUMBNAIL = 150  # pixels of its longer side that make a picture fit to be looked at in a gallery


class Item(msgspec.Struct, kw_only=True, frozen=True):
    """One original. Width and height are as displayed, after orientation; times are seconds since 1970.

    Attributes:
        key: its key in the source.
        etag: its entity tag in the source.
        status: where it stands.
        bytes: its size.
        format: of its content; None until it is known, as are the next three.
        width: in pixels.
        height: in pixels.
        frames: 1, or the number of frames of an animation.
        placeholder: what to show until a rendition has loaded.
        thumbnail: the URL of the smallest rendition that is fit for a gallery.
        renditions: how many files were made of it.
        bytes_out: their size.
        reason: why it was rejected or could not be done.
        changed: when it came to where it stands.
    """

    key: str
    etag: str
    status: Status
    bytes: int
    format: str | None = None
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    placeholder: Placeholder | None = None
    thumbnail: str | None = None
    renditions: int = 0
    bytes_out: int = 0
    reason: Reason | None = None
    changed: float = 0.0

    def plain(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return msgspec.to_builtins(self)


def waiting(meta: Meta, before: Item | None = None) -> Item:
    """An original that is to be worked on; what was known of it is shown meanwhile."""
    if before is None:
        return Item(key=meta.key, etag=meta.etag, status="waiting", bytes=meta.size, changed=time.time())
    return msgspec.structs.replace(
        before, etag=meta.etag, status="waiting", bytes=meta.size, reason=None, changed=time.time()
    )


def working(before: Item) -> Item:
    """An original that a worker has."""
    return msgspec.structs.replace(before, status="working", reason=None, changed=time.time())


def failed(before: Item, failure: Failure) -> Item:
    """An original that could not be done this time."""
    reason = Reason(code=failure.code, message=failure.message, hint=failure.hint)
    return msgspec.structs.replace(before, status="failed", reason=reason, changed=time.time())


def recorded(manifest: Manifest, changed: float) -> Item:
    """An original as its manifest has it."""
    source = manifest.source
    made = {entry.key: entry for entry in manifest.renditions if entry.key}
    return Item(
        key=source.key,
        etag=source.etag,
        status=manifest.status,
        bytes=source.bytes,
        format=source.format,
        width=source.width,
        height=source.height,
        frames=source.frames,
        placeholder=manifest.placeholder,
        thumbnail=_thumbnail(list(made.values())),
        renditions=len(made),
        bytes_out=sum(entry.bytes or 0 for entry in made.values()),
        reason=manifest.reason,
        changed=changed,
    )


def original_url(key: str) -> str:
    """Where this server has an original's own bytes."""
    return f"/files/original/{quote(key, safe='')}"


def rendition_url(entry: Entry) -> str | None:
    """Where this server has a rendition; another URL as soon as it has other bytes."""
    if entry.key is None:
        return None
    return f"/files/rendition/{quote(entry.key, safe='')}?v={quote(entry.etag or '', safe='')}"


def _thumbnail(entries: list[Entry]) -> str | None:
    seen = [entry for entry in entries if entry.media_type in VISIBLE]
    fit = [entry for entry in seen if _side(entry) >= _THUMBNAIL]
    if fit:
        return rendition_url(min(fit, key=lambda entry: (_side(entry), entry.bytes or 0)))
    return rendition_url(max(seen, key=_side)) if seen else None


def _side(entry: Entry) -> int:
    return max(entry.width or 0, entry.height or 0)
