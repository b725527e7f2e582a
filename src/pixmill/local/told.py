"""What following tells while it goes on."""

from collections.abc import Mapping
from typing import NamedTuple

from pixmill.errors import PixmillError
from pixmill.storage import Meta
from pixmill.syncing.work import Result


class Seen(NamedTuple):
    """An original, as both listings show it.

    Attributes:
        original: in the source.
        manifest: the etag of its manifest; None if it has none.
        objects: key and etag of each of its renditions.
        current: whether nothing is to be done.
    """

    original: Meta
    manifest: str | None
    objects: Mapping[str, str]
    current: bool


class Told:
    """Is told of each step, from several threads; this one keeps it to itself."""

    def surveying(self) -> None:
        """Both sides are listed anew, from here on until `surveyed`."""

    def seen(self, seen: Seen) -> None:
        """A listing shows an original."""

    def surveyed(self) -> None:
        """What was not seen since `surveying` is not there."""

    def noticed(self, original: Meta) -> None:
        """An original is new or has changed, and waits to be worked on."""

    def begun(self, key: str) -> None:
        """A worker has it."""

    def done(self, key: str, result: Result) -> None:
        """A worker has answered."""

    def rested(self) -> None:
        """Nothing is left to do for now."""

    def troubled(self, error: PixmillError) -> None:
        """Following could not go on; it tries again by itself."""
