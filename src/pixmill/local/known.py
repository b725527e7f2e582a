"""What the source was last seen to hold, on disk, so that any number of originals takes little memory."""

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator

from pixmill.storage import Meta

# One temporary file that vanishes with the process; no durability is wanted of it.
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
CREATE TABLE known (key TEXT PRIMARY KEY, etag TEXT, size INTEGER) WITHOUT ROWID;
CREATE TABLE listed (key TEXT PRIMARY KEY, etag TEXT, size INTEGER) WITHOUT ROWID;
"""
_CHANGED = """
SELECT listed.key, listed.etag, listed.size FROM listed LEFT JOIN known USING (key)
WHERE known.etag IS NOT listed.etag
"""
_GONE = "SELECT key FROM known WHERE key NOT IN (SELECT key FROM listed)"
_ADOPT = """
BEGIN;
DELETE FROM known;
INSERT INTO known SELECT * FROM listed;
DELETE FROM listed;
COMMIT;
"""
_BATCH = 1000


class Known:
    """Key and etag of each original, as of the last look at it. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._base.close)
        self._base.executescript(_SCHEMA)

    def compare(self, listing: Iterable[Meta]) -> tuple[list[Meta], list[str]]:
        """Take in a listing of the whole source, whole or, if it breaks off, not at all.

        Returns:
            What is new or changed since the last look, and the keys that are gone.
        """
        with self._lock:
            self._list(listing)
            changed = [Meta(*row) for row in self._base.execute(_CHANGED)]
            gone = [row[0] for row in self._base.execute(_GONE)]
            self._adopt()
        return changed, gone

    def replace(self, listing: Iterable[Meta]) -> Iterator[Meta]:
        """Take in a listing without a word of what has changed, and pass it on."""
        with self._lock:
            self._list(listing)
            yield from (Meta(*row) for row in self._base.execute("SELECT * FROM listed"))
            self._adopt()

    def _list(self, listing: Iterable[Meta]) -> None:
        self._base.execute("BEGIN")
        self._base.execute("DELETE FROM listed")
        rows = ((meta.key, meta.etag, meta.size) for meta in listing)
        try:
            self._base.executemany("INSERT OR REPLACE INTO listed VALUES (?, ?, ?)", rows)
        finally:
            self._base.execute("COMMIT")

    def _adopt(self) -> None:
        self._base.executescript(_ADOPT)

    def note(self, key: str, meta: Meta | None) -> bool:
        """Take in a look at one key; whether it was something new."""
        with self._lock:
            found = self._base.execute("SELECT etag FROM known WHERE key = ?", (key,)).fetchone()
            if meta is None:
                self._base.execute("DELETE FROM known WHERE key = ?", (key,))
            else:
                self._base.execute(
                    "INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (key, meta.etag, meta.size)
                )
        return (found and found[0]) != (meta and meta.etag)

    def below(self, folder: str) -> Iterator[str]:
        """The keys in a folder such as "cats/", as of now."""
        after = folder
        while True:
            with self._lock:
                # U+0030 is what follows a slash.
                rows = self._base.execute(
                    "SELECT key FROM known WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
                    (after, folder[:-1] + "0", _BATCH),
                ).fetchall()
            for (key,) in rows:
                yield key
            if len(rows) < _BATCH:
                return
            after = rows[-1][0]
