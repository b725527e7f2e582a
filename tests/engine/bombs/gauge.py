"""What rejecting a file takes, measured in a child: CPU time, and memory over what the process had before."""

import re
import resource
from pathlib import Path

import msgspec
from tests.corpora.contained import Say, contained

from pixmill import engine
from pixmill.errors import Rejected
from pixmill.recipe import Recipe

MOST_SECONDS = 2
"""Of CPU: ten times what is promised, since a busy machine may take its time. More ends the child."""


class Reading(msgspec.Struct):
    """What one file took.

    Attributes:
        name: of the bomb.
        size: of the file, in bytes.
        code: of its rejection, "made", or how the child ended.
        milliseconds: of CPU.
        megabytes: at the most, beyond those from before; the file's own bytes do not count.
    """

    name: str
    size: int
    code: str
    milliseconds: float
    megabytes: float


def reading(name: str, data: bytes) -> Reading:
    """Have a file rejected in a child of its own."""
    engine.load()  # a worker has it by then
    ended = contained(lambda say: _measure(name, data, say))
    if ended.fault or not ended.said:
        return Reading(name, len(data), ended.fault or "silent", 0, 0)
    return msgspec.json.decode(ended.said[0], type=Reading)


def _measure(name: str, data: bytes, say: Say) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    # The peak of a process that was forked begins with what it has.
    before, begun = _kilobytes("VmRSS"), _cpu()
    try:
        engine.render(data, Recipe.default())
    except Rejected as error:
        code = error.code
    else:
        code = "made"
    took, grown = _cpu() - begun, _kilobytes("VmHWM") - before
    say(msgspec.json.encode(Reading(name, len(data), code, round(1000 * took, 1), round(grown / 1000, 1))))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _kilobytes(field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    assert found
    return int(found[1])
