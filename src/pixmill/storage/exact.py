"""S3 over botocore, which spells every key as it is: the explicit path to those that obstore cannot name.

What may stand in a key is anything that UTF-8 can spell: `//`, `.`, `..`, control characters, a slash at
either end. Between here and the server nothing changes it: botocore writes it into the path with percent
signs and signs it unchanged, and urllib3 passes the path on as it is. AWS is said to refuse some keys in
which `..` leads out of the bucket ("400 Bad Request").

The semantics are those of `ObjectStore`: the same conditions, attributes, encryption and errors, and tries
that end by the same clock. Two bounds are softer. Of several addresses of a server each gets the time to
connect, and a try that is sent a byte now and then is ended after its next piece.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from pixmill.errors import Failed, PixmillError
from pixmill.storage import verdicts
from pixmill.storage.amazon import Address, Client, connect, is_here
from pixmill.storage.complaints import Complaints
from pixmill.storage.listing import PAGE, read_by_us
from pixmill.storage.patience import Patience
from pixmill.storage.store import ANY, DRAWER, SOURCE_ETAG, Conflict, Expected, Meta, Opened
from pixmill.storage.tries import tried

T = TypeVar("T")

_PIECE = 64 << 10  # of a body; the clock is looked at after each


class ExactStore:
    """A folder of a bucket on S3; the verbs are those of `Store`, but `claim` and `location`.

    Args:
        address: which, and how it is reached.
        complaints: tells its errors.
        patience: the bounds of each call.
    """

    def __init__(self, address: Address, complaints: Complaints, patience: Patience) -> None:
        self._address = address
        self._complaints = complaints
        self._patience = patience
        self._opening = threading.Lock()
        self._opened: Client | None = None

    def is_ready(self) -> bool:
        """Whether botocore is here."""
        return is_here()

    def head(self, key: str) -> Meta | None:
        """See `Store.head`."""
        answer = self._look(key)
        return None if answer is None else self._meta(key, answer)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        """See `Store.get`."""
        opened = self.open(key)
        try:
            return opened and (opened.meta, opened.read())
        except Conflict:
            raise Failed("changed-meanwhile", f"{key} was written while it was read.") from None

    def open(self, key: str) -> Opened | None:
        """See `Store.open`. The answer's headers are awaited, its body is not."""
        with self._translated(key):
            answer = self._found(key, lambda client, name: client.get_object(**name))
        if answer is None:
            return None
        try:
            meta = self._meta(key, answer)
        except PixmillError:
            answer["Body"].close()
            raise
        return Opened(meta, lambda: self._read(meta, answer))

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
        name = self._named(key)
        headers: dict[str, object] = {"ContentType": media_type, "Metadata": dict(metadata or {})}
        if cache_control:
            headers["CacheControl"] = cache_control
        if self._address.kms:
            headers["ServerSideEncryption"] = "aws:kms"
            headers["SSEKMSKeyId"] = self._address.kms
            headers["BucketKeyEnabled"] = True
        if expect is None:
            headers["IfNoneMatch"] = "*"
        elif expect is not ANY:
            headers["IfMatch"] = f'"{expect}"'
        with self._translated(key):
            try:
                answer = self._tried(key, lambda client: client.put_object(**name, **headers, Body=data))
            except Exception as error:
                # What is to be replaced may be missing, to which the answer is 404.
                if verdicts.is_taken(error) or ("IfMatch" in headers and verdicts.is_missing(error)):
                    raise Conflict(key) from error
                raise
        return self._etag(answer)

    def delete(self, key: str) -> None:
        """See `Store.delete`."""
        with self._translated(key):
            self._found(key, lambda client, name: client.delete_object(**name))

    def made_by_us(self, key: str) -> bool:
        """See `Store.made_by_us`."""
        answer = self._look(key)
        return answer is not None and SOURCE_ETAG in answer["Metadata"]

    def list(self, prefix: str = "") -> Iterator[Meta]:
        """See `Store.list`. The "folder markers" of consoles, empty objects `folder/`, are left out."""
        where, cut = self._address.folder + prefix, len(self._address.folder)
        more: dict[str, object] = {}
        while True:
            with self._translated(prefix):
                page = self._page(where, more)
            token = page.get("NextContinuationToken")
            if PAGE not in page or (page["IsTruncated"] and not token):
                raise self._complaints.unavailable(prefix, "the listing breaks off.")
            for found in page[PAGE]:
                key = found.key[cut:]
                marker = not found.size and key.endswith("/")
                if key and not marker and not key.startswith(DRAWER + "/"):
                    yield Meta(key, self._unquoted(found.etag), found.size)
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": token}

    def _page(self, where: str, more: Mapping[str, object]) -> dict[str, Any]:
        bucket = self._address.bucket
        return self._tried(
            "",
            lambda client: client.list_objects_v2(Bucket=bucket, Prefix=where, EncodingType="url", **more),
        )

    def _look(self, key: str) -> dict[str, Any] | None:
        with self._translated(key):
            return self._found(key, lambda client, name: client.head_object(**name))

    def _found(self, key: str, call: Callable[[Client, dict[str, str]], T]) -> T | None:
        name = self._named(key)
        try:
            return self._tried(key, lambda client: call(client, name))
        except Exception as error:
            if verdicts.is_missing(error):
                return None
            raise

    def _tried(self, key: str, call: Callable[[Client], T]) -> T:
        client = self._client(key)
        return tried(lambda: call(client), self._patience, passes=verdicts.passes)

    def _named(self, key: str) -> dict[str, str]:
        if not key:
            raise self._complaints.unavailable(key, "an object's key is never empty.")
        return {"Bucket": self._address.bucket, "Key": self._address.folder + key}

    def _read(self, meta: Meta, answer: dict[str, Any]) -> bytes:
        """The body; if it breaks off, that of the same object once more."""
        answers, name = [answer], self._named(meta.key)

        def whole(client: Client) -> bytes:
            again = answers.pop() if answers else client.get_object(**name, IfMatch=f'"{meta.etag}"')
            return self._drained(meta, again["Body"])

        with self._translated(meta.key):
            try:
                data = self._tried(meta.key, whole)
            except Exception as error:
                if verdicts.is_taken(error) or verdicts.is_missing(error):
                    raise Conflict(meta.key) from error
                raise
        if len(data) != meta.size:
            raise self._complaints.short(meta.key, len(data), meta.size)
        return data

    def _drained(self, meta: Meta, body: Any) -> bytes:  # noqa: ANN401 - botocore's own
        data, deadline = bytearray(), time.monotonic() + self._patience.attempt
        try:
            while piece := body.read(_PIECE):
                data += piece
                if time.monotonic() > deadline:
                    raise self._complaints.short(meta.key, len(data), meta.size)
        finally:
            body.close()
        return bytes(data)

    def _client(self, key: str) -> Client:
        with self._opening:
            if self._opened is None:
                try:
                    self._opened = connect(self._address, self._patience)
                    read_by_us(self._opened)
                except ImportError as error:
                    raise self._complaints.unspeakable(key) from error
            return self._opened

    def _meta(self, key: str, answer: Mapping[str, Any]) -> Meta:
        return Meta(
            key,
            self._etag(answer),
            answer["ContentLength"],
            answer.get("VersionId"),
            answer["LastModified"].timestamp(),
        )

    def _etag(self, answer: Mapping[str, Any]) -> str:
        return self._unquoted(answer.get("ETag", ""))

    def _unquoted(self, etag: str) -> str:
        if not etag:
            raise self._complaints.no_etags()
        return etag.removeprefix("W/").strip('"')

    @contextmanager
    def _translated(self, key: str) -> Generator[None]:
        try:
            yield
        except UnicodeEncodeError as error:
            raise self._complaints.unavailable(key, "S3 knows no such key.") from error
        except (PixmillError, Conflict):
            raise
        except Exception as error:
            told = verdicts.told(key, error, self._complaints)
            if told is None:
                raise
            raise told from error
