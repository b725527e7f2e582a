"""A `<picture>` element for an original: every rendition of one shape, the best format first."""

from html import escape
from itertools import groupby
from urllib.parse import quote

from pixmill.local.item import VISIBLE
from pixmill.manifest import Entry, Manifest

_BEST_FIRST = ("image/avif", "image/webp", "image/png", "image/gif", "image/jpeg")
_PLAIN = frozenset(("image/jpeg", "image/png", "image/gif"))
_SAME = 0.02  # by which ratios of width to height may differ


def picture(manifest: Manifest) -> str:
    """The element, ready to be pasted; its addresses are keys of the destination, from the site's root.

    Empty if no rendition is one that browsers display.
    """
    shown = [entry for entry in manifest.renditions if entry.media_type in VISIBLE and entry.key]
    if not shown:
        return ""
    # A shape that some rendition has in a format that every browser knows, if there is one.
    largest = max([entry for entry in shown if entry.media_type in _PLAIN] or shown, key=_area)
    alike = sorted((entry for entry in shown if _is_alike(entry, largest)), key=_order)
    by_type = {
        kind: _unique(list(group)) for kind, group in groupby(alike, key=lambda each: each.media_type or "")
    }
    plain = next((kind for kind in reversed(_BEST_FIRST) if kind in by_type and kind in _PLAIN), None)
    fallback = by_type.pop(plain) if plain else by_type[largest.media_type or ""]
    sizes = f"(min-width: {largest.width}px) {largest.width}px, 100vw"
    lines = ["<picture>"]
    lines += [
        f'  <source type="{kind}" srcset="{_srcset(entries)}" sizes="{sizes}">'
        for kind, entries in by_type.items()
    ]
    biggest = fallback[-1]
    colour = manifest.placeholder.colour if manifest.placeholder else None
    style = f' style="background: {colour}"' if colour else ""
    lines.append(
        f'  <img src="{_url(biggest)}" srcset="{_srcset(fallback)}" sizes="{sizes}" '
        f'width="{biggest.width}" height="{biggest.height}" alt="" loading="lazy" decoding="async"{style}>'
    )
    return "\n".join([*lines, "</picture>"])


def _area(entry: Entry) -> int:
    return (entry.width or 0) * (entry.height or 0)


def _is_alike(one: Entry, other: Entry) -> bool:
    ratio = (one.width or 1) * (other.height or 1) / ((one.height or 1) * (other.width or 1))
    return abs(ratio - 1) < _SAME


def _order(entry: Entry) -> tuple[int, int, int]:
    return _BEST_FIRST.index(entry.media_type or ""), entry.width or 0, entry.bytes or 0


def _unique(entries: list[Entry]) -> list[Entry]:
    """One for each width, the smallest file."""
    found: dict[int, Entry] = {}
    for entry in entries:
        found.setdefault(entry.width or 0, entry)
    return list(found.values())


def _srcset(entries: list[Entry]) -> str:
    return ", ".join(f"{_url(entry)} {entry.width}w" for entry in entries)


def _url(entry: Entry) -> str:
    return escape("/" + quote(entry.key or ""))
