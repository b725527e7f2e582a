"""What both sides hold, in bounded memory: listings of any length and order, joined on disk.

A listing says of each original its etag, and of each of its objects in the destination key and etag. All of
that, together with the recipe, is condensed to one digest per original. A digest that an earlier sync has
verified means that nothing whatsoever has changed since, so neither the manifest nor anything else has to be
read: a million originals that are all current cost the listings and no read.
"""

import hashlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import NamedTuple, Self

from pixmill.keys import MANIFESTS, split, stem
from pixmill.storage import Meta

DIGEST_BYTES = 16

# One temporary file that vanishes with the process; no durability is wanted of it.
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
CREATE TABLE original (stem TEXT PRIMARY KEY, key TEXT, etag TEXT, size INTEGER) WITHOUT ROWID;
CREATE TABLE object (stem TEXT, key TEXT, etag TEXT, PRIMARY KEY (stem, key)) WITHOUT ROWID;
CREATE TABLE verified (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE stale (stem TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """Everything that the listings show of one original.

    Attributes:
        stem: as it stands in its objects' keys.
        key: its key in the source; None if the source has no such original.
        etag: its etag in the source; None likewise.
        size: in bytes; 0 likewise.
        manifest: the etag of its manifest; None if it has none.
        objects: key and etag of each of its renditions.
    """

    stem: str
    key: str | None
    etag: str | None
    size: int
    manifest: str | None
    objects: Mapping[str, str]


class Ledger:
    """Both listings and the digests that were verified before."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def add_originals(self, listing: Iterable[Meta]) -> None:
        """Take in the source's listing."""
        rows = ((stem(meta.key), meta.key, meta.etag, meta.size) for meta in listing)
        self._insert("INSERT OR REPLACE INTO original VALUES (?, ?, ?, ?)", rows)

    def add_objects(self, listing: Iterable[Meta]) -> None:
        """Take in a listing of a folder of the destination; what has not the shape of ours is passed over."""
        taken = ((split(meta.key), meta) for meta in listing)
        rows = ((parts[1], meta.key, meta.etag) for parts, meta in taken if parts is not None)
        self._insert("INSERT OR REPLACE INTO object VALUES (?, ?, ?)", rows)

    def add_verified(self, digests: bytes) -> None:
        """Take in digests, one behind the other."""
        rows = ((digests[i : i + DIGEST_BYTES],) for i in range(0, len(digests), DIGEST_BYTES))
        self._insert("INSERT OR IGNORE INTO verified VALUES (?)", rows)

    def is_verified(self, digest: bytes) -> bool:
        """Whether an earlier sync has seen just this and found it right."""
        return self._base.execute("SELECT 1 FROM verified WHERE digest = ?", (digest,)).fetchone() is not None

    def count_originals(self) -> int:
        """How many originals the source holds."""
        return int(self._base.execute("SELECT count(*) FROM original").fetchone()[0])

    def add_stale(self, stems: Iterable[str]) -> None:
        """Mark what has to be looked at."""
        self._insert("INSERT OR IGNORE INTO stale VALUES (?)", ((name,) for name in stems))

    def count_stale(self) -> int:
        """How many are marked."""
        return int(self._base.execute("SELECT count(*) FROM stale").fetchone()[0])

    def stale_rows(self) -> Iterator[Row]:
        """What is marked, by stem."""
        return self._rows("WHERE stem IN stale")

    def rows(self) -> Iterator[Row]:
        """Every original that either side knows of, by stem."""
        return self._rows("")

    def _rows(self, which: str) -> Iterator[Row]:
        select = "SELECT stem, key, etag, {} FROM {} {} ORDER BY stem, key"
        originals = self._base.execute(select.format("size", "original", which))
        objects = self._base.execute(select.format("NULL", "object", which))
        # Of one stem the original comes first: heapq.merge keeps the order of its arguments.
        tagged = heapq.merge(
            ((*row, True) for row in originals), ((*row, False) for row in objects), key=itemgetter(0)
        )
        for name, group in groupby(tagged, key=itemgetter(0)):
            key, etag, size, manifest = None, None, 0, None
            found: dict[str, str] = {}
            for _, its_key, its_etag, its_size, is_original in group:
                if is_original:
                    key, etag, size = its_key, its_etag, its_size
                elif its_key.startswith(MANIFESTS + "/"):
                    manifest = its_etag
                else:
                    found[its_key] = its_etag
            yield Row(name, key, etag, size, manifest, found)

    def _insert(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._base.execute("BEGIN")
        self._base.executemany(statement, rows)
        self._base.execute("COMMIT")


def digest(recipe: str, key: str, etag: str, manifest: str, objects: Mapping[str, str]) -> bytes:
    """Condense all that the listings show of one original, and the recipe's fingerprint."""
    parts = [recipe, key, etag, manifest]
    for name in sorted(objects):
        parts += (name, objects[name])
    # A length before each part, or parts that flow together could look the same.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
