"""The lightbox: follow a source as it changes, and a page on this machine that shows it.

`follow` keeps a destination in line with its source for as long as it runs; `server` shows that in a browser.
What both need beyond Pixmill itself is the extra `local`, which is loaded by the modules below and not here.
"""

from importlib.util import find_spec

from pixmill.errors import Refused

__all__ = ["POLL", "PORT", "require"]

PORT = 8765
"""Where the page is, unless said otherwise."""

POLL = 30.0
"""Seconds between listings of a source that is no folder, unless said otherwise."""


def require(*packages: str) -> None:
    """See that packages of the extra are here.

    Raises:
        Refused: `package-missing`.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise Refused("package-missing", f"This command needs {', '.join(missing)}: not installed here.")
