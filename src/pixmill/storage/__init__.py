"""Where originals come from and renditions go: folders and buckets behind a few verbs."""

from pixmill.storage.location import open_store, overlap
from pixmill.storage.store import ANY, DRAWER, SOURCE_ETAG, STATE, Conflict, Expected, Meta, Opened, Store

__all__ = [
    "ANY",
    "DRAWER",
    "SOURCE_ETAG",
    "STATE",
    "Conflict",
    "Expected",
    "Meta",
    "Opened",
    "Store",
    "open_store",
    "overlap",
]
