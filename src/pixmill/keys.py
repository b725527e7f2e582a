"""Original key <-> rendition key and manifest key.

`cats/cat.png` has its renditions at `standard/cats/cat.png.jpg` and its manifest at
`manifests/cats/cat.png.json`: `{folder}/{stem}.{extension}`, where the stem is the original's key, relative
to its source, shortened only where a store could not hold the longer name. Two originals never share a
rendition: the extension is always the last one, and no two keys have the same stem.

A key is a non-empty Unicode string without lone surrogates, as S3 has them; the storage sees to that.
"""

import re

MANIFESTS = "manifests"

_SEGMENT = 255 - 12  # bytes of a name on common file systems, less the longest extension and a margin
_WHOLE = 1024 - 96  # bytes of an S3 key, less the longest rendition name, slashes and extension
_DIGITS = 32
_SHORTENED = re.compile(f"~[0-9a-f]{{{_DIGITS}}}\\Z")

_LITTER_FOLDERS = frozenset(
    (
        "#recycle",
        "$RECYCLE.BIN",
        ".AppleDouble",
        ".Spotlight-V100",
        ".TemporaryItems",
        ".Trashes",
        ".fseventsd",
        ".git",
        ".hg",
        ".pixmill",
        ".svn",
        "@Recycle",
        "@eaDir",
        "System Volume Information",
        "__MACOSX",
        "lost+found",
    )
)
_LITTER_FILES = frozenset(
    (
        ".DS_Store",
        ".directory",
        ".gitignore",
        ".localized",
        "Icon\r",
        "Thumbs.db",
        "desktop.ini",
        "ehthumbs.db",
    )
)


def stem(key: str) -> str:
    """The original's key as it appears in its renditions' keys.

    It is the key itself unless one of its segments, or the whole, is too long to carry an extension in
    every store; then the overlong part keeps its beginning and ends in `~` and 32 hex digits of its hash. So
    does a segment that happens to end like that by itself, lest it be taken for a shortened one.

    >>> stem("cats/cat.png")
    'cats/cat.png'
    >>> stem("x" * 250 + ".png")[205:]
    'xxxxx~798063d205d3c86e0eaae1a8fb3bc28a'
    """
    short = "/".join(_short_segment(segment) for segment in key.split("/"))
    if len(short.encode()) <= _WHOLE:
        return short
    # Whole segments, or the digest could make one too long, or follow on an empty one.
    beginning, _, _ = _cut(short, _WHOLE - _DIGITS - 1).rpartition("/")
    return f"{beginning}/~{_digest(key)}"


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
    """A destination key taken apart: (rendition or "manifests", stem, extension); None if it is no such key.

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


def is_litter(key: str) -> bool:
    """Whether a key is what operating systems and version control leave among pictures, never an original.

    >>> [is_litter(key) for key in ("cats/.DS_Store", ".git/config", "cats/._cat.png", "cats/cat.png")]
    [True, True, True, False]
    """
    *folders, name = key.split("/")
    return (
        name in _LITTER_FILES
        or name.startswith("._")
        or any(folder in _LITTER_FOLDERS or folder.startswith(".Trash-") for folder in folders)
    )


def _short_segment(segment: str) -> str:
    if len(segment.encode()) <= _SEGMENT and not _SHORTENED.search(segment):
        return segment
    return f"{_cut(segment, _SEGMENT - _DIGITS - 1)}~{_digest(segment)}"


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode("utf-8", "ignore")


def _digest(text: str) -> str:
    from hashlib import blake2b  # noqa: PLC0415 - long names are rare, and OpenSSL comes along

    return blake2b(text.encode(), digest_size=_DIGITS // 2).hexdigest()
