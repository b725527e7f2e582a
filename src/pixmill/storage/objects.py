"""Buckets as stores, over obstore: S3 and its likes, Google Cloud Storage, Azure, memory.

What obstore does behind our back, and what is done about it (all of it seen with obstore 0.12.1):

- It takes `/a` and `a/` for `a`, and refuses `a//b`, `.`, `..` and control characters. S3 allows such keys.
  Here they raise, so that no call reaches another object than the one it names. A bucket that holds one
  cannot be listed. Only a slash at either end goes unnoticed: such an object is listed without it and then
  not found. For the "folder markers" of consoles, empty objects `folder/`, that is too common to leave it at
  that: every empty object is looked at once more by its name.
- A missing bucket is a missing object to it, or a failed precondition.
- It quotes entity tags as HTTP does; event notifications do not, so here they never are.
- Google replaces by generation, not by etag, and lists etags alone.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, NoReturn

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

from pixmill.errors import Failed, Refused
from pixmill.storage.store import ANY, DRAWER, SOURCE_ETAG, Conflict, Expected, Meta, Opened

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta, PutMode
    from obstore.store import ObjectStore as Bucket

UNSPEAKABLE = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]|(?:\A|/)\.{0,2}(?:/|\Z)")
"""What obstore refuses in a key, or would silently change."""

_CHUNK = 1000  # as many as one request of S3 gives
_NO_BUCKET = re.compile("<Code>(NoSuchBucket|ContainerNotFound)</Code>")
_NO_CREDENTIALS = re.compile("/latest/(api/token|meta-data)|/computeMetadata/|/metadata/identity")
_DENIED = re.compile("Server returned non-2xx status code: 40[13] ")
_DETAIL = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)
_STATUS = re.compile(r"Server returned non-2xx status code: (\d+ [\w ]+)")
_UNSUPPORTED = (
    "Pixmill does not support empty, '.' and '..' segments and control characters in a bucket's keys yet."
)
_LONGEST = 300  # characters of a foreign message that are worth showing


class ObjectStore:
    """A bucket, or a folder in one.

    Args:
        bucket: what obstore makes of it; its prefix is the folder.
        place: what to call it in messages, such as "s3://photos/2026".
        location: what `open_store` opens it from; None for memory.
        hint: what to do when access is refused; the error code's own hint if left out.
    """

    def __init__(
        self, bucket: "Bucket", *, place: str, location: str | None = None, hint: str | None = None
    ) -> None:
        self._bucket = bucket
        self._place = place
        self._location = location
        self._hint = hint

    def __repr__(self) -> str:
        return f"ObjectStore({self._place!r})"

    @property
    def location(self) -> str | None:
        """The URL that it was opened from; None for memory."""
        return self._location

    def head(self, key: str) -> Meta | None:
        """See `Store.head`."""
        path = self._path(key)
        with self._translated(key):
            try:
                return self._meta(obstore.head(self._bucket, path))
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
        meta = self._meta(result.meta)
        return Opened(meta, lambda: self._body(meta, result))

    def _body(self, meta: Meta, result: "GetResult") -> bytes:
        with self._translated(meta.key):
            data = bytes(result.bytes())
        if len(data) != meta.size:
            arrived = f"{len(data)} of {meta.size} bytes arrived."
            raise Failed("storage-unavailable", f"{self._at(meta.key)}: {arrived}")
        return data

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
        where = f"{folder}/" if folder else ""
        with self._translated(where):
            # Its other overloads speak of Arrow tables, whose types are not installed.
            chunks = obstore.list(self._bucket, folder, chunk_size=_CHUNK)  # pyright: ignore[reportUnknownMemberType]
            for chunk in chunks:
                for found in chunk:
                    meta = self._meta(found)
                    if meta.key.startswith(DRAWER + "/") or (meta.size == 0 and self._is_marker(meta)):
                        continue
                    yield meta

    def _is_marker(self, meta: Meta) -> bool:
        found = self.head(meta.key) if meta.key else None
        return found is None or (found.etag, found.size) != (meta.etag, meta.size)

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

    def _etag(self, quoted: str | None) -> str:
        if not quoted:
            raise Failed(
                "storage-unavailable", f"{self._place} gives its objects no entity tags; Pixmill needs them."
            )
        return quoted.removeprefix("W/").strip('"')

    def _path(self, key: str) -> str:
        if UNSPEAKABLE.search(key):
            raise Failed(
                "storage-unavailable",
                f"{self._place}: the key {key!r} is out of reach. {_UNSUPPORTED}",
                hint="Rename the object.",
            )
        return key

    def _at(self, key: str) -> str:
        return f"{self._place.rstrip('/')}/{key}" if key else self._place

    def _refuse_missing_bucket(self, error: Exception) -> None:
        if _NO_BUCKET.search(str(error)):
            raise Refused(
                "invalid-location",
                f"{self._place}: there is no such bucket.",
                hint="Create it, or check its name, its region and the endpoint.",
            ) from error

    @contextmanager
    def _translated(self, key: str) -> Generator[None]:
        try:
            yield
        except InvalidPathError as error:
            self._refuse_listing(error)
        except (BaseError, FileNotFoundError, ValueError) as error:
            self._refuse_missing_bucket(error)
            where = self._at(key)
            if _NO_CREDENTIALS.search(str(error)):
                message = f"{where}: no credentials were found."
                raise Failed("permission-denied", message, hint=self._hint) from error
            message = f"{where}: {_gist(error)}"
            # A refused listing is an error like any other to obstore.
            if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or _DENIED.search(str(error)):
                raise Failed("permission-denied", message, hint=self._hint) from error
            raise Failed("storage-unavailable", message) from error

    def _refuse_listing(self, error: InvalidPathError) -> NoReturn:
        raise Failed(
            "storage-unavailable",
            f"{self._place} cannot be listed: {_gist(error)} {_UNSUPPORTED}",
            hint="Rename that object, or choose a folder of the bucket without it.",
        ) from error


def _gist(error: Exception) -> str:
    """What a reader can use of obstore's many lines. It keeps secrets out of them by itself."""
    text = str(error).partition("\n\nDebug source")[0]
    status, detail = _STATUS.search(text), _DETAIL.search(text)
    if status:
        text = status[1] + (f", {detail[1]}" if detail else "")
    text = " ".join(text.split())[:_LONGEST]
    return text if text.endswith(".") else text + "."
