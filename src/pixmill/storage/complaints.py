"""What can go wrong with a bucket, in Pixmill's words, whichever library it was that failed."""

from pixmill.errors import Failed, Refused

_KINDS = "empty, '.' and '..' segments and control characters"
_UNSUPPORTED = f"Pixmill does not support {_KINDS} in the keys of such a bucket."
_NEEDED = f"Keys with {_KINDS} are reached over botocore, which is not installed."
_INSTALL = "Install it: pip install 'pixmill[s3]'."


class Complaints:
    """The errors of one bucket.

    Args:
        place: what to call it, such as "s3://photos/2026".
        hint: what to do when access is refused; the error code's own hint if left out.
        explicit: whether there is a path to keys that obstore cannot name.
    """

    def __init__(self, place: str, hint: str | None = None, *, explicit: bool = False) -> None:
        self.place = place
        self._hint = hint
        self._explicit = explicit

    def at(self, key: str) -> str:
        """What to call an object in it, or the bucket itself if the key is empty."""
        return f"{self.place.rstrip('/')}/{key}" if key else self.place

    def no_bucket(self) -> Refused:
        """The bucket is not there."""
        return Refused(
            "invalid-location",
            f"{self.place}: there is no such bucket.",
            hint="Create it, or check its name, its region and the endpoint.",
        )

    def no_credentials(self, key: str) -> Failed:
        """Nothing is known to sign requests with."""
        return Failed("permission-denied", f"{self.at(key)}: no credentials were found.", hint=self._hint)

    def denied(self, key: str, detail: str) -> Failed:
        """The credentials do not suffice."""
        return Failed("permission-denied", f"{self.at(key)}: {detail}", hint=self._hint)

    def unavailable(self, key: str, detail: str) -> Failed:
        """Anything else."""
        return Failed("storage-unavailable", f"{self.at(key)}: {detail}")

    def unspeakable(self, key: str) -> Failed:
        """No library that is here can name the key."""
        return Failed(
            "storage-unavailable",
            f"{self.place}: the key {key!r} is out of reach. {_NEEDED if self._explicit else _UNSUPPORTED}",
            hint=_INSTALL if self._explicit else "Rename the object.",
        )

    def unlistable(self, detail: str) -> Failed:
        """There is such a key somewhere."""
        rename = "Rename that object, or choose a folder of the bucket without it."
        return Failed(
            "storage-unavailable",
            f"{self.place} cannot be listed: {detail} {_NEEDED if self._explicit else _UNSUPPORTED}",
            hint=_INSTALL if self._explicit else rename,
        )

    def short(self, key: str, arrived: int, size: int) -> Failed:
        """A body ended before it was whole."""
        return self.unavailable(key, f"{arrived} of {size} bytes arrived.")

    def no_etags(self) -> Failed:
        """The server speaks another dialect."""
        return self.unavailable("", "its objects have no entity tags; Pixmill needs them.")
