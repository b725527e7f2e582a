"""Which libraries make the pictures, for the manifest."""

from collections.abc import Mapping

_known: dict[str, str] = {}


def versions() -> dict[str, str]:
    """The version of libvips: as it was told, or else by loading it."""
    if not _known:
        from pixmill.engine import vips  # noqa: PLC0415 - who is told has no need of it

        tell(vips.versions())
    return dict(_known)


def tell(versions: Mapping[str, str]) -> None:
    """Take it from another process of the same installation."""
    _known.update(versions)
