"""Original key <-> rendition key and manifest key.

`cats/cat.png` has its renditions at `standard/cats/cat.png.jpg` and its manifest at
`manifests/cats/cat.png.json`: `{folder}/{stem}.{extension}`, where the stem is the original's key, relative to its
source, shortened only where a store could not hold the longer name. Two originals never share a
rendition: the extension is always the last one, and the stem is what stands before it.
"""

import hashlib

MANIFESTS = "manifests"

_SEGMENT = 255 - 12  # bytes of a name on common file systems, less the longest extension and a margin
_WHOLE = 1024 - 96  # bytes of an S3 key, less the longest rendition name, slashes and extension


def stem(key: str) -> str:
    """The original's key as it appears in its renditions' keys.

    It is the key itself unless one of its segments, or the whole, is too long to carry an extension in
    every store; then the overlong part keeps its beginning and ends in `~` and 16 hex digits of its hash.

    >>> stem("cats/cat.png")
    'cats/cat.png'
    >>> stem("x" * 250 + ".png") == "x" * 226 + "~" + stem("x" * 250 + ".png")[-16:]
    True
    """
    short = "/".join(_shorten(segment, _SEGMENT) for segment in key.split("/"))
    return _shorten(short, _WHOLE)


def rendition_key(rendition: str, key: str, extension: str) -> str:
    """Where a rendition of an original goes.

    >>> rendition_key("thumbnail", "cats/cat.png", "webp")
    'thumbnail/cats/cat.png.webp'
    """
    return f"{rendition}/{stem(key)}.{extension}"


def manifest_key(key: str) -> str:
    """Where the manifest of an original goes.

    >>> manifest_key("cats/cat.png")
    'manifests/cats/cat.png.json'
    """
    return f"{MANIFESTS}/{stem(key)}.json"


def split(key: str) -> tuple[str, str, str] | None:
    """A destination key taken apart: (rendition or "manifests", stem, extension); None if it has no such shape.

    >>> split("thumbnail/cats/cat.png.webp")
    ('thumbnail', 'cats/cat.png', 'webp')
    >>> split("readme.txt") is None
    True
    """
    folder, slash, rest = key.partition("/")
    body, dot, extension = rest.rpartition(".")
    if not (folder and slash and body and dot and extension) or "/" in extension:
        return None
    return folder, body, extension


def _shorten(text: str, limit: int) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    if len(raw) <= limit:
        return text
    digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
    return raw[: limit - 17].decode("utf-8", "ignore") + "~" + digest
