"""Manifests in the destination, as they are now."""

from pixmill.keys import manifest_key
from pixmill.manifest import Manifest, Unreadable
from pixmill.storage import Store


def manifest_of(key: str, destination: Store) -> Manifest | None:
    """The manifest of an original; None if it has none that can be read."""
    found = destination.get(manifest_key(key))
    try:
        manifest = Manifest.from_json(found[1]) if found else None
    except Unreadable:
        return None
    return manifest if manifest and manifest.source.key == key else None
