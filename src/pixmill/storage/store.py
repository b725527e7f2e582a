"""The few verbs that Pixmill asks of a place for objects, and what they promise.

The promises, which tests/storage/test_contract.py holds every store to:

- A key is any non-empty Unicode string without lone surrogates. It reaches exactly the object of that
  key or raises; it never reaches another one.
- A write is seen whole or not at all, also when the writer is killed half-way.
- The entity tag that `put` returns is the one that `head`, `get` and `list` report, until the object changes.
- Errors of the world outside come as `Failed` or `Refused`, once translated, with the cause chained.
- Keys that begin with `.pixmill/` are the destination's drawer: they can be put, got and deleted by name,
  and are never listed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from typing import Literal, NamedTuple, Protocol, TypeAlias

DRAWER = ".pixmill"
"""The folder of a destination that holds what is ours alone: state, lock, unfinished writes."""

STATE = f"{DRAWER}/state.json"
"""What a sync writes before anything else: a destination that holds it is ours."""

SOURCE_ETAG = "pixmill-source-etag"
"""The metadata field by which an object store remembers that we made an object."""


class Meta(NamedTuple):
    """What a store knows of an object without reading it.

    Attributes:
        key: its name, relative to the store's root.
        etag: its entity tag, without quotes; opaque, changes with the content.
        size: in bytes.
        version: its version in a versioned bucket.
        modified: when it was written, in seconds since the epoch, as `head` and `get` of a bucket tell it.
    """

    key: str
    etag: str
    size: int
    version: str | None = None
    modified: float | None = None


class Opened(NamedTuple):
    """An object that was found, and a way to its bytes.

    Attributes:
        meta: what is known of it.
        read: all its bytes; to be called at most once. Raises `Conflict` if the object is another one by now,
            and else what `Store.get` raises.
    """

    meta: Meta
    read: Callable[[], bytes]


class Anything(Enum):
    """The type of `ANY`."""

    ANY = "any"


ANY = Anything.ANY
"""Said to `put`: write, whatever is there."""

Expected: TypeAlias = str | Literal[Anything.ANY] | None
"""What a `put` expects to find: nothing (None), the object with this etag (str), or anything (`ANY`)."""


class Conflict(Exception):  # noqa: N818 - a signal between a store and its caller, no error
    """A conditional write did not find what it expected, and wrote nothing. Its argument is the key."""


class Store(Protocol):
    """A place for objects, each a key with bytes.

    Every method may raise `Failed` ("permission-denied", "storage-unavailable") and, if the place turns out
    not to exist, `Refused` ("source-not-found", "invalid-location").
    """

    @property
    def location(self) -> str | None:
        """What `open_store` opens this same store from in another process; None if nothing does."""
        ...

    def head(self, key: str) -> Meta | None:
        """What is known of an object; None if it is not there."""
        ...

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        """An object and all its bytes, which belong together; None if it is not there.

        Raises:
            Failed: besides the above, "changed-meanwhile": it was written while it was read.
        """
        ...

    def open(self, key: str) -> Opened | None:
        """An object whose bytes are fetched only if they are asked for; None if it is not there.

        In a bucket this is one request, where `head` and `get` are two.
        """
        ...

    def put(  # noqa: PLR0913 - all of it is what a write says
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,
        expect: Expected,
        cache_control: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """Write an object whole, if what is there is what is expected.

        Args:
            key: where to.
            data: all of it.
            media_type: its Content-Type, such as "image/webp".
            expect: None to write only where nothing is, an etag to replace only that, `ANY` to write always.
            cache_control: its Cache-Control.
            metadata: further fields in ASCII. A folder keeps neither these nor the other two.

        Returns:
            The new object's etag.

        Raises:
            Conflict: something else is there; nothing was written.
            Failed: besides the above, "no-space".
        """
        ...

    def delete(self, key: str) -> None:
        """Remove an object; fine if it is not there."""
        ...

    def list(self, prefix: str = "") -> Iterator[Meta]:
        """Every object below a folder such as "standard/", or below the root, in any order.

        It streams: memory stays bounded whatever the number of objects.

        Raises:
            Failed: some part of the place cannot be listed. What is missing in a listing is really not there.
            ValueError: the prefix is neither empty nor ends in a slash.
        """
        ...

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        """Exclusive use of the store by one sync, where the store can grant it.

        The others still get through by `put`: this is an understanding between syncs, which also lets
        the holder's worker processes write.

        Returns:
            A context manager that gives the file descriptors, none or one, which keep the claim alive. Worker
            processes that inherit them (`pass_fds`) hold it on if their parent is killed.

        Raises:
            Refused: "destination-busy": another sync holds it.
        """
        ...

    def made_by_us(self, key: str) -> bool:
        """Whether Pixmill made an object, as far as the store can tell.

        A bucket goes by the object's own metadata; a folder, without any, by whether a sync has left `STATE`.
        """
        ...
