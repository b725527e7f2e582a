"""The manifest: the JSON record of one original, written last, and the truth.

It says what the original was, what was made, and why anything was not. Its shape is published as
`schema/manifest.schema.json`, and tests/unit/test_manifest.py holds that and this file to the same documents.
"""

from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

SCHEMA_VERSION = 1

_Text = Annotated[str, Meta(min_length=1)]
_Word = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]
_Count = Annotated[int, Meta(ge=1)]
_Size = Annotated[int, Meta(ge=0)]


class Unreadable(ValueError):  # noqa: N818 - a state of the file, not a fault of the caller
    """These bytes are no manifest of this version: something is there, and nothing is known of it."""


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
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

    key: _Text
    etag: _Text
    bytes: _Size
    version: _Text | None = None
    format: _Word | None = None
    width: _Count | None = None
    height: _Count | None = None
    orientation: Annotated[int, Meta(ge=1, le=8)] | None = None
    frames: _Count | None = None
    colour_space: _Word | None = None
    bits: _Count | None = None
    has_alpha: bool | None = None
    metadata: tuple[_Word, ...] | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One rendition in one format: what was made, or why it was not.

    Key, etag, media type, width, height and bytes are there all or none; if none, then there is a reason.

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
            part of the picture), "metadata-not-kept", "profile-unusable".
        reason: why it was not made: "larger-than-original".
    """

    rendition: _Text
    format: _Word
    fingerprint: _Text
    key: _Text | None = None
    etag: _Text | None = None
    media_type: Annotated[str, Meta(pattern="^[a-z]+/[a-z0-9.+-]+$")] | None = None
    width: _Count | None = None
    height: _Count | None = None
    bytes: _Size | None = None
    frames: _Count | None = None
    notes: tuple[_Word, ...] = ()
    reason: _Word | None = None


class Placeholder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to show until a rendition has loaded.

    Attributes:
        thumbhash: a ThumbHash, base64 with padding; carries size ratio, colour and transparency.
        colour: the dominant colour as "#rrggbb".
    """

    thumbhash: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]+={0,2}$")]
    colour: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an original was rejected: a code of `pixmill explain`, a sentence, a hint."""

    code: _Word
    message: str
    hint: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
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

    schema: int = msgspec.field(default_factory=lambda: SCHEMA_VERSION)  # a plain default would be left out
    status: Literal["complete", "rejected"]
    source: Source
    recipe: _Text
    renditions: tuple[Entry, ...] = ()
    placeholder: Placeholder | None = None
    reason: Reason | None = None
    engine: dict[str, str]
    timings_ms: dict[str, Annotated[float, Meta(ge=0)]]

    def to_json(self) -> bytes:
        """The manifest as indented UTF-8 JSON. Equal manifests give equal bytes.

        Raises:
            ValueError: it says what no manifest may say, so nobody could read it.
        """
        data = msgspec.json.encode(self, order="deterministic")
        self.from_json(data)
        return msgspec.json.format(data, indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read a manifest, strictly: a field unknown to this version makes it unreadable.

        Raises:
            Unreadable: to be treated like a manifest that is missing, except that something is there to be
                replaced. It says what was expected and where.
        """
        try:
            version = msgspec.json.decode(data, type=_Stamp).schema
            if version != SCHEMA_VERSION:
                raise Unreadable(f"Expected a manifest of schema version {SCHEMA_VERSION}, got {version}")
            manifest = msgspec.json.decode(data, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable(str(error)) from error
        problem = _contradiction(manifest)
        if problem:
            raise Unreadable(problem)
        return manifest


class _Stamp(msgspec.Struct):
    schema: int


def _contradiction(manifest: Manifest) -> str | None:
    """What the types cannot say."""
    if manifest.status == "rejected" and (
        manifest.reason is None or manifest.renditions or manifest.placeholder
    ):
        return "Expected a reason and nothing made of a rejected original"
    if manifest.status == "complete" and manifest.reason:
        return "Expected no reason to reject a complete original"
    for number, entry in enumerate(manifest.renditions):
        made = (entry.key, entry.etag, entry.media_type, entry.width, entry.height, entry.bytes)
        missing = made.count(None)
        if missing not in {0, len(made)} or (missing == 0) == (entry.reason is not None):
            return f"Expected either all of what was made or a reason - at `$.renditions[{number}]`"
    return None
