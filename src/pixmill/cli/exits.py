"""What each exit status means. docs/cli.md says the same."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses of every command."""

    WELL = 0
    """All is done. Rejected originals of a sync are recorded results and do not change that."""

    FAILED = 1
    """Something could not be done: an original failed, or the one picture that was named was rejected."""

    REFUSED = 2
    """The request itself was wrong: an option, a recipe, a place. Nothing was done."""

    INTERRUPTED = 130
    """Ctrl-C. What was done until then stays."""

    UNHEARD = 141
    """Whoever read the output has gone."""
