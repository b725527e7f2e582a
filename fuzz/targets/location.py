"""Locations: any text is a place that can be opened, or is refused; a place that was opened opens again."""

from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.errors import Failed, Refused
from pixmill.storage import Store, open_store, overlap


def one(data: bytes) -> None:
    """Nothing is written and nothing is sent: a store only knows where it is."""
    text = data.decode("utf-8", "surrogateescape")
    for create in (False, True):
        store = _opened(text, create=create)
        if store is not None and store.location is not None:
            again = _opened(store.location, create=create)
            hold(
                again is not None and again.location == store.location, "a place that was opened opens again"
            )
            hold(again is not None and overlap(store, again), "a place overlaps with itself")


def _opened(text: str, *, create: bool) -> Store | None:
    try:
        return open_store(text, create=create)
    except (Refused, Failed) as error:
        hold(error.message and "\ud800" not in error.message, "a place that is refused is named")
        error.message.encode()
        return None


_LOCATIONS = (
    "s3://bucket/folder?endpoint=http://127.0.0.1:9000&region=eu-central-1",
    "s3://bucket/a%20b/c#d?kms=alias/pixmill",
    "s3://bucket?kms=arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012",
    "gs://bucket/folder?endpoint=http://[::1]:80",
    "az://container/folder?account=name&endpoint=https://127.0.0.1/x",
    "memory://",
    "file:///nowhere/a%20b",
    "file://localhost/nowhere",
    "/nowhere",
    "C:\\photos",
    "relative/folder",
    "s4://bucket",
    "s3:/bucket",
)
_TOKENS = (
    "s3://", "gs://", "az://", "memory://", "file://", "file:", "?", "&", "=", "#", "%", "%2F", "%00", "//",
    "/../", "endpoint=", "region=", "kms=", "account=", "http://", ":65536", "@", "[::1]",
    "\0", "\n", " ", "é", "..",
)  # fmt: skip

TARGET = Target(
    "location",
    one,
    lambda: [Seed(text.encode(), TEXT) for text in _LOCATIONS],
    (*(token.encode() for token in _TOKENS), b"\xff"),
)
