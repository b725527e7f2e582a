"""Originals, recipes, an engine that is quick, and f(source, recipe) written down anew.

`wanted` shares no code with `pixmill.reconcile`: it is what the destination has to equal.
"""

from functools import cache
from typing import NamedTuple

from tests.simulation.bucket import Contents, etag

from pixmill.engine import FORMATS, Output, Probe, Rendered, versions
from pixmill.errors import Rejected
from pixmill.geometry import Size
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source
from pixmill.recipe import Recipe, Rendition
from pixmill.version import __version__

JPEG, JPEG_2, PNG, BAD, BAD_2 = b"jpeg 1", b"jpeg 2", b"png 1", b"bad 1", b"bad 2"
PICTURES = {etag(each): each for each in (JPEG, JPEG_2, PNG, BAD, BAD_2)}


def recipe(**formats: list[str]) -> Recipe:
    """A recipe of renditions, each with its formats."""
    return Recipe.from_dict(
        {
            "rendition": [
                {"name": name, "width": width, "formats": declared}
                for width, (name, declared) in enumerate(formats.items(), start=4)
            ]
        }
    )


SINGLE = recipe(small=["jpeg"])
PAIR = recipe(small=["jpeg", "webp"])
SHARED = recipe(small=["original", "jpeg"])
"""Of a JPEG, both entries name the same object; of a PNG, they do not."""
LARGE = recipe(small=["jpeg"], large=["original", "jpeg"])
RENAMED = recipe(tiny=["jpeg"])
WIDER = recipe(small=["jpeg"], large=["jpeg"])
RECIPES = {each.fingerprint: each for each in (SINGLE, PAIR, SHARED, LARGE, RENAMED, WIDER)}

_NOTHING = Placeholder(thumbhash="AA==", colour="#000000")


def render(data: bytes, recipe: Recipe, *, only: frozenset[tuple[str, str]]) -> Rendered:
    """Renditions that say what they were made from, so that a stale one is seen by its bytes."""
    if data.startswith(b"bad"):
        raise Rejected("corrupt")
    outputs = tuple(
        Output(
            rendition=rendition.name,
            declared=declared,
            format=FORMATS[_format(data, declared)],
            data=_bytes(data, rendition, declared),
            width=1,
            height=1,
            frames=1,
        )
        for rendition in recipe.renditions
        for declared in rendition.formats
        if (rendition.name, declared) in only
    )
    probe = Probe(format=FORMATS[_format(data, "original")], stored=Size(1, 1))
    return Rendered(probe=probe, outputs=outputs, thumbhash=b"\x00", colour="#000000", timings_ms={})


class Wanted(NamedTuple):
    """What there has to be of one original: its objects, and its manifest if it has one."""

    objects: Contents
    manifest: Manifest | None


@cache
def wanted(key: str, data: bytes | None, fingerprint: str) -> Wanted:
    """f(source, recipe) for one key: of an original, or of none."""
    if data is None:
        return Wanted({}, None)
    recipe = RECIPES[fingerprint]
    made_by = {"pixmill": __version__, **versions()}
    if data.startswith(b"bad"):
        reason = Reason(code="corrupt", message=Rejected("corrupt").message, hint=Rejected("corrupt").hint)
        source = Source(key=key, etag=etag(data), bytes=len(data))
        refusal = Manifest(
            status="rejected", source=source, recipe=fingerprint, reason=reason, engine=made_by, timings_ms={}
        )
        return Wanted({}, refusal)
    objects: Contents = {}
    entries: list[Entry] = []
    for rendition in recipe.renditions:
        for declared in rendition.formats:
            made = FORMATS[_format(data, declared)]
            place = f"{rendition.name}/{key}.{made.extension}"
            objects[place] = _bytes(data, rendition, declared)
            entries.append(
                Entry(
                    rendition=rendition.name,
                    format=declared,
                    fingerprint=rendition.fingerprint(declared),
                    key=place,
                    etag=etag(objects[place]),
                    media_type=made.media_type,
                    width=1,
                    height=1,
                    bytes=len(objects[place]),
                    frames=1,
                )
            )
    source = Source(
        key=key,
        etag=etag(data),
        bytes=len(data),
        format=_format(data, "original"),
        width=1,
        height=1,
        orientation=1,
        frames=1,
        colour_space="srgb",
        bits=8,
        has_alpha=False,
        metadata=(),
    )
    manifest = Manifest(
        status="complete",
        source=source,
        recipe=fingerprint,
        renditions=tuple(entries),
        placeholder=_NOTHING,
        engine=made_by,
        timings_ms={},
    )
    return Wanted(objects, manifest)


@cache
def keys_of(key: str, recipes: tuple[str, ...]) -> frozenset[str]:
    """Every key of a destination that an original may ever have an object at."""
    return frozenset(
        place for data in PICTURES.values() for each in recipes for place in wanted(key, data, each).objects
    )


def _format(data: bytes, declared: str) -> str:
    return data.split()[0].decode() if declared == "original" else declared


def _bytes(data: bytes, rendition: Rendition, declared: str) -> bytes:
    return b"%s as %s of %d" % (data, _format(data, declared).encode(), rendition.width or 0)
