"""One job of a sync: what goes to a worker, what comes back, and the doing of it."""

import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from pixmill import engine
from pixmill.confinement import Allowance
from pixmill.errors import CODES, PixmillError, Rejected
from pixmill.recipe import Recipe
from pixmill.reconcile import AtOnce, Outcome, Render, in_turn, reconcile
from pixmill.storage import Store

_CALLS = 8  # storage calls at once over a network; a recipe seldom has more files for one original


class Job(msgspec.Struct, frozen=True, tag="job"):
    """Reconcile one key.

    Attributes:
        key: the original's key.
        seen: key and etag of each of its objects in the destination, as just listed.
        size: of the original in bytes; 0 if it is gone.
    """

    key: str
    seen: dict[str, str]
    size: int


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A key that could not be reconciled this time; nothing is lost, the next sync tries again.

    Attributes:
        key: the original's key.
        code: see `pixmill explain`.
        message: what happened.
        hint: what to do.
        trace: where, if it is Pixmill's own mistake.
    """

    key: str
    code: str
    message: str
    hint: str
    trace: str = ""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """An outcome, on its way between processes."""

    outcome: Outcome


class Setup(msgspec.Struct, frozen=True, tag="setup"):
    """What a worker process must know before its first job; what an original may cost, its crew adds."""

    source: str
    destination: str
    recipe: dict[str, Any]
    allowance: Allowance | None = None


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """A worker's word that it could set itself up."""


Result = Outcome | Failure


class Bench:
    """The fixed circumstances of all jobs of a sync."""

    def __init__(
        self,
        source: Store,
        destination: Store,
        recipe: Recipe,
        *,
        dry_run: bool,
        render: Render = engine.render,
    ) -> None:
        self._source = source
        self._destination = destination
        self._recipe = recipe
        self._dry_run = dry_run
        self._render = render
        remote = any("://" in (store.location or "") for store in (source, destination))
        # Threads begin with the first call that needs them, and end with the process.
        self._together = AtOnce(ThreadPoolExecutor(_CALLS)) if remote else in_turn

    def do(self, job: Job) -> Result:
        """Reconcile, and turn what goes wrong into a `Failure`: one original must not stop the others."""
        try:
            return self._reconcile(job.key, job.seen, self._render)
        except PixmillError as error:
            return Failure(job.key, error.code, error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - a bug on one file is reported, and the other files are done
            code = CODES["internal-error"]
            message = f"{code.meaning} {type(error).__name__}: {error}"
            return Failure(job.key, code.name, message, code.hint, traceback.format_exc())

    def reject(self, job: Job, rejection: Rejected) -> Result:
        """Record that an original was found at fault without the engine's having lived to say so."""

        def render(*_: object, **__: object) -> Any:  # noqa: ANN401 - never returns
            raise rejection

        try:
            return self._reconcile(job.key, job.seen, render)
        except PixmillError as error:
            return Failure(job.key, error.code, error.message, error.hint)

    def _reconcile(self, key: str, seen: Mapping[str, str], render: Render) -> Outcome:
        return reconcile(
            key,
            source=self._source,
            destination=self._destination,
            recipe=self._recipe,
            seen=seen,
            dry_run=self._dry_run,
            together=self._together,
            render=render,
        )
