"""Buckets as stores, over obstore: S3 and its likes, Google Cloud Storage, Azure, memory.

What obstore does behind our back, and what is done about it (all of it seen with obstore 0.12.1):

- It takes `/a` and `a/` for `a`, and refuses `a//b`, `.`, `..` and control characters. Some stores allow such
  keys. Here they raise, so that no call reaches another object than the one it names; S3 has an explicit path
  to them (`s3.py`).
- Its listings strip slashes likewise, and end at a key that it refuses: then they raise here. Whatever is
  empty or out of order is looked at once more by its name. It may be a "folder marker" of a console, an
  empty object `folder/`, which is left out, or another object with a slash at an end, at which the listing
  raises. What is neither, or has a twin of the same bytes without the slash, is listed without its slash.
- A missing bucket is a missing object to it, or a failed precondition.
- It quotes entity tags as HTTP does; event notifications do not, so here they never are.
- Google replaces by generation, not by etag, and lists etags alone.
"""

import re
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    InvalidPathError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import GCSStore

from pixmill.storage.complaints import Complaints
from pixmill.storage.patience import AT_A_DESK, Patience
from pixmill.storage.store import ANY, DRAWER, SOURCE_ETAG, Conflict, Expected, Meta, Opened

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta, PutMode
    from obstore.store import ObjectStore as Bucket

UNSPEAKABLE = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]|(?:\A|/)\.{0,2}(?:/|\Z)")
"""What obstore refuses in a key, or would silently change."""

_CHUNK = 1000  # as many as one request of S3 gives
# Compiled when something goes wrong, not whenever a function starts.
_NO_BUCKET = "<Code>(NoSuchBucket|ContainerNotFound)</Code>"
_NO_CREDENTIALS = "/latest/(api/token|meta-data)|/computeMetadata/|/metadata/identity"
_DENIED = "Server returned non-2xx status code: 40[13] "
_DETAIL = r"(?s)<Message>(.*?)</Message>"
_STATUS = r"Server returned non-2xx status code: (\d+ [\w ]+)"
_LONGEST = 300  # characters of a foreign message that are worth showing


class ObjectStore:
    """A bucket, or a folder in one.

    Args:
        bucket: what obstore makes of it; its prefix is the folder.
        complaints: tells its errors.
        location: what `open_store` opens it from; None for memory.
        patience: the bounds of each call, by which the bucket was opened.
    """

    def __init__(
        self,
        bucket: "Bucket",
        complaints: Complaints,
        location: str | None = None,
        patience: Patience = AT_A_DESK,
    ) -> None:
        self._bucket = bucket
        self._complaints = complaints
        self._location = location
        self._patience = patience

    def __repr__(self) -> str:
        return f"ObjectStore({self._complaints.place!r})"

    @property
    def location(self) -> str | None:
        """The URL that it was opened from; None for memory."""
        return self._location

    def head(self, key: str) -> Meta | None:
        """See `Store.head`."""
        path = self._path(key)
        with self._translated(key):
            try:
                return self._dated(obstore.head(self._bucket, path))
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                return None

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        """See `Store.get`."""
        opened = self.open(key)
        return opened and (opened.meta, opened.read())

    def open(self, key: str) -> Opened | None:
        """See `Store.open`. The answer's headers are awaited, its body is not."""
        path = self._path(key)
        with self._translated(key):
            try:
                result = obstore.get(self._bucket, path)
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                return None
        meta, since = self._dated(result.meta), time.monotonic()
        return Opened(meta, lambda: self._body(meta, result, since))

    def _body(self, meta: Meta, result: "GetResult", since: float) -> bytes:
        with self._translated(meta.key):
            # The clock of obstore's try runs while nobody reads, and a server may hang up on who does not.
            if time.monotonic() - since > self._patience.silence:
                result = self._again(meta, result)
            data = bytes(result.bytes())
        if len(data) != meta.size:
            raise self._complaints.short(meta.key, len(data), meta.size)
        return data

    def _again(self, meta: Meta, result: "GetResult") -> "GetResult":
        try:
            return obstore.get(self._bucket, meta.key, options={"if_match": result.meta["e_tag"]})
        except (FileNotFoundError, PreconditionError) as error:
            self._refuse_missing_bucket(error)
            raise Conflict(meta.key) from error

    def put(  # noqa: PLR0913 - see Store
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,
        expect: Expected,
        cache_control: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """See `Store.put`."""
        path = self._path(key)
        attributes = {"Content-Type": media_type, **(metadata or {})}
        if cache_control:
            attributes["Cache-Control"] = cache_control
        with self._translated(key):
            try:
                mode = self._mode(key, path, expect)
                # In one part, or the etag would depend on the parts and the condition would be ignored.
                result = obstore.put(
                    self._bucket, path, data, attributes=attributes, mode=mode, use_multipart=False
                )
            except (AlreadyExistsError, PreconditionError) as error:
                self._refuse_missing_bucket(error)
                raise Conflict(key) from error
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                raise
        return self._etag(result["e_tag"])

    def delete(self, key: str) -> None:
        """See `Store.delete`."""
        path = self._path(key)
        with self._translated(key):
            try:
                obstore.delete(self._bucket, path)
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)

    def list(self, prefix: str = "") -> Iterator[Meta]:
        """See `Store.list`."""
        if not prefix:
            return self._walk(None)
        if not prefix.endswith("/"):
            raise ValueError(f"{prefix!r} is no folder: it must end in a slash")
        return self._walk(self._path(prefix[:-1]))

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        """See `Store.claim`. A bucket grants none; its conditional writes keep syncs apart."""
        return nullcontext(())

    def made_by_us(self, key: str) -> bool:
        """Whether the object bears the metadata that Pixmill gives to what it writes."""
        path = self._path(key)
        with self._translated(key):
            try:
                attributes = obstore.get(self._bucket, path, options={"head": True}).attributes
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                return False
        return SOURCE_ETAG in attributes

    def _walk(self, folder: str | None) -> Iterator[Meta]:
        where, before = f"{folder}/" if folder else "", Meta("", "", 0)
        with self._translated(where):
            # Its other overloads speak of Arrow tables, whose types are not installed.
            chunks = obstore.list(self._bucket, folder, chunk_size=_CHUNK)  # pyright: ignore[reportUnknownMemberType]
            for chunk in chunks:
                for found in chunk:
                    meta = self._meta(found)
                    if meta.key <= before.key:
                        self._refuse_misspelt(before, meta)
                    again, before = meta.key == before.key, meta
                    if meta.key.startswith(DRAWER + "/"):
                        continue
                    if meta.size or (not again and self._is_so_called(meta)):
                        yield meta

    def _refuse_misspelt(self, before: Meta, meta: Meta) -> None:
        """Of two objects out of order, one has a slash at an end, unless the server has another order."""
        full = [each for each in (before, meta) if each.size]
        twins = before.key == meta.key and full == [before, meta]
        if twins or not all(self._is_so_called(each) for each in full):
            raise self._complaints.unlistable(f"{meta.key!r} or {before.key!r} has a slash at an end.")

    def _is_so_called(self, meta: Meta) -> bool:
        found = self.head(meta.key) if meta.key else None
        return found is not None and (found.etag, found.size) == (meta.etag, meta.size)

    def _mode(self, key: str, path: str, expect: Expected) -> "PutMode":
        if expect is None:
            return "create"
        if expect is ANY:
            return "overwrite"
        if not isinstance(self._bucket, GCSStore):
            return {"e_tag": f'"{expect}"'}
        try:
            found = obstore.head(self._bucket, path)
        except FileNotFoundError:
            raise Conflict(key) from None
        if self._etag(found["e_tag"]) != expect:
            raise Conflict(key)
        return {"e_tag": found["e_tag"], "version": found["version"]}

    def _meta(self, found: "ObjectMeta") -> Meta:
        return Meta(found["path"], self._etag(found["e_tag"]), found["size"], found["version"])

    def _dated(self, found: "ObjectMeta") -> Meta:
        return self._meta(found)._replace(modified=found["last_modified"].timestamp())

    def _etag(self, quoted: str | None) -> str:
        if not quoted:
            raise self._complaints.no_etags()
        return quoted.removeprefix("W/").strip('"')

    def _path(self, key: str) -> str:
        if UNSPEAKABLE.search(key):
            raise self._complaints.unspeakable(key)
        return key

    def _refuse_missing_bucket(self, error: Exception) -> None:
        if re.search(_NO_BUCKET, str(error)):
            raise self._complaints.no_bucket() from error

    @contextmanager
    def _translated(self, key: str) -> Generator[None]:
        try:
            yield
        except InvalidPathError as error:
            raise self._complaints.unlistable(_gist(error)) from error
        except (BaseError, FileNotFoundError, ValueError) as error:
            self._refuse_missing_bucket(error)
            if re.search(_NO_CREDENTIALS, str(error)):
                raise self._complaints.no_credentials(key) from error
            # A refused listing is an error like any other to obstore.
            if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or re.search(
                _DENIED, str(error)
            ):
                raise self._complaints.denied(key, _gist(error)) from error
            raise self._complaints.unavailable(key, _gist(error)) from error


def _gist(error: Exception) -> str:
    """What a reader can use of obstore's many lines. It keeps secrets out of them by itself."""
    text = str(error).partition("\n\nDebug source")[0]
    status, detail = re.search(_STATUS, text), re.search(_DETAIL, text)
    if status:
        text = status[1] + (f", {detail[1]}" if detail else "")
    text = " ".join(text.split())[:_LONGEST]
    return text if text.endswith(".") else text + "."
