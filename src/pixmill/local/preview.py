"""What a recipe would make of one original, without a trace in the destination.

It is the same work by the same worker processes as ever, into a folder that is gone afterwards. The files
stay in memory, those of the last few previews.
"""

import secrets
import tempfile
import threading
from collections import OrderedDict
from contextlib import closing
from typing import Any, NamedTuple

from pixmill.errors import Refused
from pixmill.keys import is_litter
from pixmill.local.answers import not_found
from pixmill.manifest import Entry
from pixmill.recipe import Recipe
from pixmill.storage import Store
from pixmill.storage.folder import FolderStore
from pixmill.syncing.processes import Crew
from pixmill.syncing.work import Bench, Failure, Job, Result, Setup

_KEPT = 6  # previews
_MOST = 64 << 20  # bytes of files that are kept, beyond those of the latest preview


class File(NamedTuple):
    """One file of a preview.

    Attributes:
        data: its bytes.
        media_type: what they are.
        name: what it would be called.
    """

    data: bytes
    media_type: str
    name: str


class Previews:
    """Makes previews, one at a time, and keeps the latest.

    Args:
        source: where originals are.
    """

    def __init__(self, source: Store) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, list[File]] = OrderedDict()

    def make(self, key: str, recipe: Recipe) -> dict[str, Any]:
        """Render one original under a recipe.

        Raises:
            Refused: "not-found".
            Failed: the original cannot be read, or no worker can be started.
        """
        meta = None if is_litter(key) else self._source.head(key)
        if meta is None:
            raise not_found(f"There is no original {key}.")
        with self._lock, tempfile.TemporaryDirectory(prefix="pixmill-preview-") as folder:
            store = FolderStore(folder)
            result = self._result(Job(key, {}, meta.size), store, recipe)
            return self._told(result, store)

    def file(self, name: str, number: int) -> File:
        """One file of a preview.

        Raises:
            Refused: "not-found": it is not kept any more.
        """
        files = self._kept.get(name, [])
        if not 0 <= number < len(files):
            raise not_found("This preview is not kept any more.")
        return files[number]

    def _result(self, job: Job, store: FolderStore, recipe: Recipe) -> Result:
        bench = Bench(self._source, store, recipe, dry_run=False)
        setup = Setup(self._source.location or "", store.location, recipe.to_dict())
        with closing(Crew(setup, 1, (), bench.reject).run([job])) as results:
            return next(results)

    def _told(self, result: Result, store: FolderStore) -> dict[str, Any]:
        if isinstance(result, Failure):
            reason = {"code": result.code, "message": result.message, "hint": result.hint}
            return {"outputs": [], "timings_ms": {}, "reason": reason}
        manifest = result.manifest
        if manifest is None:
            raise Refused("not-found", f"{result.key} was removed meanwhile.")
        if manifest.reason:
            return {"outputs": [], "timings_ms": {}, "reason": manifest.reason}
        name = secrets.token_hex(8)
        files: list[File] = []
        outputs = [self._output(entry, store, name, files) for entry in manifest.renditions]
        self._keep(name, files)
        return {"outputs": outputs, "timings_ms": manifest.timings_ms, "reason": None}

    def _output(self, entry: Entry, store: FolderStore, name: str, files: list[File]) -> dict[str, Any]:
        found = store.get(entry.key) if entry.key else None
        url = None
        if found and entry.key and entry.media_type:
            url = f"/files/preview/{name}/{len(files)}"
            files.append(File(found[1], entry.media_type, entry.key.rpartition("/")[2]))
        return {
            "rendition": entry.rendition,
            "format": entry.format,
            "width": entry.width,
            "height": entry.height,
            "bytes": entry.bytes,
            "media_type": entry.media_type,
            "frames": entry.frames,
            "notes": entry.notes,
            "url": url,
            "reason": entry.reason,
        }

    def _keep(self, name: str, files: list[File]) -> None:
        self._kept[name] = files
        while len(self._kept) > 1 and (len(self._kept) > _KEPT or self._size() > _MOST):
            self._kept.popitem(last=False)

    def _size(self) -> int:
        return sum(len(file.data) for files in self._kept.values() for file in files)
