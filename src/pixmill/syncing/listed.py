"""What follows from the listings of both sides, for whoever has them in a ledger."""

from pixmill.errors import Refused
from pixmill.keys import MANIFESTS
from pixmill.manifest import Manifest, Unreadable
from pixmill.recipe import Recipe
from pixmill.reconcile import Outcome
from pixmill.storage import Store
from pixmill.syncing.ledger import Ledger, Row, digest
from pixmill.syncing.work import Job


def refuse_strangers(ledger: Ledger, destination: Store) -> None:
    """Where Pixmill has never been: what no manifest names and we did not make is somebody else's.

    Raises:
        Refused: "foreign-objects".
    """
    for row in ledger.rows():
        if row.manifest is None:
            for key in row.objects:
                if not destination.made_by_us(key):
                    raise Refused(
                        "foreign-objects", f"{key} is where renditions would go, and Pixmill did not make it."
                    )


def seal(row: Row, recipe: Recipe) -> bytes | None:
    """By what an original is known again as it stands; None if it is not all there."""
    if row.key is None or row.etag is None or row.manifest is None:
        return None
    return digest(recipe.fingerprint, row.key, row.etag, row.manifest, row.objects)


def seal_of(outcome: Outcome, recipe: Recipe) -> bytes:
    """The seal of what was just verified or made, as a listing will show it; empty if there is none."""
    if outcome.manifest is None or outcome.manifest_etag is None:
        return b""
    source = outcome.manifest.source
    return digest(recipe.fingerprint, source.key, source.etag, outcome.manifest_etag, outcome.objects)


def job_for(row: Row, destination: Store) -> Job:
    """What is to be done about a row. The key of an original that is gone is told by its manifest."""
    return Job(row.key or _orphan_key(row, destination), dict(row.objects), row.size)


def _orphan_key(row: Row, destination: Store) -> str:
    """Without a manifest that can be read, the stem leads to its objects as well."""
    found = destination.get(f"{MANIFESTS}/{row.stem}.json") if row.manifest else None
    try:
        return Manifest.from_json(found[1]).source.key if found else row.stem
    except Unreadable:
        return row.stem
