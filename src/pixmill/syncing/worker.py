"""A worker process: `python -m pixmill.syncing.worker`, started by `processes` and by nobody else.

It reads jobs from its standard input, answers on its standard output in the same order, and ends when the
input does. It must not outlive its parent: on Linux the kernel sees to that.
"""

import logging
import os
import signal
import sys
from typing import Any

from pixmill import engine
from pixmill.confinement import door, shortage
from pixmill.errors import PixmillError
from pixmill.recipe import Recipe
from pixmill.storage import open_store
from pixmill.syncing import wire
from pixmill.syncing.work import Bench, Done, Failure, Job, Ready, Setup


def main() -> int:
    """Serve until the input ends."""
    door.die_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    logging.disable()
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever else prints must not end up between the messages.
    os.dup2(2, 1)

    def say(message: wire.Message) -> None:
        answers.write(wire.pack(message))
        answers.flush()

    setup = wire.read(jobs)
    if not isinstance(setup, Setup) or setup.allowance is None:
        return 1
    try:
        bench = Bench(
            open_store(setup.source),
            open_store(setup.destination, create=True),
            Recipe.from_dict(setup.recipe),
            dry_run=False,
            render=_render,
        )
    except PixmillError as error:
        say(Failure("", error.code, error.message, error.hint))
        return 1
    engine.load()  # what it takes does not count
    door.hold_to(setup.allowance.memory)
    say(Ready())
    while isinstance(job := wire.read(jobs), Job):
        door.grant(setup.allowance.cpu)
        result = bench.do(job)
        say(result if isinstance(result, Failure) else Done(result))
    return 0


def _render(data: bytes, recipe: Recipe, **options: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
    try:
        return engine.render(data, recipe, **options)
    except Exception as error:
        if shortage.is_shortage(error):
            # Whoever comes next in this process may get none either.
            os._exit(shortage.STATUS)
        raise


if __name__ == "__main__":
    sys.exit(main())
