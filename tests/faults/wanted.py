"""f(source, recipe), written down anew, and how a destination differs from it.

What is to be there of one original is said by the engine alone. This shares no code with `pixmill.reconcile`.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import md5
from typing import NamedTuple

import msgspec

from pixmill import engine
from pixmill.errors import Rejected
from pixmill.keys import manifest_key
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source, Unreadable
from pixmill.recipe import Recipe
from pixmill.version import __version__


class Wanted(NamedTuple):
    """What there has to be of one original: its renditions, and its manifest, which tells no times."""

    objects: dict[str, bytes]
    manifest: Manifest


class Verdict(NamedTuple):
    """How a destination differs from what it should be.

    Attributes:
        lost: keys of originals that have no manifest.
        wrong: a sentence for each other difference.
    """

    lost: list[str]
    wrong: list[str]


def wanted(key: str, data: bytes, recipe: Recipe) -> Wanted:
    """What an undisturbed run makes of one original."""
    source = Source(key=key, etag=etag(data), bytes=len(data))
    made_by = {"pixmill": __version__, **engine.versions()}
    try:
        rendered = engine.render(data, recipe)
    except Rejected as rejection:
        reason = Reason(code=rejection.code, message=rejection.message, hint=rejection.hint)
        refusal = Manifest(
            status="rejected",
            source=source,
            recipe=recipe.fingerprint,
            reason=reason,
            engine=made_by,
            timings_ms={},
        )
        return Wanted({}, refusal)
    objects = {
        f"{each.rendition}/{key}.{each.format.extension}": each.data
        for each in rendered.outputs
        if each.format
    }
    fingerprints = {
        (each.name, declared): each.fingerprint(declared)
        for each in recipe.renditions
        for declared in each.formats
    }
    found = rendered.probe
    manifest = Manifest(
        status="complete",
        source=msgspec.structs.replace(
            source,
            format=found.format.name,
            width=found.size.width,
            height=found.size.height,
            orientation=found.orientation,
            frames=found.frames,
            colour_space=found.colour_space,
            bits=found.bits,
            has_alpha=found.has_alpha,
            metadata=found.metadata,
        ),
        recipe=recipe.fingerprint,
        renditions=tuple(
            _entry(key, each, fingerprints[each.rendition, each.declared]) for each in rendered.outputs
        ),
        placeholder=Placeholder(thumbhash=b64encode(rendered.thumbhash).decode(), colour=rendered.colour),
        engine=made_by,
        timings_ms={},
    )
    return Wanted(objects, manifest)


def compare(source: Mapping[str, bytes], stored: Mapping[str, bytes], recipe: Recipe) -> Verdict:
    """How a destination differs from f(source, recipe): originals by key, objects by key."""
    lost: list[str] = []
    wrong: list[str] = []
    named: set[str] = set()
    for key, data in source.items():
        expected = wanted(key, data, recipe)
        place = manifest_key(key)
        named |= {place, *expected.objects}
        if place in stored:
            wrong += _differences(key, expected.manifest, stored[place])
        else:
            lost.append(key)
        for name, made in expected.objects.items():
            if stored.get(name) != made:
                state = "another one" if name in stored else "missing"
                wrong.append(f"{name!r}, a rendition of {key!r}, is {state}")
    wrong += [f"{name!r} is there and nothing asks for it" for name in stored.keys() - named]
    return Verdict(sorted(lost), sorted(wrong))


def etag(data: bytes) -> str:
    """What S3 calls an object that was written in one part."""
    return md5(data, usedforsecurity=False).hexdigest()


def _entry(key: str, output: engine.Output, fingerprint: str) -> Entry:
    bare = Entry(
        rendition=output.rendition, format=output.declared, fingerprint=fingerprint, reason=output.reason
    )
    if output.format is None:
        return bare
    return msgspec.structs.replace(
        bare,
        key=f"{output.rendition}/{key}.{output.format.extension}",
        etag=etag(output.data),
        media_type=output.format.media_type,
        width=output.width,
        height=output.height,
        bytes=len(output.data),
        frames=output.frames,
        notes=output.notes,
    )


def _differences(key: str, expected: Manifest, data: bytes) -> list[str]:
    """Of a manifest. Times differ by nature, and a version by the bucket."""
    try:
        found = Manifest.from_json(data)
    except Unreadable as error:
        return [f"the manifest of {key!r} cannot be read: {error}"]
    source = msgspec.structs.replace(found.source, version=None)
    found = msgspec.structs.replace(found, source=source, timings_ms={})
    return [
        f"the manifest of {key!r} has another {name}"
        for name in Manifest.__struct_fields__
        if getattr(found, name) != getattr(expected, name)
    ]
