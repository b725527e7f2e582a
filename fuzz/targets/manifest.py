"""Manifests: any bytes are a manifest that reads back as it was, or are unreadable."""

import json

from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.manifest import Entry, Manifest, Placeholder, Reason, Source, Unreadable

_SOURCE = Source(
    key="cats/cat.png",
    etag="5d41402abc4b2a76",
    bytes=1024,
    version="v1",
    format="png",
    width=800,
    height=600,
    orientation=6,
    frames=1,
    colour_space="srgb",
    bits=8,
    has_alpha=True,
    metadata=("exif", "icc"),
)
_MADE = Entry(
    rendition="thumbnail",
    format="webp",
    fingerprint="957c9a8fb9c782c3",
    key="thumbnail/cats/cat.png.webp",
    etag="7d793037a0760186",
    media_type="image/webp",
    width=150,
    height=112,
    bytes=3000,
    frames=1,
    notes=("first-frame",),
)
_SKIPPED = Entry(rendition="large", format="original", fingerprint="x", reason="larger-than-original")
_COMPLETE = Manifest(
    status="complete",
    source=_SOURCE,
    recipe="d69a3c88e7f4a30d",
    renditions=(_MADE, _SKIPPED),
    placeholder=Placeholder(thumbhash="1QcSHQRnh493V4dIh4eXh1h4kJUI", colour="#a0b1c2"),
    engine={"pixmill": "1.0", "libvips": "8.18.7"},
    timings_ms={"probe": 1.5, "decode": 20.25},
)
_REJECTED = Manifest(
    status="rejected",
    source=Source(key="x", etag="y", bytes=0),
    recipe="d69a3c88e7f4a30d",
    reason=Reason(code="empty", message="The file has no bytes.", hint="Upload it again."),
    engine={},
    timings_ms={},
)


def one(data: bytes) -> None:
    """A `Manifest`, or `Unreadable` with a sentence."""
    try:
        found = Manifest.from_json(data)
    except Unreadable as error:
        hold(str(error), "what cannot be read says why")
        return
    written = found.to_json()
    hold(Manifest.from_json(written) == found, "what is written reads back")
    hold(Manifest.from_json(written).to_json() == written, "equal manifests give equal bytes")
    hold(json.loads(written)["schema"] == 1, "a manifest says its version")
    hold((found.reason is None) == (found.status == "complete"), "a reason is for what was rejected")


def _seeds() -> list[Seed]:
    return [Seed(each.to_json(), TEXT) for each in (_COMPLETE, _REJECTED)]


_WORDS = """
"schema" "status" "source" "recipe" "renditions" "placeholder" "reason" "engine" "timings_ms" "key" "etag"
"bytes" "complete" "rejected" "notes" "width" null true -1 0 1.5 1e999 -0.0 18446744073709551616 1e308 NaN []
{} "" "\\ud800"
"""

TARGET = Target("manifest", one, _seeds, tuple(word.encode() for word in _WORDS.split()))
