"""What a manifest says: put together from what was found and made, and judged when it is read again."""

from base64 import b64encode
from collections.abc import Iterable, Mapping

import msgspec

from pixmill import engine
from pixmill.errors import Rejected
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source
from pixmill.recipe import Limits, Recipe
from pixmill.storage import Meta
from pixmill.version import __version__

Part = tuple[str, str]
"""One rendition in one format, as declared: what an entry of a manifest is about."""

# Rejections that no recipe can lift; only another engine may judge otherwise.
_FINAL = frozenset(("empty", "not-an-image", "unsupported-format"))


def parts(recipe: Recipe) -> dict[Part, str]:
    """Every part of a recipe, in its order, with its fingerprint."""
    return {
        (rendition.name, declared): rendition.fingerprint(declared)
        for rendition in recipe.renditions
        for declared in rendition.formats
    }


def kept(
    known: Manifest | None, original: Meta, recipe: Recipe, present: Mapping[str, str]
) -> dict[Part, Entry]:
    """The entries that are still right: same original, same part of the recipe, object in place."""
    if known is None or known.status != "complete" or known.source.etag != original.etag:
        return {}
    if not _still_admitted(known.source, recipe.limits):
        return {}
    wanted = parts(recipe)
    return {
        (entry.rendition, entry.format): entry
        for entry in known.renditions
        if wanted.get((entry.rendition, entry.format)) == entry.fingerprint
        and (entry.key is None or present.get(entry.key) == entry.etag)
        and not ("truncated" in entry.notes and recipe.on_truncated == "reject")
    }


def stands(known: Manifest, original: Meta, recipe: Recipe) -> bool:
    """Whether a manifest's verdict, apart from its objects, is what this recipe gives for this original."""
    if known.source.etag != original.etag:
        return False
    if known.reason is not None and known.reason.code == "too-large-for-function":
        return False  # The function may have more memory now, of which the recipe says nothing.
    if known.recipe == recipe.fingerprint:
        return True
    return known.reason is not None and known.reason.code in _FINAL and known.engine == made_by()


def complete(
    original: Meta, rendered: engine.Rendered, recipe: Recipe, entries: Mapping[Part, Entry]
) -> Manifest:
    """The manifest of an original that was rendered."""
    return Manifest(
        status="complete",
        source=_source(original, rendered.probe),
        recipe=recipe.fingerprint,
        renditions=_in_order(recipe, entries),
        placeholder=Placeholder(thumbhash=b64encode(rendered.thumbhash).decode(), colour=rendered.colour),
        engine=made_by(),
        timings_ms=rendered.timings_ms,
    )


def relabelled(known: Manifest, recipe: Recipe, entries: Mapping[Part, Entry]) -> Manifest:
    """The manifest of an original that a changed recipe does not touch, or only by what it drops."""
    return Manifest(
        status="complete",
        source=known.source,
        recipe=recipe.fingerprint,
        renditions=_in_order(recipe, entries),
        placeholder=known.placeholder,
        engine=known.engine,
        timings_ms=known.timings_ms,
    )


def rejected(original: Meta, rejection: Rejected, recipe: Recipe) -> Manifest:
    """The manifest of an original that is at fault."""
    return Manifest(
        status="rejected",
        source=Source(key=original.key, etag=original.etag, version=original.version, bytes=original.size),
        recipe=recipe.fingerprint,
        reason=Reason(code=rejection.code, message=rejection.message, hint=rejection.hint),
        engine=made_by(),
        timings_ms={},
    )


def entry(output: engine.Output, fingerprint: str, placed: tuple[str, str] | None) -> Entry:
    """The entry of an output: with the key and etag of where it was placed, or with why it was not."""
    bare = Entry(
        rendition=output.rendition, format=output.declared, fingerprint=fingerprint, reason=output.reason
    )
    if output.format is None or placed is None:
        return bare
    return msgspec.structs.replace(
        bare,
        key=placed[0],
        etag=placed[1],
        media_type=output.format.media_type,
        width=output.width,
        height=output.height,
        bytes=len(output.data),
        frames=output.frames,
        notes=output.notes,
    )


def objects(manifest: Manifest | None) -> dict[str, str]:
    """Key and etag of every rendition that a manifest names."""
    entries: Iterable[Entry] = manifest.renditions if manifest else ()
    return {each.key: each.etag for each in entries if each.key and each.etag}


def made_by() -> dict[str, str]:
    """The versions of what decides a result."""
    return {"pixmill": __version__, **engine.versions()}


def _still_admitted(source: Source, limits: Limits) -> bool:
    """Whether limits that have changed since still admit an original, as far as its manifest knows it."""
    width, height, frames = source.width or 0, source.height or 0, source.frames or 1
    return (
        source.bytes <= limits.max_bytes
        and max(width, height) <= limits.max_side
        and frames <= limits.max_frames
        and width * height * frames <= limits.max_megapixels * 1e6
    )


def _source(original: Meta, found: engine.Probe) -> Source:
    return Source(
        key=original.key,
        etag=original.etag,
        version=original.version,
        bytes=original.size,
        format=found.format.name,
        width=found.size.width,
        height=found.size.height,
        orientation=found.orientation,
        frames=found.frames,
        colour_space=found.colour_space,
        bits=found.bits,
        has_alpha=found.has_alpha,
        metadata=found.metadata,
    )


def _in_order(recipe: Recipe, entries: Mapping[Part, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[part] for part in parts(recipe))
