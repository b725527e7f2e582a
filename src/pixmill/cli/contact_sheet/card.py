"""One original on the contact sheet, as HTML."""

import os
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from pixmill.cli import words
from pixmill.cli.contact_sheet.placeholder import data_url
from pixmill.cli.terminal import shown
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source
from pixmill.storage import Meta, Store
from pixmill.storage.folder import FolderStore
from pixmill.storage.names import path_of

_VISIBLE = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
"""What browsers display; the rest is only linked."""

_NAMES = {"webp": "WebP", "original": "original"}
_COLOURS = {"srgb": "sRGB", "rgb": "RGB with a profile of its own", "cmyk": "CMYK", "grey": "grey"}
_NOTES = {
    "first-frame": "first frame only",
    "format-substituted": "instead of the original's format",
    "truncated": "made from a truncated file",
    "metadata-not-kept": "metadata could not be kept",
    "profile-unusable": "colour profile unusable",
}
_REASONS = {"larger-than-original": "It would be larger than the original."}


class Shelf:
    """Where the files are, seen from the page.

    Args:
        page: the page's own file.
        source: where originals are.
        destination: where renditions are.
    """

    def __init__(self, page: Path, source: Store, destination: Store) -> None:
        self._folder = os.path.realpath(os.fsencode(page.parent))
        self._source = source
        self._destination = destination

    def original(self, key: str) -> str | None:
        """The relative URL of an original; None if it is not in a folder."""
        return self._url(self._source, key) if isinstance(self._source, FolderStore) else None

    def rendition(self, key: str) -> str:
        """The relative URL of a rendition."""
        return self._url(self._destination, key)

    def _url(self, store: Store, key: str) -> str:
        path = os.path.join(os.fsencode(store.location or ""), path_of(key))  # noqa: PTH118 - bytes
        return quote(os.path.relpath(path, self._folder).replace(os.fsencode(os.sep), b"/"))


def card(original: Meta, manifest: Manifest | None, shelf: Shelf) -> str:
    """One original with whatever its manifest says; None if it was not synced yet."""
    if manifest is None:
        state, results = (
            "waiting",
            _notice("Not synced yet", "The next <code>pixmill sync</code> makes these."),
        )
    elif manifest.reason:
        state, results = "rejected", _rejection(manifest.reason)
    else:
        state, results = "complete", "".join(_renditions(manifest, shelf))
        if manifest.source.etag != original.etag:
            again = _notice("Changed since", "The next <code>pixmill sync</code> makes these anew.")
            results = again + results
    name = _text(original.key.lower())
    placeholder = manifest.placeholder if manifest else None
    picture = f' style="--placeholder:url({data_url(placeholder.thumbhash)})"' if placeholder else ""
    return (
        f'<article class="card {state}" data-state="{state}" data-name="{name}"{picture}>\n'
        f"<div class=about>\n{''.join(_about(original, manifest, shelf))}</div>\n"
        f"<div class=results>\n{results}</div>\n"
        "</article>\n"
    )


def name_of(word: str) -> str:
    """A format as people write it."""
    return _NAMES.get(word, word.upper())


def _about(original: Meta, manifest: Manifest | None, shelf: Shelf) -> Iterator[str]:
    yield f"<h2><bdi>{_text(original.key)}</bdi></h2>\n"
    source = (
        manifest.source if manifest else Source(key=original.key, etag=original.etag, bytes=original.size)
    )
    if manifest and manifest.placeholder:
        yield _placeholder(manifest.placeholder, source)
    facts = "".join(f"<dt>{label}</dt><dd>{_text(text)}</dd>" for label, text in _facts(source).items())
    yield f"<dl>{facts}</dl>\n"
    yield _badges(_remarks(source))
    if url := shelf.original(original.key):
        yield f'<p class=open><a href="{url}">Open the original</a></p>\n'


def _placeholder(placeholder: Placeholder, source: Source) -> str:
    colour = _text(placeholder.colour)
    return (
        f'<div class=placeholder><div style="--w:{source.width};--h:{source.height}"></div>'
        f'<p><i style="background:{colour}"></i>placeholder, {colour}</p></div>\n'
    )


def _facts(source: Source) -> dict[str, str]:
    size = {"Bytes": words.size(source.bytes)}
    if source.format is None:
        return size
    return {
        "Format": name_of(source.format),
        "Size": words.pixels(source.width, source.height),
        **size,
        "Colour": f"{_COLOURS.get(source.colour_space or '', '')}, {source.bits} bits",
        "Metadata": ", ".join(map(str.upper, source.metadata or ())) or "none",
    }


def _remarks(source: Source) -> Iterator[str]:
    if (source.orientation or 1) > 1:
        yield "turned upright"
    if (source.frames or 1) > 1:
        yield f"{source.frames} frames"
    if source.colour_space == "cmyk":
        yield f"CMYK {words.ARROW} sRGB"
    if source.colour_space == "rgb":
        yield "colour profile"
    if source.has_alpha:
        yield "transparency"
    if "gps" in (source.metadata or ()):
        yield "GPS position removed"


def _badges(remarks: Iterator[str]) -> str:
    items = "".join(f"<li>{_text(remark)}</li>" for remark in remarks)
    return f"<ul class=badges>{items}</ul>\n" if items else ""


def _notice(title: str, sentence: str) -> str:
    return f"<p class=verdict><b>{title}</b></p>\n<p>{sentence}</p>\n"


def _rejection(reason: Reason) -> str:
    return (
        f"<p class=verdict><b>Rejected</b> <code>{_text(reason.code)}</code></p>\n"
        f"<p>{_text(reason.message)}</p>\n"
        f"<p class=hint><b>What to do:</b> {_text(reason.hint)}</p>\n"
    )


def _renditions(manifest: Manifest, shelf: Shelf) -> Iterator[str]:
    for rendition, entries in groupby(manifest.renditions, lambda entry: entry.rendition):
        figures = "".join(_figure(entry, manifest.source, shelf) for entry in entries)
        yield f"<section><h3>{_text(rendition)}</h3><div class=formats>\n{figures}</div></section>\n"


def _figure(entry: Entry, source: Source, shelf: Shelf) -> str:
    if entry.key is None or entry.bytes is None:
        reason = _text(_REASONS.get(entry.reason or "", entry.reason or ""))
        caption = f"<b>{name_of(entry.format)}</b> <span>Not made. {reason}</span>"
        return f"<figure class=none><figcaption>{caption}</figcaption></figure>\n"
    url = shelf.rendition(entry.key)
    return (
        f'<figure style="--w:{entry.width};--h:{entry.height}">'
        f'<a href="{url}">{_picture(entry, source, url)}</a>'
        f"<figcaption>{_caption(entry, entry.bytes, source)}</figcaption></figure>\n"
    )


def _picture(entry: Entry, source: Source, url: str) -> str:
    if entry.media_type not in _VISIBLE:
        return "<span class=unseen>Browsers do not display this format. Open the file.</span>"
    said = _text(f"{source.key} as {entry.rendition}, {_format(entry)}")
    clear = " class=clear" if source.has_alpha and entry.media_type != "image/jpeg" else ""
    return (
        f'<img src="{url}" alt="{said}" width="{entry.width}" height="{entry.height}" loading="lazy"{clear}>'
    )


def _caption(entry: Entry, size: int, source: Source) -> str:
    pixels = words.pixels(entry.width, entry.height)
    frames = f", {entry.frames} frames" if (entry.frames or 1) > 1 else ""
    share = min(100, round(100 * size / max(1, source.bytes)))
    return (
        f"<b>{_format(entry)}</b> <span>{pixels}{frames}</span> <span>{words.size(size)}</span> "
        f"<span class=saving>{words.saving(source.bytes, size)}</span>"
        f'<i class=meter style="--share:{share}%"></i>'
        f"{_badges(_NOTES.get(note, note) for note in entry.notes)}"
    )


def _format(entry: Entry) -> str:
    actual = name_of((entry.media_type or "").removeprefix("image/"))
    return f"original: {actual}" if entry.format == "original" else actual


def _text(text: str) -> str:
    return escape(shown(text))
