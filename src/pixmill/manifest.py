"""The manifest: the JSON record of one original, written last, and the truth.

It says what the original was, what was made, and why anything was not. Its shape is published as
`schema/manifest.schema.json`.
"""

from typing import Literal

import msgspec

SCHEMA_VERSION = 1


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The original, as it was seen.

    Everything below `bytes` is unknown, and left out, when the original was rejected before it was read.

    Attributes:
        key: its key in the source.
        etag: its entity tag in the source; opaque, changes with the content.
        version: its version in a versioned bucket.
        bytes: its size.
        format: the format that its content has, such as "jpeg" or "heic".
        width: upright width in pixels, after its orientation is applied.
        height: upright height in pixels.
        orientation: the EXIF orientation it carried, 1-8.
        frames: 1, or the number of frames of an animation.
        colour_space: "srgb", "rgb" (a wider profile), "cmyk" or "grey".
        bits: per channel.
        has_alpha: whether it has transparency.
        metadata: the kinds of metadata it carried, of "exif", "gps", "xmp", "iptc", "icc", "comment".
    """

    key: str
    etag: str
    bytes: int
    version: str | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    frames: int | None = None
    colour_space: str | None = None
    bits: int | None = None
    has_alpha: bool | None = None
    metadata: tuple[str, ...] | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rendition in one format: what was made, or why it was not.

    Attributes:
        rendition: its name in the recipe.
        format: as declared in the recipe; "original" stays "original".
        fingerprint: of the part of the recipe that decided these bytes.
        key: where it is in the destination; left out if it was not made.
        etag: its entity tag in the destination.
        media_type: for example "image/webp".
        width: in pixels.
        height: in pixels.
        bytes: its size.
        frames: 1, or the number of frames of an animation.
        notes: what a reader may not expect: "first-frame" (an animation became a still picture),
            "format-substituted" (no encoder for the original's own format), "truncated" (made from a
            part of the picture), "metadata-not-kept".
        reason: why it was not made: "larger-than-original".
    """

    rendition: str
    format: str
    fingerprint: str
    key: str | None = None
    etag: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    frames: int | None = None
    notes: tuple[str, ...] = ()
    reason: str | None = None


class Placeholder(msgspec.Struct, frozen=True, kw_only=True):
    """What to show until a rendition has loaded.

    Attributes:
        thumbhash: a ThumbHash, base64 with padding; carries size ratio, colour and transparency.
        colour: the dominant colour as "#rrggbb".
    """

    thumbhash: str
    colour: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why an original was rejected: a code of `pixmill explain`, a sentence, a hint."""

    code: str
    message: str
    hint: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one original.

    Attributes:
        schema: the version of this shape.
        status: "complete" or "rejected".
        source: the original, as it was seen.
        recipe: the fingerprint of the recipe that it was made with.
        renditions: one entry for each rendition and format of the recipe; none if rejected.
        placeholder: what to show meanwhile; none if rejected.
        reason: why it was rejected.
        engine: versions of what made it: "pixmill", "libvips".
        timings_ms: wall milliseconds by stage: "probe", "decode", "render", "encode", ...
    """

    schema: int = msgspec.field(default=SCHEMA_VERSION)
    status: Literal["complete", "rejected"]
    source: Source
    recipe: str
    renditions: tuple[Entry, ...] = ()
    placeholder: Placeholder | None = None
    reason: Reason | None = None
    engine: dict[str, str]
    timings_ms: dict[str, float]
