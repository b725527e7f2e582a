"""What a process gives up before it sees a picture. Nothing of it can be taken back."""

import math
import os
import resource
import signal
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_ON_LINUX = sys.platform == "linux"

KEPT = frozenset(
    (
        *("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "VIPS_CONCURRENCY"),
        *("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"),
    )
)
"""The variables of the environment that a renderer may know."""


def die_with(parent: int) -> None:
    """End when the thread does that has started this process, even in the middle of a decoder."""
    if not _ON_LINUX:
        return
    _ctypes().CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)


def hold_to(memory: int) -> None:
    """Take no more than so many bytes of memory beyond those taken now, and leave no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _ON_LINUX:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - Path would not be quicker
            most = int(file.read().split()[0]) * resource.getpagesize() + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def grant(cpu: float) -> None:
    """From now on, run for so many seconds of the processor; then SIGXCPU comes."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time() + cpu)
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def shut() -> None:
    """Open nothing more, write to no file, and gain no rights by starting a program."""
    if _ON_LINUX:
        _ctypes().CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def forget_environment() -> None:
    """Overwrite the environment's values, wherever this process has them, but for those that it may know.

    To remove a variable would only remove what points to it.
    """
    ctypes = _ctypes()
    libc = ctypes.CDLL(None)
    libc.strlen.restype = libc.strcspn.restype = ctypes.c_size_t
    block = ctypes.POINTER(ctypes.c_void_p).in_dll(libc, "environ")
    number = 0
    while address := block[number]:
        at = ctypes.c_void_p(address)
        # No copy of the value, which would stay in memory.
        name = ctypes.string_at(address, libc.strcspn(at, b"="))
        if os.fsdecode(name) not in KEPT:
            ctypes.memset(at, 0, libc.strlen(at))
        number += 1
    for name, value in list(os.environb.items()):
        if os.fsdecode(name) not in KEPT:
            # Python's own copy. A single byte is an object that others share.
            if len(value) > 1:
                libc.memset(value, 0, ctypes.c_size_t(len(value)))
            del os.environb[name]


def _ctypes() -> Any:  # noqa: ANN401 - a module
    # Children alone need it, and a cold start does not wait for them.
    import ctypes  # noqa: PLC0415

    return ctypes
