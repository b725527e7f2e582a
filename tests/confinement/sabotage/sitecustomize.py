"""An engine that misbehaves on pictures that ask for it: Python runs a module of this name when it starts.

A picture asks with what stands behind its last "EVIL:". Everything is imported here, since it will not be
possible later.
"""

import ctypes
import itertools
import os
import signal
import time
from typing import Any, NoReturn

from pixmill import engine

LIBC = ctypes.CDLL(None)
LIBC.malloc.restype = ctypes.c_void_p
true_render = engine.render


def segfault() -> NoReturn:
    ctypes.string_at(0)
    raise AssertionError


def abort() -> NoReturn:
    os.abort()


def spin() -> NoReturn:
    while True:
        pass


def spin_in_c() -> NoReturn:
    raise AssertionError(sum(itertools.repeat(0)))


def sleep() -> NoReturn:
    while True:
        time.sleep(60)


def eat() -> NoReturn:
    raise AssertionError([bytearray(1 << 20) for _ in itertools.count()])


def eat_in_c() -> NoReturn:
    """As most decoders do it: without a look at whether there was any."""
    while True:
        ctypes.memset(LIBC.malloc(1 << 20), 1, 1 << 20)


def leave() -> NoReturn:
    os._exit(0)


def be_killed() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def babble() -> None:
    """Rubbish to whoever listens, and then a true answer."""
    for descriptor in range(10):
        try:
            os.write(descriptor, b"rubbish")
        except OSError:
            continue


def open_file() -> NoReturn:
    with open("/proc/self/environ", "rb") as file:  # noqa: PTH123 - as a decoder would
        raise RuntimeError(file.read())


def reach_out() -> NoReturn:
    raise RuntimeError(LIBC.socket(2, 1, 0))


EVIL = {
    each.__name__: each
    for each in (
        *(segfault, abort, spin, spin_in_c, sleep, eat, eat_in_c, leave, babble),
        *(be_killed, open_file, reach_out),
    )
}


def render(data: bytes, *rest: Any, **more: Any) -> engine.Rendered:  # noqa: ANN401 - passed on
    _, asked, name = data.rpartition(b"EVIL:")
    if asked:
        EVIL[name.decode()]()
    return true_render(data, *rest, **more)


engine.render = render
