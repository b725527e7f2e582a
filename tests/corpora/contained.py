"""Work that may crash, hang or eat memory, done in a child of its own that is allowed only so much."""

import faulthandler
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import NamedTuple

SECONDS = 20
MEMORY = 1536 << 20

_NO_MEMORY = 77
_RAISED = 78
_CHUNK = 1 << 16


Say = Callable[[bytes], None]
"""How work tells something: one line at a time, so that what was said before a crash is known."""


class Ended(NamedTuple):
    """How a child ended.

    Attributes:
        said: lines that its work has said; after them what it raised, if it did.
        fault: nothing, "raised", "out of memory", "hung", or the signal that ended it.
    """

    said: list[bytes]
    fault: str


def contained(work: Callable[[Say], None]) -> Ended:
    """Do some work in a child and wait for it, not for ever."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        said, in_time = _read(reading, time.monotonic() + SECONDS)
    finally:
        os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return Ended(said.splitlines(), _fault(status) if in_time else "hung")


def _work(work: Callable[[Say], None], writing: int) -> None:
    """All that the child does. It never returns, whatever happens: it is a copy of its parent."""
    code = _RAISED
    try:
        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        work(lambda line: _write(writing, line + b"\n"))
        code = 0
    except MemoryError:
        code = _NO_MEMORY
    except BaseException:  # noqa: BLE001 - told to the parent, which makes it a verdict
        _write(writing, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def _read(pipe: int, deadline: float) -> tuple[bytes, bool]:
    said = b""
    while (left := deadline - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, _CHUNK)
            if not part:
                return said, True
            said += part
    return said, False


def _fault(status: int) -> str:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return "hung" if name in {"SIGXCPU", "SIGKILL"} else name
    return {0: "", _NO_MEMORY: "out of memory"}.get(os.WEXITSTATUS(status), "raised")
