"""Bytes of originals and renditions for the browser: only from the two stores, and only by key."""
# Paths are bytes here, which pathlib does not take.
# ruff: noqa: PTH118, PTH120

import os
from urllib.parse import quote

from starlette.responses import Response

from pixmill.engine import FORMATS
from pixmill.errors import Failed, Rejected
from pixmill.keys import is_litter, split
from pixmill.local.answers import not_found
from pixmill.local.item import VISIBLE
from pixmill.storage import DRAWER, Store
from pixmill.storage.folder import FolderStore
from pixmill.storage.names import path_of

_TYPES = {"jpeg": "image/jpeg", "jfif": "image/jpeg", "tif": "image/tiff"} | {
    row.extension: row.media_type for row in FORMATS.values()
}
_SANDBOX = "sandbox; default-src 'none'"
_FOREVER = "private, max-age=31536000, immutable"
_ASK = "private, no-cache"


def original(store: Store, key: str, *, most: int, tags: str | None, version: str | None) -> Response:
    """An original's bytes.

    Args:
        store: where it is.
        key: which.
        most: bytes that may be sent.
        tags: the entity tags that the browser has.
        version: the entity tag in the address, which makes the answer good for ever.

    Raises:
        Refused: "not-found".
        Rejected: "too-many-bytes".
    """
    if is_litter(key):
        raise not_found(f"There is no original {key}.")
    return _sent(store, key, most, tags, version)


def rendition(store: Store, key: str, *, most: int, tags: str | None, version: str | None) -> Response:
    """A rendition's bytes; see `original`."""
    if split(key) is None or key.startswith(DRAWER):
        raise not_found(f"There is no rendition {key}.")
    return _sent(store, key, most, tags, version)


def headers_for(media_type: str, name: str) -> dict[str, str]:
    """What is said with every file, so that it can never be a page."""
    shown = "inline" if media_type in VISIBLE else "attachment"
    return {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": _SANDBOX,
    }


def _sent(store: Store, key: str, most: int, tags: str | None, version: str | None) -> Response:
    _refuse_detours(store, key)
    opened = store.open(key)
    if opened is None:
        raise not_found(f"There is nothing under the key {key}.")
    name = key.rpartition("/")[2]
    media_type = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    etag = f'"{opened.meta.etag}"'
    headers = {
        **headers_for(media_type, name),
        "etag": etag,
        "cache-control": _FOREVER if version == opened.meta.etag else _ASK,
    }
    if tags and etag in (tag.strip().removeprefix("W/") for tag in tags.split(",")):
        return Response(status_code=304, headers=headers)
    if opened.meta.size > most:
        raise Rejected("too-many-bytes", f"{key} has {opened.meta.size:,} bytes, too many to show.")
    return Response(opened.read(), headers=headers, media_type=media_type)


def _refuse_detours(store: Store, key: str) -> None:
    """No listing comes through a link to a folder, so no key leads through one."""
    if isinstance(store, FolderStore):
        try:
            path = path_of(key)
        except Failed:  # no file can have it
            raise not_found(f"There is nothing under the key {key}.") from None
        folder = os.path.dirname(os.path.join(os.fsencode(store.location), path))
        if os.path.realpath(folder) != folder:
            raise not_found(f"There is nothing under the key {key}.")
