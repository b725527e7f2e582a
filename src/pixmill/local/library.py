"""What is known of each original: an index in memory, kept up to date by what following tells.

It holds no pictures and of each manifest only what a gallery shows. Beyond `MOST` originals the rest is
followed all the same, but not shown.
"""

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from pixmill.errors import PixmillError
from pixmill.local.changes import Batch, Changes
from pixmill.local.item import Item, failed, recorded, waiting, working
from pixmill.local.told import Seen, Told
from pixmill.manifest import Manifest
from pixmill.storage import Meta
from pixmill.syncing.work import Failure, Result

MOST = 200_000
"""Originals that are shown, some kilobyte each."""

_WINDOW = 10.0  # seconds over which originals per second are counted
_ORDERS = 16  # orders of all originals that are kept until something changes
_ACTIVE = frozenset(("working", "waiting"))

Sort = Literal["newest", "name", "size"]
Name = tuple[Literal["original", "totals", "recipe"], str]


class Page(NamedTuple):
    """Some of the originals that were asked for.

    Attributes:
        total: how many there are in all.
        items: those of this page.
    """

    total: int
    items: list[Item]


class Library(Told):
    """The index. May be used from several threads.

    Args:
        unread: takes an original whose manifest has to be read.
        changed: is called when something has changed.
    """

    def __init__(self, unread: Callable[[Meta], None], changed: Callable[[], None]) -> None:
        self._unread = unread
        self._wake = changed
        self._lock = threading.RLock()
        self._items: dict[str, Item] = {}
        self._known: dict[str, str] = {}  # the etag of the manifest that an item shows
        self._shown: set[str] | None = None
        self._awaited: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        self._finished: deque[float] = deque()
        self._changes: Changes[Name] = Changes()
        self._version = 0
        self._orders: OrderedDict[tuple[str, str, str], tuple[int, list[str]]] = OrderedDict()
        self.trouble: PixmillError | None = None

    def surveying(self) -> None:
        """See `Told.surveying`."""
        with self._lock:
            self._shown = set()

    def seen(self, seen: Seen) -> None:
        """See `Told.seen`."""
        key = seen.original.key
        with self._lock:
            if self._shown is not None:
                self._shown.add(key)
            known = self._items.get(key)
            if seen.manifest and self._known.get(key) == seen.manifest and known and seen.current:
                return
            if not seen.current:
                self._awaited.add(key)
            if not seen.current or known is None:
                self._set(waiting(seen.original, known))
        if seen.manifest:
            self._unread(seen.original)

    def surveyed(self) -> None:
        """See `Told.surveyed`."""
        with self._lock:
            shown, self._shown = self._shown or set(), None
            for key in self._items.keys() - shown:
                self._drop(key)
            self.trouble = None

    def noticed(self, original: Meta) -> None:
        """See `Told.noticed`."""
        with self._lock:
            if self._shown is not None:
                self._shown.add(original.key)
            self._awaited.add(original.key)
            self._set(waiting(original, self._items.get(original.key)))

    def begun(self, key: str) -> None:
        """See `Told.begun`."""
        with self._lock:
            if known := self._items.get(key):
                self._set(working(known))

    def done(self, key: str, result: Result) -> None:
        """See `Told.done`."""
        with self._lock:
            self._awaited.discard(key)
            if isinstance(result, Failure):
                if known := self._items.get(key):
                    self._set(failed(known, result))
            elif result.manifest is None:
                self._drop(key)
            else:
                if result.action != "current":
                    self._finished.append(time.monotonic())
                self._known[key] = result.manifest_etag or ""
                known = self._items.get(key)
                same = known and known.etag == result.manifest.source.etag
                self._set(recorded(result.manifest, known.changed if known and same else time.time()))

    def troubled(self, error: PixmillError) -> None:
        """See `Told.troubled`."""
        with self._lock:
            self.trouble = error
            self._note(("totals", ""))

    def rested(self) -> None:
        """See `Told.rested`."""
        with self._lock:
            self.trouble = None
            self._note(("totals", ""))

    def read(self, original: Meta, manifest: Manifest, etag: str, changed: float) -> None:
        """A manifest was read, which may be older than what is known by now."""
        with self._lock:
            known = self._items.get(original.key)
            if known is None or known.etag != original.etag or known.status != "waiting":
                return
            found = recorded(manifest, changed)
            if original.key in self._awaited:
                # It shows what there was until it is done.
                self._set(waiting(original, found))
            elif manifest.source.etag == original.etag:
                self._known[original.key] = etag
                self._set(found)

    def recipe_changed(self) -> None:
        """Another recipe holds from now on."""
        with self._lock:
            self._note(("recipe", ""))

    def item(self, key: str) -> Item | None:
        """What is known of one original."""
        with self._lock:
            return self._items.get(key)

    def page(self, offset: int, limit: int, status: str, search: str, sort: Sort) -> Page:
        """Some of the originals.

        Args:
            offset: how many to pass over.
            limit: how many to give at most.
            status: "all" or one of theirs; "working" includes those that wait.
            search: words that all occur in the key.
            sort: by time of change, name or size.
        """
        with self._lock:
            keys = self._order(status, search.casefold(), sort)
            found = (self._items.get(key) for key in keys[offset : offset + limit])
            return Page(len(keys), [item for item in found if item is not None])

    def totals(self) -> dict[str, Any]:
        """The whole in numbers."""
        with self._lock:
            now = time.monotonic()
            while self._finished and now - self._finished[0] > _WINDOW:
                self._finished.popleft()
            span = now - self._finished[0] if self._finished else 0.0
            return {
                "originals": len(self._items),
                **{
                    status: self._counts[status]
                    for status in ("complete", "rejected", "working", "waiting", "failed")
                },
                "renditions": self._sums["renditions"],
                "bytes_in": self._sums["bytes_in"],
                "bytes_out": self._sums["bytes_out"],
                "per_second": round(len(self._finished) / max(span, 1.0), 2),
                "trouble": self.trouble
                and {"code": self.trouble.code, "message": self.trouble.message, "hint": self.trouble.hint},
            }

    @property
    def mark(self) -> str:
        """The present moment, for `since`."""
        with self._lock:
            return self._changes.mark

    def since(self, mark: str, most: int) -> Batch[Name]:
        """What has changed since a mark."""
        with self._lock:
            return self._changes.since(mark, most)

    def _order(self, status: str, search: str, sort: Sort) -> list[str]:
        asked = status, search, sort
        version, keys = self._orders.get(asked, (-1, []))
        if version != self._version:
            keys = [item.key for item in self._sorted(status, search.split(), sort)]
            self._orders[asked] = self._version, keys
        self._orders.move_to_end(asked)
        while len(self._orders) > _ORDERS:
            self._orders.popitem(last=False)
        return keys

    def _sorted(self, status: str, words: list[str], sort: Sort) -> list[Item]:
        wanted = {"all": None, "working": _ACTIVE}.get(status, frozenset((status,)))
        items = [
            item
            for item in self._items.values()
            if (wanted is None or item.status in wanted)
            and (not words or all(word in item.key.casefold() for word in words))
        ]
        if sort == "name":
            items.sort(key=lambda item: (item.key.casefold(), item.key))
        elif sort == "size":
            items.sort(key=lambda item: (-item.bytes, item.key))
        else:
            items.sort(key=lambda item: (-item.changed, item.key))
        return items

    def _set(self, item: Item) -> None:
        before = self._items.get(item.key)
        if before is None and len(self._items) >= MOST:
            return
        self._count(before, -1)
        self._items[item.key] = item
        self._count(item, 1)
        self._note(("original", item.key))

    def _drop(self, key: str) -> None:
        before = self._items.pop(key, None)
        self._known.pop(key, None)
        self._awaited.discard(key)
        if before is not None:
            self._count(before, -1)
            self._note(("original", key))

    def _count(self, item: Item | None, sign: int) -> None:
        if item is None:
            return
        self._counts[item.status] += sign
        self._sums["renditions"] += sign * item.renditions
        self._sums["bytes_out"] += sign * item.bytes_out
        if item.renditions:
            self._sums["bytes_in"] += sign * item.bytes

    def _note(self, name: Name) -> None:
        self._version += 1
        self._changes.add(name)
        self._wake()
