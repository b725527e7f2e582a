"""A process that has loaded the engine, and may from then on open no file and no connection: `python -m`.

The kernel ends it with SIGSYS as soon as anything in it, a C library included, tries. Standard input is the
pictures to warm up with, the pictures to render then, and what to do at last ("nothing", or "open" a file as
C libraries do, or have a "thread" do so that was there before); standard output is what came of each picture.
"""

import ctypes
import platform
import struct
import sys
import threading

import msgspec
from tests.engine.pictures import recipe

from pixmill import engine
from pixmill.errors import Rejected
from pixmill.recipe import Rendition

CALLS = {
    "x86_64": (2, 257, 437, 85, 41, 42, 59, 322),
    "aarch64": (56, 437, 198, 203, 221, 281),
}
"""The numbers of open, openat, openat2, creat, socket, connect, execve and execveat, where there are such."""

NOT_TO_BE_HAD = 77
"""The exit status where the kernel lets nobody confine itself."""

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL, _ALLOW = 0x00030000, 0x7FFF0000
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1
_RECIPE = recipe(
    Rendition(name="a", width=40, formats=("jpeg", "webp", "avif", "png", "original")),
    Rendition(name="b", width=20, height=20, fit="cover", formats=("jpeg",)),
)


class Job(msgspec.Struct):
    """What there is to do."""

    warm: list[bytes]
    pictures: list[bytes]
    then: str


class _Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def main() -> None:
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    for picture in job.warm:
        engine.render(picture, _RECIPE)
    libc = ctypes.CDLL(None, use_errno=True)
    now = threading.Event()
    older = threading.Thread(target=lambda: now.wait() and libc.fopen(b"/dev/null", b"r"), daemon=True)
    older.start()
    try:
        confine(libc)
    except OSError:
        sys.exit(NOT_TO_BE_HAD)
    for picture in job.pictures:
        try:
            engine.render(picture, _RECIPE)
        except Rejected as error:
            print(error.code, flush=True)  # noqa: T201 - that is how it tells
        else:
            print("made", flush=True)  # noqa: T201
    if job.then == "open":
        libc.fopen(b"/dev/null", b"r")
    if job.then == "thread":
        now.set()
        older.join()
    print("ended", flush=True)  # noqa: T201


def confine(libc: ctypes.CDLL) -> None:
    """Have the kernel look at every call from now on, of threads that are there as well."""
    calls = CALLS[platform.machine()]
    steps = [(_LOAD, 0, 0, 0)]
    steps += [(_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _KILL)]
    program = _Program(len(steps), b"".join(struct.pack("HBBI", *step) for step in steps))
    seccomp = _SECCOMP[platform.machine()]
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(
        seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(program)
    ):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    main()
