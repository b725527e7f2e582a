"""Work that may crash, hang or eat memory, done in a child of its own that is allowed only so much."""

import faulthandler
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SECONDS = 20
MEMORY = 1536 << 20
"""Bytes of addresses, beyond those that the child has from its parent."""

_NO_MEMORY = 77
_RAISED = 78
_CHUNK = 1 << 16


_at_first = 0

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
    _wait_for_libvips()
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


def _wait_for_libvips() -> None:
    """Until it has let go of its threads, which it does some 15 seconds after its last picture.

    A child has none of its parent's threads, but libvips would count on them there.
    """
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and any(map(_is_of_libvips, Path("/proc/self/task").iterdir())):
        time.sleep(0.1)


def _is_of_libvips(thread: Path) -> bool:
    try:
        return (thread / "comm").read_text("utf-8").startswith("libvips")
    except FileNotFoundError:  # it has just ended
        return False


def peak() -> int:
    """The most bytes of memory that this child has held, beyond those that it had from its parent."""
    return _status("VmHWM") - _at_first


def _status(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - Path would not be quicker
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name + ":"))


def _work(work: Callable[[Say], None], writing: int) -> None:
    """All that the child does. It never returns, whatever happens: it is a copy of its parent."""
    code = _RAISED
    try:
        faulthandler.disable()
        global _at_first  # noqa: PLW0603 - the child's own
        # The peak so far was the parent's: proc(5). A kernel without this counts only what is beyond it.
        with suppress(OSError), open("/proc/self/clear_refs", "wb") as file:  # noqa: PTH123 - likewise
            file.write(b"5")
        _at_first = _status("VmHWM")
        most = _status("VmSize") + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
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
