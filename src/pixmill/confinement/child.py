"""The process that renders: forked, or a new interpreter that runs `main`; started by `process` alone.

Jobs come on standard input, answers go to standard output in the same order, and it ends when its input does.
What the first picture needs is loaded before that is looked at; then the door is shut.
"""

import importlib
import logging
import os
import signal
from functools import lru_cache

import msgspec

from pixmill import engine
from pixmill.confinement import door, frames, shortage
from pixmill.confinement.messages import Answer, Fault, Job, Made, Mistake, Ready, Setup, encoded, order
from pixmill.errors import Rejected
from pixmill.recipe import Recipe

# What the engine imports when a file of such a format comes, and what that imports in its turn.
_FOREIGN = (
    "PIL.AvifImagePlugin",
    "PIL.BmpImagePlugin",
    "PIL.IcoImagePlugin",
    "PIL.ImageOps",
    "PIL.TiffImagePlugin",
    "pi_heif",
)


def main() -> None:
    """Serve, in a process that was started for it."""
    door.die_with(os.getppid())
    serve()


def serve() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.disable()
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    jobs, answers = open(0, "rb", closefd=False), os.dup(1)  # noqa: SIM115 - open to the end
    # Whatever else prints must not end up between the answers.
    os.dup2(2, 1)
    # While the first original is still on its way.
    engine.load()
    setup = None
    while body := frames.read(jobs):
        message = order(body)
        if isinstance(message, Setup):
            setup = message
            _prepare(setup)
            answer: Answer = Ready(engine.versions())
        else:
            data = jobs.read(message.size)
            if setup is None or len(data) < message.size:
                return
            door.grant(setup.cpu)
            answer = _answer(message, data)
        _write(answers, frames.pack(encoded(answer)))


def _prepare(setup: Setup) -> None:
    if setup.foreign:
        for name in _FOREIGN:
            importlib.import_module(name)
    door.forget_environment()
    door.hold_to(setup.memory)
    door.shut()


def _answer(job: Job, data: bytes) -> Answer:
    try:
        return Made(engine.render(data, _recipe(job.recipe, job.room), only=job.only))
    except Exception as error:  # noqa: BLE001 - it is the parent's to say what it amounts to
        if shortage.is_shortage(error):
            os._exit(shortage.STATUS)
        if isinstance(error, Rejected):
            return Fault(error.code, error.message, error.hint)
        return Mistake(f"{type(error).__name__}: {error}")


@lru_cache(maxsize=1)
def _recipe(data: bytes, room: int | None) -> Recipe:
    recipe = Recipe.from_dict(msgspec.msgpack.decode(data))
    if room is None:
        return recipe
    return msgspec.structs.replace(recipe, limits=recipe.limits.within(room))


def _write(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]
