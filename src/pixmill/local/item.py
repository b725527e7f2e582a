"""What is known of one original, as the page is told."""

import time
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source
from pixmill.storage import Meta
from pixmill.syncing.work import Failure

Status = Literal["complete", "rejected", "working", "waiting", "failed"]

VISIBLE = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
"""Media types that browsers display."""

_THUMBNAIL = 320  # pixels of its longer side that make a picture fit to be looked at in a gallery
_SAME_SHAPE = 0.02  # of the ratio of its sides: rounding to whole pixels, and no crop


class Thumbnail(msgspec.Struct, frozen=True):
    """A rendition to show in a gallery: where it is, and its size in pixels."""

    url: str
    width: int
    height: int


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
        thumbnail: the smallest rendition of the whole picture that is fit for a gallery.
        renditions: how many files were made of it.
        bytes_out: their size.
        reason: why it was rejected or could not be done.
        changed: when this content of it was first heard of, or was recorded before that.
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
    thumbnail: Thumbnail | None = None
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
    changed = before.changed if before.etag == meta.etag else time.time()
    return msgspec.structs.replace(
        before, etag=meta.etag, status="waiting", bytes=meta.size, reason=None, changed=changed
    )


def working(before: Item) -> Item:
    """An original that a worker has."""
    return msgspec.structs.replace(before, status="working", reason=None)


def failed(before: Item, failure: Failure) -> Item:
    """An original that could not be done this time."""
    reason = Reason(code=failure.code, message=failure.message, hint=failure.hint)
    return msgspec.structs.replace(before, status="failed", reason=reason)


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
        thumbnail=_thumbnail(source, list(made.values())),
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


def _thumbnail(source: Source, entries: list[Entry]) -> Thumbnail | None:
    """The smallest that is large enough, of those that show the whole picture, or of all if none does."""
    seen = [entry for entry in entries if entry.media_type in VISIBLE]
    whole = [entry for entry in seen if _is_whole(entry, source)] or seen
    fit = [entry for entry in whole if _side(entry) >= _THUMBNAIL]
    if fit:
        chosen = min(fit, key=lambda entry: (_side(entry), entry.bytes or 0))
    elif whole:
        chosen = max(whole, key=_side)
    else:
        return None
    url = rendition_url(chosen)
    return Thumbnail(url, chosen.width or 1, chosen.height or 1) if url else None


def _is_whole(entry: Entry, source: Source) -> bool:
    ratio = (source.width or 1) / (source.height or 1)
    return abs((entry.width or 1) / (entry.height or 1) / ratio - 1) <= _SAME_SHAPE


def _side(entry: Entry) -> int:
    return max(entry.width or 0, entry.height or 0)
