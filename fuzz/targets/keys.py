"""Keys: no two originals share a name in a store, every store can hold the names, and they lead back."""

from itertools import pairwise

from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.errors import Failed
from pixmill.keys import is_litter, manifest_key, rendition_key, split, stem
from pixmill.storage.names import path_of, segment_of

_BETWEEN = "\x1f"
_WHOLE, _SEGMENT = 1024, 255


def one(data: bytes) -> None:
    """Two keys in one input, apart by the unit separator; the second may be missing."""
    text = data.decode("utf-8", "ignore")
    first, _, second = text.partition(_BETWEEN)
    keys = [key for key in (first, second) if key]
    for key in keys:
        _named(key)
    for one_key, other in pairwise(keys):
        hold((one_key == other) == (stem(one_key) == stem(other)), "two keys have two stems")
        hold(
            (one_key == other) == (manifest_key(one_key) == manifest_key(other)),
            "two keys have two manifests",
        )
        paths = _path(one_key), _path(other)
        hold((one_key == other) == (paths[0] == paths[1]) or None in paths, "two keys have two files")
    if data and b"\0" not in data:
        _filed(data)


def _named(key: str) -> None:
    is_litter(key)
    name = rendition_key("thumbnail", key, "webp")
    hold(
        split(name) == ("thumbnail", stem(key), "webp"),
        "a rendition's key comes apart as it was put together",
    )
    hold(split(manifest_key(key)) == ("manifests", stem(key), "json"), "a manifest's key does as well")
    for each in (rendition_key("r" * 64, key, "jpeg"), manifest_key(key)):
        hold(len(each.encode()) <= _WHOLE, "every store can hold a name")
        hold(all(len(part.encode()) <= _SEGMENT for part in each.split("/")), "every folder can hold a name")
    path = _path(key)
    if path is not None:
        hold(_key(path) == key, "a file leads back to its key")


def _filed(data: bytes) -> None:
    """The bytes as a path in a file system."""
    names = [name for name in data.split(b"/") if name not in {b"", b".", b".."}]
    if names:
        path = b"/".join(names)
        hold(path_of(_key(path)) == path, "a key leads back to its file")


def _path(key: str) -> bytes | None:
    try:
        path = path_of(key)
    except Failed:
        return None
    hold(
        not {b"", b".", b".."} & set(path.split(b"/")) and b"\0" not in path, "no key leads out of its folder"
    )
    return path


def _key(path: bytes) -> str:
    names = path.split(b"/")
    return "/".join(segment_of(name, alone=len(names) == 1) for name in names)


_KEYS = (
    "cats/cat.png\x1fcats/cat.jpg",
    "../../etc/passwd",
    "a//b\x1fa/%/b",
    "100%.jpg\x1f100%25.jpg",
    "x" * 300 + "\x1f" + "x" * 301,
    "/".join(["y" * 200] * 6),
    "a~" + "f" * 32 + "\x1f" + "é" * 130,
    "\ufffdE9.jpg\x1f\ufffd\ufffdE9.jpg",
    "%2E%2E\x1f..",
    "\0%00\x1f\n",
)
_TOKENS = (
    "%",
    "%25",
    "%2E",
    "%00",
    "\ufffd",
    "\ufffdC3\ufffdA9",
    "..",
    "/",
    "//",
    "~" + "0" * 32,
    "\0",
    "é",
    _BETWEEN,
)

TARGET = Target(
    "keys",
    one,
    lambda: [Seed(key.encode(), TEXT) for key in _KEYS],
    (*(token.encode() for token in _TOKENS), b"\xff", b"\xc3", b"\xef\xbf", b"z" * 240),
)
