"""Reconcile a whole source: list both sides, do only what is missing, stale or orphaned.

Nothing is believed that a listing or a manifest does not show, so a sync may be killed at any moment: what
is written is whole, and the next sync does the rest.

Each name is imported when it is first asked for: a worker process is imported as a part of this package, and
has no use for listings and for other processes.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixmill.reconcile import Outcome
    from pixmill.syncing.run import sync
    from pixmill.syncing.summary import Progress, Summary
    from pixmill.syncing.work import Failure, Result

__all__ = ["Failure", "Outcome", "Progress", "Result", "Summary", "sync"]

_HOMES = {
    "Failure": "work",
    "Outcome": "work",
    "Progress": "summary",
    "Result": "work",
    "Summary": "summary",
    "sync": "run",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
