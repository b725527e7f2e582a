"""One original with all that is known of it, for the page's detail view."""

from typing import Any

from pixmill.local.answers import not_found
from pixmill.local.item import original_url, rendition_url
from pixmill.local.lightbox import Lightbox
from pixmill.local.records import manifest_of
from pixmill.local.snippet import picture
from pixmill.manifest import Entry


def detail(box: Lightbox, key: str) -> dict[str, Any]:
    """What the detail view shows.

    Raises:
        Refused: "not-found".
    """
    item = box.library.item(key)
    if item is None:
        raise not_found(f"There is no original {key}.")
    manifest = manifest_of(key, box.destination)
    return {
        **item.plain(),
        "manifest": manifest,
        "original_url": original_url(key),
        "outputs": [_output(entry) for entry in manifest.renditions] if manifest else [],
        "timings_ms": manifest.timings_ms if manifest else {},
        "metadata": manifest.source.metadata or () if manifest else (),
        "snippet": picture(manifest) if manifest else "",
    }


def _output(entry: Entry) -> dict[str, Any]:
    return {
        "rendition": entry.rendition,
        "format": entry.format,
        "key": entry.key,
        "url": rendition_url(entry),
        "width": entry.width,
        "height": entry.height,
        "bytes": entry.bytes,
        "media_type": entry.media_type,
        "frames": entry.frames,
        "notes": entry.notes,
        "reason": entry.reason,
    }
