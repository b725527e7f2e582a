"""One input given to one target, in a child that may crash, hang or eat memory; and several at once."""

import resource
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from tests.corpora.contained import MEMORY, SECONDS, Ended, Say, contained, peak

from fuzz.law import Broken
from fuzz.target import Target

Kind = Literal["crash", "hang", "over memory", "untyped", "wrong"]

MOST_MEMORY = MEMORY * 2 // 3
"""Bytes that a child may have had at a time; its limit is for the addresses that libraries only reserve."""

_ROOT = Path(__file__).parents[1]
_HUNG_AFTER = SECONDS * 3 // 4
_TRIES = 3


class Fault(msgspec.Struct, frozen=True):
    """What an input did that no input may do.

    Attributes:
        kind: of what it did.
        where: the same for two inputs that found the same mistake: the place, or the law.
        told: what else is known.
    """

    kind: Kind
    where: str
    told: str = ""


class Company(NamedTuple):
    """How a row of inputs went in one child.

    Attributes:
        done: how many of them went well, from the first.
        ended: how the child ended.
    """

    done: int
    ended: Ended


def tried(target: Target, data: bytes) -> Fault | None:
    """Give a target one input, alone."""
    fault = None
    for _ in range(_TRIES):
        begun = _cpu()
        ended = contained(lambda say: _give(target, data, say))
        fault = _judged(ended)
        # On a busy machine a child may have waited for all of its time; one that spins has not.
        if fault is None or fault.kind != "hang" or _cpu() - begun > _HUNG_AFTER:
            break
    return fault


def together(target: Target, inputs: Sequence[bytes]) -> Company:
    """Give a target several inputs in one child, up to the first with which anything is wrong.

    What is wrong is for `tried` to say: here one input may suffer from those before it.
    """

    def work(say: Say) -> None:
        for data in inputs:
            if _complaint(target, data):
                return
            say(b"well")

    ended = contained(work)
    return Company(ended.said.count(b"well"), ended)


def _give(target: Target, data: bytes, say: Say) -> None:
    fault = _complaint(target, data)
    if fault:
        say(msgspec.json.encode(fault))


def _complaint(target: Target, data: bytes) -> Fault | None:
    try:
        target.one(data)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - which ones may come out is what is tested
        return fault_of(error)
    most = peak()
    return Fault("over memory", "peak", f"{most >> 20} MiB") if most > MOST_MEMORY else None


def fault_of(error: BaseException) -> Fault:
    """What an exception amounts to that came out of a target."""
    told = "".join(traceback.format_exception(error))
    if isinstance(error, Broken):
        return Fault("wrong", str(error), told)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT / "src")]
    last = (own or frames)[-1]
    place = f"{Path(last.filename).name}:{last.name}"
    return Fault("untyped", f"{type(error).__name__} in {place}", told)


def _judged(ended: Ended) -> Fault | None:
    match ended.fault:
        case "":
            return msgspec.json.decode(ended.said[0], type=Fault) if ended.said else None
        case "hung":
            return Fault("hang", "hung")
        case "out of memory":
            return Fault("over memory", "refused")
        case "raised":
            return Fault("untyped", "child", b"\n".join(ended.said).decode(errors="replace"))
        case signal:
            return Fault("crash", signal)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def smaller(data: bytes, is_same: Callable[[bytes], bool], *, tries: int) -> bytes:
    """The same input without what is not needed for it to be one, as far as so many tries go."""
    size = max(1, len(data) // 2)
    while tries > 0:
        start, is_better = 0, False
        while start < len(data) and tries > 0:
            shorter = data[:start] + data[start + size :]
            tries -= 1
            if is_same(shorter):
                data, is_better = shorter, True
            else:
                start += size
        if size == 1 and not is_better:
            break
        size = max(1, size // 2)
    return data
