"""From what a user types for a place to the store there: a folder or a URL."""

import os
import re
import stat
from typing import TYPE_CHECKING

from pixmill.errors import Failed, Refused
from pixmill.storage.buckets import SCHEMES, invalid, open_bucket, parsed
from pixmill.storage.patience import AT_A_DESK, within
from pixmill.storage.store import Store

if TYPE_CHECKING:
    from pixmill.storage.folder import FolderStore

_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]+")


def open_store(
    location: str | os.PathLike[str], *, create: bool = False, patience: float | None = None
) -> Store:
    """Open the store at a place. Nothing is sent over the network yet.

    Args:
        location: a folder, or one of `file:///folder`, `s3://bucket/folder?endpoint=URL&region=NAME&kms=KEY`,
            `gs://bucket/folder?endpoint=URL`, `az://container/folder?account=NAME&endpoint=URL`,
            `memory://` (new and empty). What is left out comes from the environment, as do credentials, by
            the names that each cloud's own tools use.
        create: for a destination: a folder that does not exist counts as empty until something is written.
        patience: in seconds: when a call to a bucket has ended at the latest, with all its tries. If left
            out, minutes. Folders take the time that the system takes.

    Raises:
        Refused: "invalid-location": it is none of these; "source-not-found": there is no such folder, and it
            is not to be created.
        Failed: "permission-denied": the folder cannot be reached.

    >>> open_store("memory://")
    ObjectStore('memory://')
    """
    text = os.fspath(location)
    scheme, colon, rest = text.partition(":")
    name, schemes = scheme.lower(), ("file", *SCHEMES)
    if colon and name in schemes and not rest.startswith("//"):
        slashes = "///" if name == "file" else "//"
        raise invalid(text, f"Did you mean {name}:{slashes}{rest.lstrip('/')}?")
    if not (_SCHEME.fullmatch(scheme) and rest.startswith("//")):
        return _folder(text, create=create)
    if name == "file":
        return _folder(_path_of(text), create=create)
    if name not in schemes:
        from difflib import get_close_matches  # noqa: PLC0415 - only for this hint

        near = get_close_matches(name, schemes, n=1)
        raise invalid(text, f"Did you mean {near[0]}:{rest}?" if near else None)
    return open_bucket(name, rest[2:], AT_A_DESK if patience is None else within(patience))


def overlap(one: Store, other: Store) -> bool:
    """Whether one store is, or lies inside, the other.

    >>> overlap(open_store("s3://photos/2026"), open_store("s3://photos"))
    True
    >>> overlap(open_store("s3://photos/in"), open_store("s3://photos/in-small"))
    False
    """
    if one.location is None or other.location is None:
        return one is other
    (server, place), (other_server, other_place) = _territory(one.location), _territory(other.location)
    return server == other_server and (place.startswith(other_place) or other_place.startswith(place))


def _territory(location: str) -> tuple[str, str]:
    if "://" not in location:
        return "", location.rstrip(os.sep) + os.sep
    place, _, query = location.partition("?")
    options = parsed(query)
    return options.get("endpoint", "").rstrip("/") + options.get("account", ""), place.rstrip("/") + "/"


def _folder(path: str, *, create: bool) -> "FolderStore":
    from pixmill.storage.folder import FolderStore  # noqa: PLC0415 - a function between buckets has no use for it

    shown = os.fsencode(path).decode("utf-8", "replace")
    if not path or "\0" in path:
        raise invalid(shown)
    try:
        # As the store will call it: `missing/../name` cannot be reached, and yet `name` may be there.
        mode = os.stat(os.path.realpath(path)).st_mode  # noqa: PTH116 - pathlib would hide what went wrong
    except (FileNotFoundError, NotADirectoryError):
        if create:
            return FolderStore(path, create=True)
        raise Refused("source-not-found", f"There is no folder {shown}.") from None
    except PermissionError as error:
        raise Failed("permission-denied", f"The folder {shown} cannot be reached.") from error
    except OSError as error:
        raise invalid(shown) from error
    if not stat.S_ISDIR(mode):
        raise Refused("invalid-location", f"{shown} is a file; a folder is needed.", hint="Name its folder.")
    return FolderStore(path, create=create)


def _path_of(url: str) -> str:
    from urllib.parse import unquote_to_bytes, urlsplit  # noqa: PLC0415 - rare

    try:
        parts = urlsplit(url)
    except ValueError as error:  # brackets of an address that is none
        raise invalid(url) from error
    if parts.netloc.lower() not in {"", "localhost"} or parts.query or parts.fragment:
        raise invalid(url, "A folder as a URL has three slashes, and ? and # as %3F and %23: file:///folder.")
    # As bytes: what stands there need not be UTF-8, nor what is spelt out.
    return os.fsdecode(unquote_to_bytes(os.fsencode(parts.path)))
