"""A bucket on S3 as a store: two ways to it, of which each key takes the one that can spell it.

Nearly every key goes over obstore, which is fast and ready at once (`objects.py`). One that obstore would
refuse, or take for another one, goes the explicit path (`exact.py`), which needs botocore.

Only that path lists every key as it is. So listings go over it wherever botocore is at hand; the head of
`objects.py` says what another listing may miss.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pixmill.storage.objects import UNSPEAKABLE, ObjectStore
from pixmill.storage.store import Expected, Meta, Opened

if TYPE_CHECKING:
    from pixmill.storage.exact import ExactStore


class AnyKeyStore:
    """A folder of a bucket on S3.

    Args:
        plain: the way to ordinary keys.
        explicit: makes the way to all the others; called when the first of them is met.
    """

    def __init__(self, plain: ObjectStore, explicit: "Callable[[], ExactStore]") -> None:
        self._plain = plain
        self._explicit = explicit
        self._exact: ExactStore | None = None

    def __repr__(self) -> str:
        return repr(self._plain).replace("ObjectStore", "AnyKeyStore", 1)

    @property
    def location(self) -> str | None:
        """The URL that it was opened from."""
        return self._plain.location

    def head(self, key: str) -> Meta | None:
        """See `Store.head`."""
        return self._way(key).head(key)

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        """See `Store.get`."""
        return self._way(key).get(key)

    def open(self, key: str) -> Opened | None:
        """See `Store.open`."""
        return self._way(key).open(key)

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
        return self._way(key).put(
            key,
            data,
            media_type=media_type,
            expect=expect,
            cache_control=cache_control,
            metadata=metadata,
        )

    def delete(self, key: str) -> None:
        """See `Store.delete`."""
        self._way(key).delete(key)

    def list(self, prefix: str = "") -> Iterator[Meta]:
        """See `Store.list`."""
        if prefix and not prefix.endswith("/"):
            raise ValueError(f"{prefix!r} is no folder: it must end in a slash")
        exact = self._made()
        awkward = prefix and UNSPEAKABLE.search(prefix[:-1])
        return exact.list(prefix) if awkward or exact.is_ready() else self._plain.list(prefix)

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        """See `Store.claim`."""
        return self._plain.claim()

    def made_by_us(self, key: str) -> bool:
        """See `Store.made_by_us`."""
        return self._way(key).made_by_us(key)

    def _way(self, key: str) -> "ObjectStore | ExactStore":
        return self._made() if UNSPEAKABLE.search(key) else self._plain

    def _made(self) -> "ExactStore":
        # Threads that meet here make one each, of which the last stays: a waste, but no harm.
        if self._exact is None:
            self._exact = self._explicit()
        return self._exact
